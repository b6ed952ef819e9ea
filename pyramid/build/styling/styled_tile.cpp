// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/styling/styled_tile.hpp"

#include "styles/drawing/picture.hpp"

#include <numeric>
#include <utility>

namespace ardoise {

namespace {

bool holds_alpha(TileFormat const& format)
{
    return format.compression == TileCompression::png || format.compression == TileCompression::webp;
}

std::vector<int> all_channels(Pyramid const& pyramid)
{
    std::vector<int> channels(static_cast<std::size_t>(pyramid.channels));
    std::iota(channels.begin(), channels.end(), 0);
    return channels;
}

/// Which pixels of a picture with alpha are seen at all; no pixels where all are. How far each is seen, its
/// alpha tells.
Raster seen_at_all(RasterView picture)
{
    auto const& [width, height, channels, type] = picture.shape;
    Raster seen{{width, height}};
    bool is_whole = true;
    for (std::int32_t y = 0; y < height; ++y) {
        auto const* alpha = picture.row(y) + channels - 1;
        auto* to = seen.row(y);
        for (std::int32_t x = 0; x < width; ++x, alpha += channels) {
            to[x] = *alpha > 0 ? 255 : 0;
            is_whole = is_whole && *alpha > 0;
        }
    }
    return is_whole ? Raster{} : std::move(seen);
}

} // namespace

std::int32_t channels_in(Style const& style, Pyramid const& pyramid)
{
    auto const margin = reach(style), side = 1 + 2 * margin;
    MaskedRaster pixel{{side, side, pyramid.channels, pyramid.format.type}};
    return picture_of(pyramid, style, std::move(pixel), {.margin = margin, .rows = {}})
        .pixels.shape()
        .channels;
}

std::int32_t stored_channels(TileFormat const& format, Style const& style, std::int32_t channels)
{
    if (!holds_alpha(format))
        return channels;
    return style.encodes_values() ? 3 : 4;
}

StyledTileEncoder::StyledTileEncoder(Pyramid const& pyramid, Style const& style, int quality)
    : format_{pyramid.format}, has_exact_colours_{style.encodes_values() || style.shows_classes()},
      has_alpha_{holds_alpha(format_)}, quality_{quality}, plain_{pyramid, all_channels(pyramid), quality}
{
}

EncodedTile StyledTileEncoder::encode(std::size_t level, TileIndex tile, MaskedRaster picture) const
{
    if (has_alpha_)
        return encode_seen(level, tile, seen_alone(std::move(picture)));
    if (auto encoded = plain_.encode(level, tile, picture.view(), false))
        return *std::move(encoded);
    auto nothing = plain_.blank();
    nothing.level = level;
    nothing.tile = tile;
    nothing.exact.clear();
    return nothing;
}

EncodedTile StyledTileEncoder::encode_seen(std::size_t level, TileIndex tile, Raster seen) const
{
    EncodedTile encoded{
        .level = level, .tile = tile, .data = encode_pixels(seen.view()), .mask = {}, .exact = {}};
    auto const mask = seen.shape().channels == 4 ? seen_at_all(seen.view()) : Raster{};
    if (!mask.empty())
        encoded.mask = encode_tile(mask.view(), *find_tile_format("TIFF_ZIP_UINT8"), 100);
    return encoded;
}

Bytes StyledTileEncoder::encode_pixels(RasterView pixels) const
{
    if (format_.compression != TileCompression::webp)
        return encode_tile(pixels, format_, quality_);
    Raster colours;
    if (pixels.shape.channels == 1) {
        colours = picked(BandOrder{{1, 1, 1}}, pixels);
        pixels = colours.view();
    }
    return has_exact_colours_ ? webp::encode_exactly(pixels) : encode_tile(pixels, format_, quality_);
}

} // namespace ardoise
