// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/bake.hpp"

#include "pyramid/raster/warp.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace ardoise {

namespace {

struct Place {
    std::int64_t x, y;
};

BoundingBox ground_of(GroundPlace const& place, RasterShape const& shape)
{
    return {place.left, place.top - place.cell_size * shape.height,
            place.left + place.cell_size * shape.width, place.top};
}

/// The mosaic's pixel at the canvas's corner when both grids are one (to a thousandth of a pixel over the
/// canvas's length).
std::optional<Place> place_on_grid(Mosaic const& mosaic, GroundPlace const& place, RasterShape const& shape,
                                   Crs const& crs)
{
    constexpr double near = 1e-3;
    auto const same_size = [&](double pixel, std::int32_t length) {
        return std::abs(pixel / place.cell_size - 1) * length < near;
    };
    if (!same_size(mosaic.pixel_width(), shape.width) || !same_size(mosaic.pixel_height(), shape.height) ||
        !same_place(mosaic.crs(), crs))
        return std::nullopt;
    double const x = (place.left - mosaic.left()) / place.cell_size,
                 y = (mosaic.top() - place.top) / place.cell_size;
    if (std::abs(x - std::round(x)) > near || std::abs(y - std::round(y)) > near)
        return std::nullopt;
    return Place{std::llround(x), std::llround(y)};
}

/// A window of a mosaic that was read shrunk: how its pixels lie on the ground.
struct Window {
    std::int64_t x, y, width, height;
    int decimation;
};

/// What warping onto the canvas needs to see of the mosaic; nothing when they do not meet.
std::optional<Window> window_under(Mosaic const& mosaic, GroundPlace const& place, RasterShape const& shape,
                                   Crs const& crs, Resampling resampling)
{
    auto const ground = transform_between(crs, mosaic.crs()).apply(ground_of(place, shape));
    if (ground.empty())
        return std::nullopt;
    double const scale = std::sqrt(ground.width() / mosaic.pixel_width() / shape.width * ground.height() /
                                   mosaic.pixel_height() / shape.height);
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

MaskedRaster warp_onto(RasterShape const& shape, Mosaic const& mosaic, SourceReader& reader,
                       GroundPlace const& place, Crs const& crs, Window const& window,
                       std::span<int const> bands, Resampling resampling)
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
            x[i] = place.left + x[i] * place.cell_size;
            y[i] = place.top - y[i] * place.cell_size;
        }
        to_mosaic.apply(x, y);
        for (std::size_t i = 0; i < x.size(); ++i) {
            x[i] = (x[i] - left) / pixel_width;
            y[i] = (top - y[i]) / pixel_height;
        }
    };
    return warp(seen.view(), mapping, shape.width, shape.height, resampling);
}

} // namespace

Validity bake(std::vector<Mosaic> const& mosaics, SourceReader& reader, GroundPlace const& place,
              Crs const& crs, std::span<int const> bands, Resampling resampling, MaskedRaster& canvas)
{
    auto const shape = canvas.pixels.shape();
    bool empty = true;
    auto const lay = [&](MaskedRaster pixels) {
        if (empty)
            canvas = std::move(pixels);
        else
            lay_over(pixels, canvas, 0, 0);
        empty = false;
    };
    for (auto const& mosaic : mosaics) {
        if (auto const at = place_on_grid(mosaic, place, shape, crs))
            lay(mosaic.read(reader, at->x, at->y, shape.width, shape.height, bands, 1));
        else if (auto const window = window_under(mosaic, place, shape, crs, resampling))
            lay(warp_onto(shape, mosaic, reader, place, crs, *window, bands, resampling));
    }
    return empty ? Validity::none : validity_of(canvas.view());
}

} // namespace ardoise
