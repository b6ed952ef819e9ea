// SPDX-License-Identifier: Apache-2.0
#include "styles/relief.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace ardoise {

namespace {

constexpr double degrees = 180 / std::numbers::pi;

/// How far the ground rises per metre to the east and to the south.
struct Gradient {
    float east = 0, south = 0;
};

/// A pixel and its neighbours, row by row from the upper left.
using Window = std::array<float, 9>;

Gradient gradient_of(Window const& z, GradientMethod method, PixelSize distance)
{
    auto const wide = static_cast<float>(distance.width), high = static_cast<float>(distance.height);
    if (method == GradientMethod::zevenbergen_thorne)
        return {(z[5] - z[3]) / (2 * wide), (z[7] - z[1]) / (2 * high)};
    return {((z[2] + 2 * z[5] + z[8]) - (z[0] + 2 * z[3] + z[6])) / (8 * wide),
            ((z[6] + 2 * z[7] + z[8]) - (z[0] + 2 * z[1] + z[2])) / (8 * high)};
}

/// Looks at heights pixel by pixel.
class Surface {
public:
    Surface(MaskedView heights, Ground const& ground, double nodata)
        : heights_{heights}, step_{std::max(1, ground.margin)}, margin_{ground.margin},
          nodata_{static_cast<float>(nodata)}
    {
    }

    /// In pixels of the picture.
    bool is_data(std::int32_t x, std::int32_t y) const
    {
        auto const inner_x = x + margin_, inner_y = y + margin_;
        return (heights_.all_valid() || heights_.validity.row(inner_y)[inner_x] != 0) &&
               heights_.pixels.row<float>(inner_y)[inner_x] != nodata_;
    }

    Window around(std::int32_t x, std::int32_t y) const
    {
        Window window;
        auto const middle = height(x, y);
        auto* to = window.data();
        for (int down = -1; down <= 1; ++down)
            for (int right = -1; right <= 1; ++right) {
                auto const there_x = x + right * step_, there_y = y + down * step_;
                *to++ = is_data(there_x, there_y) ? height(there_x, there_y) : middle;
            }
        return window;
    }

    PixelSize distance(PixelSize pixel) const { return {pixel.width * step_, pixel.height * step_}; }

private:
    float height(std::int32_t x, std::int32_t y) const
    {
        return heights_.pixels.row<float>(y + margin_)[x + margin_];
    }

    MaskedView heights_;
    std::int32_t step_, margin_;
    float nodata_;
};

/// One value a pixel, by what `value` makes of its gradient.
template <typename Value>
MaskedRaster map_gradients(MaskedView heights, Ground const& ground, GradientMethod method, double nodata,
                           Value const& value)
{
    auto const& shape = heights.pixels.shape;
    MaskedRaster made{
        {shape.width - 2 * ground.margin, shape.height - 2 * ground.margin, 1, SampleType::float32}};
    Surface const surface{heights, ground, nodata};
    for (std::int32_t y = 0; y < made.pixels.shape().height; ++y) {
        auto const distance = surface.distance(ground.rows[static_cast<std::size_t>(y)]);
        auto* to = made.pixels.row<float>(y);
        auto* valid = made.validity.row(y);
        for (std::int32_t x = 0; x < made.pixels.shape().width; ++x)
            if (surface.is_data(x, y)) {
                to[x] = value(gradient_of(surface.around(x, y), method, distance));
                valid[x] = 255;
            }
    }
    return made;
}

} // namespace

MaskedRaster slope(Slope const& slope, MaskedView heights, Ground const& ground)
{
    auto const value = [&](Gradient const& gradient) {
        double const rise = std::hypot(gradient.east, gradient.south);
        double const steepness = slope.in_percent ? 100 * rise : std::atan(rise) * degrees;
        return static_cast<float>(std::min(steepness, slope.highest));
    };
    return map_gradients(heights, ground, slope.method, slope.nodata, value);
}

MaskedRaster aspect(Aspect const& aspect, MaskedView heights, Ground const& ground)
{
    double const least = std::tan(aspect.min_slope / degrees);
    auto const value = [&](Gradient const& gradient) {
        if (std::hypot(gradient.east, gradient.south) < least)
            return static_cast<float>(aspect.flat);
        // It faces where it falls: to the east if heights sink that way.
        double const facing = std::atan2(-gradient.east, gradient.south) * degrees;
        return static_cast<float>(facing > 0 ? facing : facing + 360);
    };
    return map_gradients(heights, ground, aspect.method, aspect.nodata, value);
}

MaskedRaster hillshade(Hillshade const& hillshade, MaskedView heights, Ground const& ground)
{
    double const altitude = hillshade.altitude / degrees, azimuth = hillshade.azimuth / degrees;
    double const sun_east = std::cos(altitude) * std::sin(azimuth),
                 sun_south = -std::cos(altitude) * std::cos(azimuth), sun_up = std::sin(altitude);
    auto const value = [&](Gradient const& gradient) {
        double const east = hillshade.z_factor * gradient.east, south = hillshade.z_factor * gradient.south;
        double const cosine =
            (sun_up - sun_east * east - sun_south * south) / std::sqrt(1 + east * east + south * south);
        return static_cast<float>(1 + 254 * std::max(0.0, cosine));
    };
    return map_gradients(heights, ground, hillshade.method, hillshade.nodata, value);
}

} // namespace ardoise
