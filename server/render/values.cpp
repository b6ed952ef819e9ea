// SPDX-License-Identifier: Apache-2.0
#include "server/render/values.hpp"

#include "pyramid/raster/dispatch.hpp"
#include "server/render/mosaic.hpp"
#include "server/render/overzoom.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

namespace ardoise {

namespace {

/// Whether a point of the layer's CRS lies on those tiles; it does not if it has no counterpart there.
bool lies_on(TileRange const& tiles, TileMatrix const& matrix, Point point)
{
    auto const ground = extent(matrix, tiles);
    return point.x >= ground.min_x && point.x < ground.max_x && point.y > ground.min_y &&
           point.y <= ground.max_y;
}

/// The pixel that holds such a point.
LevelWindow pixel_under(Point point, TileMatrix const& matrix)
{
    return {static_cast<std::int64_t>(std::floor((point.x - matrix.origin_x) / matrix.cell_size)),
            static_cast<std::int64_t>(std::floor((matrix.origin_y - point.y) / matrix.cell_size)), 1, 1};
}

template <typename Sample>
std::vector<double> samples_of(RasterView pixel)
{
    auto const* first = pixel.row<Sample>(0);
    return {first, first + pixel.shape.channels};
}

std::vector<double> values_of(RasterView pixel)
{
    switch (pixel.shape.type) {
    case SampleType::uint16:
        return samples_of<std::uint16_t>(pixel);
    case SampleType::float32:
        return samples_of<float>(pixel);
    default:
        return samples_of<std::uint8_t>(pixel);
    }
}

template <typename Sample>
void fill_invalid(MaskedRaster& values, std::vector<double> const& nodata)
{
    auto const& shape = values.pixels.shape();
    std::vector<Sample> pixel;
    for (double const value : nodata)
        pixel.push_back(static_cast<Sample>(value));
    for (std::int32_t y = 0; y < shape.height; ++y) {
        auto const* valid = values.validity.row(y);
        auto* to = values.pixels.row<Sample>(y);
        for (std::int32_t x = 0; x < shape.width; ++x, to += shape.channels)
            if (valid[x] == 0)
                std::copy_n(pixel.begin(), shape.channels, to);
    }
}

} // namespace

MaskedRaster values_in(Layer const& layer, MapFrame const& frame, Caches& caches, Resampling resampling)
{
    Sight const sight{layer, frame};
    auto const window = sight.window();
    if (window.width == 0)
        return MaskedRaster{{frame.width, frame.height, layer.pyramid.channels, layer.pyramid.format.type}};
    auto seen = filled_mosaic(layer, sight.level(), window, caches);
    if (!sight.is_parallel())
        return warp(seen.view(), sight.mapping_to(window), frame.width, frame.height, resampling);
    auto const under = sight.frame_in(window);
    if (seen.view().all_valid() && is_all_of(under, seen.pixels.shape(), frame.width, frame.height))
        return seen;
    return resample(seen.view(), under, frame.width, frame.height, resampling);
}

Raster with_nodata(MaskedRaster values, std::vector<double> const& nodata)
{
    if (!values.view().all_valid())
        with_sample_type(values.pixels.shape().type,
                         [&](auto sample) { fill_invalid<decltype(sample)>(values, nodata); });
    return std::move(values.pixels);
}

Point middle_of(PixelIndex pixel, MapFrame const& frame)
{
    return {frame.box.min_x + (pixel.i + 0.5) * frame.box.width() / frame.width,
            frame.box.max_y - (pixel.j + 0.5) * frame.box.height() / frame.height};
}

std::optional<std::vector<double>> values_at(Layer const& layer, MapFrame const& frame, PixelIndex pixel,
                                             Caches& caches)
{
    auto const& pyramid = layer.pyramid;
    auto const& wanted = Sight{layer, frame}.level();
    auto point = middle_of(pixel, frame);
    layer.transform_from(frame.crs).apply({&point.x, 1}, {&point.y, 1});
    if (!lies_on(pyramid.tiles_of_extent(wanted), pyramid.matrix(wanted), point))
        return std::nullopt;
    for (auto const* level = &wanted; level; level = next_coarser(pyramid, *level, wanted)) {
        auto const window = pixel_under(point, pyramid.matrix(*level));
        if (!parts_under(layer, *level, window, caches).front().is_stored)
            continue;
        auto const seen = mosaic(layer, *level, window, caches);
        if (validity_of(seen.view()) != Validity::none)
            return values_of(seen.pixels.view());
        if (!pyramid.is_partial(*level))
            break;
    }
    return std::nullopt;
}

} // namespace ardoise
