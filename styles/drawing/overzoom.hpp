// SPDX-License-Identifier: Apache-2.0
// Levels that do not reach everywhere: where one has no tiles, the next coarser one that has is enlarged.
#pragma once

#include "styles/drawing/mosaic.hpp"

namespace ardoise {

/// The pixels under `window`: the level's own where they are data, and elsewhere those of coarser levels,
/// enlarged. These fill tiles that are not stored; of a level that coarser ones reach beyond
/// (Pyramid::is_partial) also what of its tiles is no data, where all around is data below. Where every pixel
/// is data it is mosaic(), at no further cost. Throws Failure when a slab is damaged.
MaskedRaster filled_mosaic(CachedPyramid const& cached, Level const& level, LevelWindow window,
                           Caches& caches);

/// The level that shows what `wanted` lacks after `level` has been asked: the next coarser one. Null where
/// there is none, or where its pixels are larger than the tiles that are lacking: those at the edge of the
/// data would lap over.
Level const* next_coarser(Pyramid const& pyramid, Level const& level, Level const& wanted);

/// Whether the edges of a level's tiles are edges of pixels of a coarser one, as in quadtrees: then a tile
/// without any data has none below either.
bool tiles_fit_pixels(TileMatrix const& fine, TileMatrix const& coarse);

/// A tile that is not stored, encoded as those are that are, and as clients get them; null where coarser
/// levels have no data either. Takes time: for threads of Work.
std::shared_ptr<Bytes const> fill_tile(CachedPyramid const& cached, Level const& level, TileIndex tile,
                                       Caches& caches);

/// Values in the format that the pyramid stores, as clients get them; nodata where there is no data.
Bytes encode_as_stored(MaskedRaster values, Pyramid const& pyramid);

} // namespace ardoise
