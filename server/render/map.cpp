// SPDX-License-Identifier: Apache-2.0
#include "server/render/map.hpp"

#include "pyramid/raster/warp.hpp"
#include "server/render/compose.hpp"
#include "server/render/mosaic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ardoise {

namespace {

constexpr Resampling resampling = Resampling::bilinear;
/// A level may be enlarged this much before the next finer one is taken.
constexpr double most_enlarged = 1.25;
/// Pixels that one layer of a map may decode: the largest map at the least favourable level needs fewer.
constexpr std::int64_t most_pixels = 48 << 20;
/// Pixels of a map, all of its layers together: two of the largest.
constexpr std::int64_t most_map_pixels = 2LL * largest_map_side * largest_map_side;
/// Changes whenever the same request draws another picture.
constexpr int rendering_version = 1;

/// Size of a map's pixel in the units of the layer's CRS, and the box in that CRS.
struct Ground {
    BoundingBox box;
    double pixel_width, pixel_height;
};

Ground ground_under(Layer const& layer, Crs const& crs, BoundingBox const& box, std::int32_t width,
                    std::int32_t height)
{
    auto const own = transform_between(crs, layer.pyramid.set->crs).apply(box);
    return {own, own.width() / width, own.height() / height};
}

/// The part of a level under `ground` that lies in the layer, with a margin for the kernels.
LevelWindow window_on(Layer const& layer, Level const& level, Ground const& ground)
{
    auto const& matrix = layer.pyramid.matrix(level);
    double const scale =
        std::max({1.0, ground.pixel_width / matrix.cell_size, ground.pixel_height / matrix.cell_size});
    double const margin = (kernel_margin(resampling, scale) + 1) * matrix.cell_size;
    auto const all = extent(matrix, level.limits);
    auto const part = intersect(all, {ground.box.min_x - margin, ground.box.min_y - margin,
                                      ground.box.max_x + margin, ground.box.max_y + margin});
    if (part.empty())
        return {};
    auto const x =
        static_cast<std::int64_t>(std::floor((part.min_x - matrix.origin_x) / matrix.cell_size + 1e-6));
    auto const y =
        static_cast<std::int64_t>(std::floor((matrix.origin_y - part.max_y) / matrix.cell_size + 1e-6));
    auto const right =
        static_cast<std::int64_t>(std::ceil((part.max_x - matrix.origin_x) / matrix.cell_size - 1e-6));
    auto const bottom =
        static_cast<std::int64_t>(std::ceil((matrix.origin_y - part.min_y) / matrix.cell_size - 1e-6));
    constexpr std::int64_t longest = 1 << 20; // more is never affordable, and must not overflow
    return {x, y, static_cast<std::int32_t>(std::min(right - x, longest)),
            static_cast<std::int32_t>(std::min(bottom - y, longest))};
}

std::int64_t pixels_under(Layer const& layer, Level const& level, Ground const& ground)
{
    auto const window = window_on(layer, level, ground);
    return std::int64_t{window.width} * window.height;
}

/// The coarsest level that is fine enough, or a coarser one where a distorted box would take too many pixels.
Level const& level_for(Layer const& layer, Ground const& ground)
{
    double const wanted = std::sqrt(ground.pixel_width * ground.pixel_height) * most_enlarged;
    auto const& levels = layer.pyramid.levels;
    auto level = std::find_if(levels.begin(), levels.end(), [&](Level const& one) {
        return layer.pyramid.matrix(one).cell_size <= wanted;
    });
    if (level == levels.end())
        --level;
    while (level != levels.begin() && pixels_under(layer, *level, ground) > most_pixels)
        --level;
    return *level;
}

MaskedRaster nothing(std::int32_t width, std::int32_t height, Layer const& layer)
{
    return MaskedRaster{{width, height, layer.pyramid.channels, layer.pyramid.format.type}};
}

/// Pixel coordinates of the map to pixel coordinates of `window`.
PixelMapping mapping_to(Layer const& layer, Level const& level, LevelWindow window, Crs const& crs,
                        BoundingBox const& box, std::int32_t width, std::int32_t height)
{
    auto const& matrix = layer.pyramid.matrix(level);
    double const left = matrix.origin_x + static_cast<double>(window.x) * matrix.cell_size;
    double const top = matrix.origin_y - static_cast<double>(window.y) * matrix.cell_size;
    return [=, &transform = transform_between(crs, layer.pyramid.set->crs),
            cell = matrix.cell_size](std::span<double> x, std::span<double> y) {
        for (std::size_t i = 0; i < x.size(); ++i) {
            x[i] = box.min_x + x[i] * box.width() / width;
            y[i] = box.max_y - y[i] * box.height() / height;
        }
        transform.apply(x, y);
        for (std::size_t i = 0; i < x.size(); ++i) {
            x[i] = (x[i] - left) / cell;
            y[i] = (top - y[i]) / cell;
        }
    };
}

MaskedRaster layer_pixels(Layer const& layer, Crs const& crs, BoundingBox const& box, std::int32_t width,
                          std::int32_t height, SlabCache& slabs)
{
    auto const ground = ground_under(layer, crs, box, width, height);
    if (intersect(ground.box, layer.pyramid.extent()).empty())
        return nothing(width, height, layer);
    auto const& level = level_for(layer, ground);
    auto const window = window_on(layer, level, ground);
    if (window.width == 0)
        return nothing(width, height, layer);
    auto const seen = mosaic(layer, level, window, slabs);
    if (!same_place(crs, layer.pyramid.set->crs))
        return warp(seen.view(), mapping_to(layer, level, window, crs, box, width, height), width, height,
                    resampling);
    auto const& matrix = layer.pyramid.matrix(level);
    SourceWindow const under{(box.min_x - matrix.origin_x) / matrix.cell_size - static_cast<double>(window.x),
                             (matrix.origin_y - box.max_y) / matrix.cell_size - static_cast<double>(window.y),
                             box.width() / matrix.cell_size, box.height() / matrix.cell_size};
    return resample(seen.view(), under, width, height, resampling);
}

} // namespace

MaskedRaster render_layer(StyledLayer const& layer, Crs const& crs, BoundingBox const& box,
                          std::int32_t width, std::int32_t height, SlabCache& slabs)
{
    return apply(*layer.style, layer_pixels(*layer.layer, crs, box, width, height, slabs));
}

std::string rendering_facts(StyledLayer const& layer)
{
    return fmt::format("{} {:016x} {} {}", rendering_version, layer.layer->fingerprint, layer.layer->name,
                       layer.style->identifier);
}

bool is_affordable(MapRequest const& request)
{
    auto const pixels = std::int64_t{request.width} * request.height;
    if (pixels * static_cast<std::int64_t>(request.layers.size()) > most_map_pixels)
        return false;
    return std::all_of(request.layers.begin(), request.layers.end(), [&](StyledLayer const& styled) {
        auto const& layer = *styled.layer;
        auto const ground = ground_under(layer, request.crs, request.box, request.width, request.height);
        return ground.box.empty() || pixels_under(layer, level_for(layer, ground), ground) <= most_pixels;
    });
}

Bytes render_map(MapRequest const& request, SlabCache& slabs)
{
    Canvas canvas{request.width, request.height};
    for (auto const& layer : request.layers)
        canvas.lay(
            render_layer(layer, request.crs, request.box, request.width, request.height, slabs).view());
    bool const transparent = request.transparent && has_alpha(request.format);
    return encode(canvas.picture(transparent, request.background).view(), request.format);
}

} // namespace ardoise
