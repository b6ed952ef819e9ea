// SPDX-License-Identifier: Apache-2.0
// A slab's pixels from the sources, and a slab's bytes from its pixels.
#pragma once

#include "pyramid/build/mosaic.hpp"
#include "pyramid/raster/resample.hpp"
#include "pyramid/store/slab_layout.hpp"

#include <optional>
#include <span>

namespace ardoise {

/// The pixels of the ground that `layout` lies on: a straight copy where a mosaic's grid is the target's, one
/// warp where it is not. Later mosaics lie over earlier ones. `layout` says where and how large; `bands`
/// which bands are read.
MaskedRaster bake(std::vector<Mosaic> const& mosaics, SourceReader& reader, SlabLayout const& layout,
                  Crs const& crs, std::span<int const> bands, Resampling resampling);

/// The files of one slab; no data: nothing is there, and no file is needed.
struct SlabFiles {
    std::optional<Bytes> data;
    std::optional<Bytes> mask; // where some tile is not all data
};

/// Encodes the tiles of one product. `channels` picks the product's channels among those of `slab`; where
/// nothing is valid the pixels get `nodata`.
SlabFiles encode_slab(MaskedView slab, SlabLayout const& layout, std::span<int const> channels,
                      std::span<double const> nodata, int quality);

} // namespace ardoise
