// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/report/sharpness.hpp"

#include "pyramid/build/bake.hpp"
#include "pyramid/build/builder.hpp"
#include "pyramid/raster/dispatch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace ardoise {

namespace {

/// A mean that is still being added to.
struct Mean {
    double sum = 0;
    std::int64_t count = 0;

    void add(double value)
    {
        sum += value;
        ++count;
    }
    double value() const { return count == 0 ? 0 : sum / static_cast<double>(count); }
};

struct Sums {
    Mean squares, gradient, source_gradient;
    double lowest = std::numeric_limits<double>::max(), highest = std::numeric_limits<double>::lowest();
};

/// Adds the samples of pixel (x, y), and its steps to the neighbours on the right and below.
template <typename Sample>
void add_pixel(MaskedRaster const& stored, MaskedRaster const& source, std::int32_t x, std::int32_t y,
               Sums& sums)
{
    auto const& shape = stored.pixels.shape();
    auto const both = [&](std::int32_t column, std::int32_t row) {
        return column < shape.width && row < shape.height && stored.validity.row(row)[column] == 255 &&
               source.validity.row(row)[column] == 255;
    };
    if (!both(x, y))
        return;
    bool const has_right = both(x + 1, y), has_below = both(x, y + 1);
    for (std::int32_t c = 0; c < shape.channels; ++c) {
        auto const at = [&](MaskedRaster const& raster, std::int32_t column, std::int32_t row) {
            return static_cast<double>(raster.pixels.row<Sample>(row)[column * shape.channels + c]);
        };
        double const here = at(stored, x, y), truth = at(source, x, y);
        sums.squares.add((here - truth) * (here - truth));
        sums.lowest = std::min(sums.lowest, truth);
        sums.highest = std::max(sums.highest, truth);
        auto const add_step = [&](std::int32_t column, std::int32_t row) {
            sums.gradient.add(std::abs(at(stored, column, row) - here));
            sums.source_gradient.add(std::abs(at(source, column, row) - truth));
        };
        if (has_right)
            add_step(x + 1, y);
        if (has_below)
            add_step(x, y + 1);
    }
}

void add_window(MaskedRaster const& stored, MaskedRaster const& source, Sums& sums)
{
    auto const& shape = stored.pixels.shape();
    with_sample_type(shape.type, [&](auto sample) {
        for (std::int32_t y = 0; y < shape.height; ++y)
            for (std::int32_t x = 0; x < shape.width; ++x)
                add_pixel<decltype(sample)>(stored, source, x, y, sums);
    });
}

double peak_of(SampleType type, Sums const& sums)
{
    switch (type) {
    case SampleType::uint8:
        return 255;
    case SampleType::uint16:
        return 65535;
    case SampleType::float32:
        break;
    }
    return sums.highest - sums.lowest;
}

} // namespace

std::string likeness_text(Sharpness const& sharpness)
{
    if (sharpness.identical())
        return "equal";
    return sharpness.equal_but_for_rounding() ? "equal but for rounding"
                                              : fmt::format("{:.1f} dB", sharpness.psnr);
}

std::optional<Sharpness> measure_sharpness(StandingPyramid const& stored, PreparedBuild const& prepared,
                                           Product const& product, std::vector<TileIndex> const& windows)
{
    auto const& pyramid = stored.pyramid();
    auto const& matrix = pyramid.matrix(pyramid.finest());
    SourceReader reader{prepared.options.source};
    MaskedRaster source{pyramid.tile_shape(pyramid.finest())};
    Sums sums;
    Sharpness sharpness;
    for (auto const& window : windows) {
        auto const tile = stored.pixels(pyramid.finest(), window);
        if (!tile)
            continue;
        auto const ground = extent(matrix, window);
        if (bake(prepared.mosaics, reader, {ground.min_x, ground.max_y, matrix.cell_size}, pyramid.set->crs,
                 product.bands, prepared.options.resampling, source) == Validity::none)
            continue;
        add_window(*tile, source, sums);
        ++sharpness.windows;
    }
    if (sums.squares.count == 0)
        return std::nullopt;
    double const peak = peak_of(pyramid.format.type, sums), error = sums.squares.value();
    sharpness.psnr =
        error == 0 ? std::numeric_limits<double>::infinity() : 10 * std::log10(peak * peak / error);
    sharpness.gradient = sums.gradient.value();
    sharpness.source_gradient = sums.source_gradient.value();
    return sharpness;
}

} // namespace ardoise
