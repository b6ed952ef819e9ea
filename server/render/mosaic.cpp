// SPDX-License-Identifier: Apache-2.0
#include "server/render/mosaic.hpp"

#include <algorithm>

namespace ardoise {

namespace {

std::int64_t floor_divide(std::int64_t value, std::int64_t by)
{
    return value >= 0 ? value / by : -((-value + by - 1) / by);
}

TileRange tiles_touched(Layer const& layer, Level const& level, LevelWindow window)
{
    auto const& matrix = layer.pyramid.matrix(level);
    TileRange const touched{
        {floor_divide(window.x, matrix.tile_width), floor_divide(window.y, matrix.tile_height)},
        {floor_divide(window.x + window.width - 1, matrix.tile_width) + 1,
         floor_divide(window.y + window.height - 1, matrix.tile_height) + 1}};
    return intersect(touched, level.limits);
}

/// The tile's mask; an empty raster when all of the tile is data.
Raster tile_mask(Layer const& layer, Level const& level, TileIndex tile, SlabCache& slabs)
{
    auto const slab = slabs.open_mask(layer.serial, layer.pyramid, level, level.slab_of(tile));
    auto const bytes = slab ? slab->tile(level.within_slab(tile)) : ByteView{};
    if (bytes.empty())
        return {};
    auto shape = layer.pyramid.tile_shape(level);
    shape.channels = 1;
    shape.type = SampleType::uint8;
    return decode_tile(bytes, *find_tile_format("TIFF_ZIP_UINT8"), shape);
}

/// ROK4's pyramids often have no masks: there, pixels of a float layer that hold nodata are none.
void mark_float_nodata(Raster const& pixels, Pyramid const& pyramid, Raster& validity)
{
    auto const nodata = static_cast<float>(pyramid.nodata.front());
    auto const* values = pixels.row<float>(0);
    auto valid = validity.bytes();
    auto const channels = static_cast<std::size_t>(pixels.shape().channels);
    for (std::size_t i = 0; i < valid.size(); ++i)
        if (values[i * channels] == nodata || values[i * channels] != values[i * channels])
            valid[i] = std::byte{0};
}

Raster validity_of_tile(Layer const& layer, Level const& level, TileIndex tile, Raster const& pixels,
                        SlabCache& slabs)
{
    auto validity = tile_mask(layer, level, tile, slabs);
    if (validity.empty()) {
        validity = Raster{{pixels.shape().width, pixels.shape().height, 1, SampleType::uint8}};
        std::fill(validity.bytes().begin(), validity.bytes().end(), std::byte{255});
    }
    if (pixels.shape().type == SampleType::float32)
        mark_float_nodata(pixels, layer.pyramid, validity);
    return validity;
}

} // namespace

MaskedRaster mosaic(Layer const& layer, Level const& level, LevelWindow window, SlabCache& slabs)
{
    auto const shape = layer.pyramid.tile_shape(level);
    MaskedRaster pixels{{window.width, window.height, shape.channels, shape.type}};
    auto const tiles = tiles_touched(layer, level, window);
    for (auto row = tiles.first.row; row < tiles.last.row; ++row)
        for (auto col = tiles.first.col; col < tiles.last.col; ++col) {
            TileIndex const tile{col, row};
            auto const slab = slabs.open(layer.serial, layer.pyramid, level, level.slab_of(tile));
            auto const bytes = slab ? slab->tile(level.within_slab(tile)) : ByteView{};
            if (bytes.empty())
                continue;
            auto const decoded = decode_tile(bytes, layer.pyramid.format, shape);
            auto const x = static_cast<std::int32_t>(col * shape.width - window.x);
            auto const y = static_cast<std::int32_t>(row * shape.height - window.y);
            paste(decoded.view(), pixels.pixels, x, y);
            paste(validity_of_tile(layer, level, tile, decoded, slabs).view(), pixels.validity, x, y);
        }
    return pixels;
}

} // namespace ardoise
