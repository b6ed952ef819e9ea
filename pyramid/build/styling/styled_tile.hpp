// SPDX-License-Identifier: Apache-2.0
// A picture that a style has made of a tile, as it is stored.
#pragma once

#include "pyramid/build/tile_encoder.hpp"
#include "styles/style.hpp"

namespace ardoise {

/// How many channels the pictures of such a pyramid have in that style.
std::int32_t channels_in(Style const& style, Pyramid const& pyramid);

/// The same of the pyramid that pictures of `channels` are stored in: PNG and WebP have an alpha, unless the
/// style leaves nothing open.
std::int32_t stored_channels(TileFormat const& format, Style const& style, std::int32_t channels);

/// Immutable; safe to share between threads.
class StyledTileEncoder {
public:
    /// `pyramid` is the one that tiles are stored in.
    StyledTileEncoder(Pyramid const& pyramid, Style const& style, int quality);

    /// Every picture becomes a tile, as where there is none coarser ones are shown. In PNG and WebP nothing
    /// is seen of what is no data: a tile without such has no alpha, and of grey alone one channel. In others
    /// the mask says so, as in pyramids that are built of sources. Colours that stand for numbers or classes
    /// lose nothing; `quality` is for JPEG and WebP of others.
    EncodedTile encode(std::size_t level, TileIndex tile, MaskedRaster picture) const;

private:
    EncodedTile encode_seen(std::size_t level, TileIndex tile, Raster seen) const;
    Bytes encode_pixels(RasterView pixels) const;

    TileFormat format_;
    bool has_exact_colours_, has_alpha_;
    int quality_;
    TileEncoder plain_;
};

} // namespace ardoise
