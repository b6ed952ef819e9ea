// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/bake.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/raster/warp.hpp"
#include "pyramid/store/slab_writer.hpp"

#include <algorithm>
#include <cmath>

namespace ardoise {

namespace {

struct Place {
    std::int64_t x, y;
};

std::int32_t width_of(SlabLayout const& layout)
{
    return layout.tiles_per_width * layout.tile_width;
}

std::int32_t height_of(SlabLayout const& layout)
{
    return layout.tiles_per_height * layout.tile_height;
}

BoundingBox ground_of(SlabLayout const& layout)
{
    return {layout.left, layout.top - layout.cell_size * height_of(layout),
            layout.left + layout.cell_size * width_of(layout), layout.top};
}

/// The mosaic's pixel at the slab's corner when both grids are one (to a thousandth of a pixel over the
/// slab's length).
std::optional<Place> place_on_grid(Mosaic const& mosaic, SlabLayout const& layout, Crs const& crs)
{
    constexpr double near = 1e-3;
    auto const same_size = [&](double pixel, std::int32_t length) {
        return std::abs(pixel / layout.cell_size - 1) * length < near;
    };
    if (!same_size(mosaic.pixel_width(), width_of(layout)) ||
        !same_size(mosaic.pixel_height(), height_of(layout)) || !same_place(mosaic.crs(), crs))
        return std::nullopt;
    double const x = (layout.left - mosaic.left()) / layout.cell_size,
                 y = (mosaic.top() - layout.top) / layout.cell_size;
    if (std::abs(x - std::round(x)) > near || std::abs(y - std::round(y)) > near)
        return std::nullopt;
    return Place{std::llround(x), std::llround(y)};
}

/// A window of a mosaic that was read shrunk: how its pixels lie on the ground.
struct Window {
    std::int64_t x, y, width, height;
    int decimation;
};

/// What warping the slab needs to see of the mosaic; nothing when they do not meet.
std::optional<Window> window_under(Mosaic const& mosaic, SlabLayout const& layout, Crs const& crs,
                                   Resampling resampling)
{
    auto const ground = transform_between(crs, mosaic.crs()).apply(ground_of(layout));
    if (ground.empty())
        return std::nullopt;
    double const scale = std::sqrt(ground.width() / mosaic.pixel_width() / width_of(layout) *
                                   ground.height() / mosaic.pixel_height() / height_of(layout));
    int decimation = 1;
    while (scale / decimation >= 4)
        decimation *= 2;
    auto const margin = (kernel_margin(resampling, scale / decimation) + 1) * decimation;
    auto const whole = [](double value) { return static_cast<std::int64_t>(value); };
    Window window{whole(std::floor((ground.min_x - mosaic.left()) / mosaic.pixel_width())) - margin,
                  whole(std::floor((mosaic.top() - ground.max_y) / mosaic.pixel_height())) - margin, 0, 0,
                  decimation};
    window.width =
        whole(std::ceil((ground.max_x - mosaic.left()) / mosaic.pixel_width())) + margin - window.x;
    window.height =
        whole(std::ceil((mosaic.top() - ground.min_y) / mosaic.pixel_height())) + margin - window.y;
    auto const touches = [&](Source const& source) {
        auto const x = (source.left - mosaic.left()) / mosaic.pixel_width();
        auto const y = (mosaic.top() - source.top) / mosaic.pixel_height();
        return x < static_cast<double>(window.x + window.width) &&
               y < static_cast<double>(window.y + window.height) &&
               x + static_cast<double>(source.width) > static_cast<double>(window.x) &&
               y + static_cast<double>(source.height) > static_cast<double>(window.y);
    };
    if (std::none_of(mosaic.sources().begin(), mosaic.sources().end(), touches))
        return std::nullopt;
    return window;
}

/// The slab is warped in blocks, so that the source window stays small where grids are turned against each
/// other.
constexpr std::int32_t block = 1024;

SlabLayout block_of(SlabLayout const& layout, std::int32_t x, std::int32_t y)
{
    auto part = layout;
    part.tile_width = std::min(block, width_of(layout) - x);
    part.tile_height = std::min(block, height_of(layout) - y);
    part.tiles_per_width = part.tiles_per_height = 1;
    part.left += x * layout.cell_size;
    part.top -= y * layout.cell_size;
    return part;
}

MaskedRaster warp_block(Mosaic const& mosaic, SourceReader& reader, SlabLayout const& layout, Crs const& crs,
                        Window const& window, std::span<int const> bands, Resampling resampling)
{
    auto const seen =
        mosaic.read(reader, window.x, window.y, window.width, window.height, bands, window.decimation);
    auto const& to_mosaic = transform_between(crs, mosaic.crs());
    double const pixel_width = mosaic.pixel_width() * window.decimation,
                 pixel_height = mosaic.pixel_height() * window.decimation;
    double const left = mosaic.left() + static_cast<double>(window.x) * mosaic.pixel_width();
    double const top = mosaic.top() - static_cast<double>(window.y) * mosaic.pixel_height();
    auto const mapping = [&](std::span<double> x, std::span<double> y) {
        for (std::size_t i = 0; i < x.size(); ++i) {
            x[i] = layout.left + x[i] * layout.cell_size;
            y[i] = layout.top - y[i] * layout.cell_size;
        }
        to_mosaic.apply(x, y);
        for (std::size_t i = 0; i < x.size(); ++i) {
            x[i] = (x[i] - left) / pixel_width;
            y[i] = (top - y[i]) / pixel_height;
        }
    };
    return warp(seen.view(), mapping, layout.tile_width, layout.tile_height, resampling);
}

void warp_onto(MaskedRaster& slab, Mosaic const& mosaic, SourceReader& reader, SlabLayout const& layout,
               Crs const& crs, std::span<int const> bands, Resampling resampling)
{
    for (std::int32_t y = 0; y < height_of(layout); y += block)
        for (std::int32_t x = 0; x < width_of(layout); x += block) {
            auto const part = block_of(layout, x, y);
            if (auto const window = window_under(mosaic, part, crs, resampling))
                lay_over(warp_block(mosaic, reader, part, crs, *window, bands, resampling), slab, x, y);
        }
}

template <typename Sample>
void pick_channels(MaskedView tile, std::span<int const> channels, std::span<double const> nodata,
                   Raster& picked)
{
    auto const shape = tile.pixels.shape;
    for (std::int32_t y = 0; y < shape.height; ++y) {
        auto const* from = tile.pixels.row<Sample>(y);
        auto const* valid = tile.validity.row(y);
        auto* to = picked.row<Sample>(y);
        for (std::int32_t x = 0; x < shape.width; ++x, from += shape.channels)
            for (std::size_t c = 0; c < channels.size(); ++c)
                *to++ = valid[x] != 0 ? from[channels[c]] : static_cast<Sample>(nodata[c]);
    }
}

Raster product_tile(MaskedView tile, RasterShape shape, std::span<int const> channels,
                    std::span<double const> nodata)
{
    Raster picked{shape};
    switch (shape.type) {
    case SampleType::uint8:
        pick_channels<std::uint8_t>(tile, channels, nodata, picked);
        break;
    case SampleType::uint16:
        pick_channels<std::uint16_t>(tile, channels, nodata, picked);
        break;
    case SampleType::float32:
        pick_channels<float>(tile, channels, nodata, picked);
        break;
    }
    return picked;
}

/// The pixels of the slab's tile number `i`.
PixelBox place_in_slab(SlabLayout const& layout, std::size_t i)
{
    auto const number = static_cast<std::int32_t>(i);
    return {number % layout.tiles_per_width * layout.tile_width,
            number / layout.tiles_per_width * layout.tile_height, layout.tile_width, layout.tile_height};
}

/// The mask beside a slab: a tile for each tile that holds something.
Bytes encode_mask(MaskedView slab, SlabLayout const& layout, std::span<Bytes const> tiles)
{
    auto const masks_as = mask_layout(layout);
    std::vector<Bytes> masks(tiles.size());
    for (std::size_t i = 0; i < tiles.size(); ++i)
        if (!tiles[i].empty())
            masks[i] = encode_tile(slab.validity.crop(place_in_slab(layout, i)), masks_as.format, 100);
    return assemble_slab(masks_as, masks);
}

} // namespace

MaskedRaster bake(std::vector<Mosaic> const& mosaics, SourceReader& reader, SlabLayout const& layout,
                  Crs const& crs, std::span<int const> bands, Resampling resampling)
{
    RasterShape const shape{width_of(layout), height_of(layout), static_cast<std::int32_t>(bands.size()),
                            layout.format.type};
    MaskedRaster slab{shape};
    for (auto const& mosaic : mosaics) {
        auto const place = place_on_grid(mosaic, layout, crs);
        if (!place)
            warp_onto(slab, mosaic, reader, layout, crs, bands, resampling);
        else if (&mosaic == &mosaics.front())
            slab = mosaic.read(reader, place->x, place->y, shape.width, shape.height, bands, 1);
        else
            lay_over(mosaic.read(reader, place->x, place->y, shape.width, shape.height, bands, 1), slab, 0,
                     0);
    }
    return slab;
}

SlabFiles encode_slab(MaskedView slab, SlabLayout const& layout, std::span<int const> channels,
                      std::span<double const> nodata, int quality)
{
    std::vector<Bytes> tiles(layout.tile_count());
    bool any = false, any_partial = false;
    for (std::size_t i = 0; i < tiles.size(); ++i) {
        auto const tile = slab.crop(place_in_slab(layout, i));
        auto const validity = validity_of(tile);
        if (validity == Validity::none)
            continue;
        any = true;
        any_partial = any_partial || validity == Validity::partial;
        tiles[i] = encode_tile(product_tile(tile, layout.tile_shape(), channels, nodata).view(),
                               layout.format, quality);
    }
    SlabFiles files;
    if (any)
        files.data = assemble_slab(layout, tiles);
    if (any_partial)
        files.mask = encode_mask(slab, layout, tiles);
    return files;
}

} // namespace ardoise
