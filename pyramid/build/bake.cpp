// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/bake.hpp"

#include "pyramid/raster/warp.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>
#include <utility>

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

/// A window of a mosaic, read with its sides halved so many times.
struct HalvedWindow {
    MosaicWindow window;
    int halvings = 0;

    std::int64_t longer_side() const { return std::max(window.width, window.height) >> halvings; }
};

/// The smallest window around [first, last) whose ends are multiples of `step`.
std::pair<std::int64_t, std::int64_t> aligned(double first, double last, std::int64_t step)
{
    auto const size = static_cast<double>(step);
    auto const from = static_cast<std::int64_t>(std::floor(first / size)) * step;
    return {from, static_cast<std::int64_t>(std::ceil(last / size)) * step - from};
}

/// How often pixels are halved before they are warped to others `scale` times as large.
int halvings_for(double scale)
{
    // At 4:1 noise in the last digits must not choose: all canvases of a level are to be made alike.
    constexpr double four = 4 - 1e-6;
    int halvings = 0;
    while (scale / (1 << halvings) >= four)
        ++halvings;
    return halvings;
}

/// How pixels of mosaics become those of a canvas.
struct Warping {
    SourceReader& reader;
    Crs const& crs; // of the canvas
    std::span<int const> bands;
    Resampling resampling;
};

/// What warping onto a canvas on `ground`, in the mosaic's CRS, needs to see of the mosaic; nothing when they
/// do not meet.
std::optional<HalvedWindow> window_under(Mosaic const& mosaic, BoundingBox const& ground,
                                         RasterShape const& shape, Warping const& how)
{
    if (ground.empty())
        return std::nullopt;
    double const scale = std::sqrt(ground.width() / mosaic.pixel_width() / shape.width * ground.height() /
                                   mosaic.pixel_height() / shape.height);
    auto const halvings = how.resampling == Resampling::near ? 0 : halvings_for(scale);
    auto const step = std::int64_t{1} << halvings;
    auto const margin =
        static_cast<double>((kernel_margin(how.resampling, scale / static_cast<double>(step)) + 1) * step);
    HalvedWindow seen{.window = {}, .halvings = halvings};
    auto& window = seen.window;
    std::tie(window.x, window.width) =
        aligned((ground.min_x - mosaic.left()) / mosaic.pixel_width() - margin,
                (ground.max_x - mosaic.left()) / mosaic.pixel_width() + margin, step);
    std::tie(window.y, window.height) =
        aligned((mosaic.top() - ground.max_y) / mosaic.pixel_height() - margin,
                (mosaic.top() - ground.min_y) / mosaic.pixel_height() + margin, step);
    if (!mosaic.touches(window))
        return std::nullopt;
    return seen;
}

MaskedRaster warp_onto(RasterShape const& shape, GroundPlace const& place, Mosaic const& mosaic,
                       HalvedWindow const& under, Warping const& how)
{
    auto const& [window, halvings] = under;
    auto const seen = mosaic.read_halved(how.reader, window, how.bands, halvings);
    auto const& to_mosaic = transform_between(how.crs, mosaic.crs());
    double const pixel_width = mosaic.pixel_width() * (1 << halvings),
                 pixel_height = mosaic.pixel_height() * (1 << halvings);
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
    return warp(seen.view(), mapping, shape.width, shape.height, how.resampling);
}

/// The ground under the middles of the canvas's cells, and a trifle around: near sees no more. Of a cell that
/// is thousands of pixels wide the rest is not read.
BoundingBox under_centres(GroundPlace const& place, RasterShape const& shape, Mosaic const& mosaic,
                          Warping const& how)
{
    double const inset = 0.4999 * place.cell_size;
    auto const whole = ground_of(place, shape);
    return transform_between(how.crs, mosaic.crs())
        .apply({whole.min_x + inset, whole.min_y + inset, whole.max_x - inset, whole.max_y - inset});
}

std::optional<MaskedRaster> warped(RasterShape const& shape, GroundPlace const& place,
                                   BoundingBox const& ground, Mosaic const& mosaic, Warping const& how);

MaskedRaster warped_in_quarters(RasterShape const& shape, GroundPlace const& place, Mosaic const& mosaic,
                                Warping const& how)
{
    MaskedRaster whole{shape};
    auto const width = (shape.width + 1) / 2, height = (shape.height + 1) / 2;
    for (std::int32_t y = 0; y < shape.height; y += height)
        for (std::int32_t x = 0; x < shape.width; x += width) {
            RasterShape const part{std::min(width, shape.width - x), std::min(height, shape.height - y),
                                   shape.channels, shape.type};
            GroundPlace const corner{place.left + x * place.cell_size, place.top - y * place.cell_size,
                                     place.cell_size};
            auto const ground = transform_between(how.crs, mosaic.crs()).apply(ground_of(corner, part));
            if (auto const pixels = warped(part, corner, ground, mosaic, how)) {
                paste(pixels->pixels.view(), whole.pixels, x, y);
                paste(pixels->validity.view(), whole.validity, x, y);
            }
        }
    return whole;
}

/// Nothing when the mosaic does not meet the canvas. However much ground lies under it, no more is at hand at
/// once than a few million pixels.
std::optional<MaskedRaster> warped(RasterShape const& shape, GroundPlace const& place,
                                   BoundingBox const& ground, Mosaic const& mosaic, Warping const& how)
{
    constexpr std::int64_t most_at_once = 2304;
    auto const under = how.resampling == Resampling::near
                           ? window_under(mosaic, under_centres(place, shape, mosaic, how), shape, how)
                           : window_under(mosaic, ground, shape, how);
    if (!under)
        return std::nullopt;
    bool const is_one_pixel = shape.width == 1 && shape.height == 1;
    if (under->longer_side() > most_at_once && !is_one_pixel)
        return warped_in_quarters(shape, place, mosaic, how);
    return warp_onto(shape, place, mosaic, *under, how);
}

} // namespace

Validity bake(Mosaics const& mosaics, SourceReader& reader, GroundPlace const& place, Crs const& crs,
              std::span<int const> bands, Resampling resampling, MaskedRaster& canvas)
{
    auto const shape = canvas.pixels.shape();
    Warping const how{reader, crs, bands, kernel_of(resampling)};
    std::optional<Validity> so_far; // nothing: the canvas holds what it held
    auto const lay = [&](MaskedRaster pixels) {
        if (so_far)
            lay_over(pixels, canvas, 0, 0);
        else
            canvas = std::move(pixels);
        so_far = validity_of(canvas.view());
    };
    for (auto const& [mosaic, ground] :
         mosaics.near(ground_of(place, shape), crs, std::int64_t{shape.width} * shape.height)) {
        auto const at = place_on_grid(mosaic, place, shape, crs);
        if (at && !mosaic.touches({at->x, at->y, shape.width, shape.height}))
            continue;
        if (at && !so_far)
            so_far = mosaic.read(reader, at->x, at->y, bands, canvas);
        else if (at)
            lay(mosaic.read(reader, {at->x, at->y, shape.width, shape.height}, bands));
        else if (auto pixels = warped(shape, place, ground, mosaic, how))
            lay(std::move(*pixels));
    }
    return so_far.value_or(Validity::none);
}

} // namespace ardoise
