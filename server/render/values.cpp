// SPDX-License-Identifier: Apache-2.0
#include "server/render/values.hpp"

#include "styles/drawing/overzoom.hpp"

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

} // namespace

MaskedRaster values_in(Layer const& layer, MapFrame const& frame, Caches& caches, Resampling resampling)
{
    Sight const sight{layer, frame};
    auto const window = sight.window();
    if (window.width == 0)
        return MaskedRaster{{frame.width, frame.height, layer.pyramid.channels, layer.pyramid.format.type}};
    auto seen = filled_mosaic(cached(layer), sight.level(), window, caches);
    if (!sight.is_parallel())
        return warp(seen.view(), sight.mapping_to(window), frame.width, frame.height, resampling);
    auto const under = sight.frame_in(window);
    if (seen.view().all_valid() && is_all_of(under, seen.pixels.shape(), frame.width, frame.height))
        return seen;
    return resample(seen.view(), under, frame.width, frame.height, resampling);
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
        if (!parts_under(cached(layer), *level, window, caches).front().is_stored)
            continue;
        auto const seen = mosaic(cached(layer), *level, window, caches);
        if (validity_of(seen.view()) != Validity::none)
            return values_of(seen.pixels.view());
        if (!pyramid.is_partial(*level))
            break;
    }
    return std::nullopt;
}

} // namespace ardoise
