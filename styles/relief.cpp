// SPDX-License-Identifier: Apache-2.0
#include "styles/relief.hpp"

#include "styles/gradients.hpp"

#include <cmath>
#include <numbers>

namespace ardoise {

namespace {

constexpr double degrees = 180 / std::numbers::pi;

/// What `write_row` makes of the gradients of each row.
template <typename Sample, typename WriteRow>
MaskedRaster map_rows(Gradients gradients, SampleType type, WriteRow const& write_row)
{
    auto shape = gradients.shape();
    shape.type = type;
    MaskedRaster made;
    made.pixels = Raster::unwritten(shape);
    for (std::int32_t y = 0; y < shape.height; ++y) {
        gradients.go_to(y);
        write_row(gradients.row(),
                  std::span{made.pixels.row<Sample>(y), static_cast<std::size_t>(shape.width)});
        if (gradients.is_whole())
            continue;
        if (made.validity.empty())
            made.validity = full_validity(shape);
        gradients.write_validity(made.validity.row(y));
    }
    return made;
}

SunVector sun_of(Hillshade const& hillshade)
{
    double const altitude = hillshade.altitude / degrees, azimuth = hillshade.azimuth / degrees;
    return {static_cast<float>(std::cos(altitude) * std::sin(azimuth)),
            static_cast<float>(-std::cos(altitude) * std::cos(azimuth)),
            static_cast<float>(std::sin(altitude))};
}

/// As if heights were so many times what they are.
Ground shrunk(Ground const& ground, double z_factor, std::int32_t rows)
{
    Ground made{.margin = ground.margin, .rows = {}};
    for (std::int32_t y = 0; y < rows; ++y) {
        auto const [width, height] = ground.pixel_at(y);
        made.rows.push_back({width / z_factor, height / z_factor});
    }
    return made;
}

} // namespace

MaskedRaster slope(Slope const& slope, MaskedView heights, Ground const& ground)
{
    auto const unit = slope.in_percent ? SlopeUnit::percent : SlopeUnit::degrees;
    auto const highest = static_cast<float>(slope.highest);
    return map_rows<float>({heights, ground, slope.method, slope.nodata}, SampleType::float32,
                           [=](GradientRow const& row, std::span<float> slopes) {
                               take_slope(this_processor(), unit, highest, row, slopes);
                           });
}

MaskedRaster aspect(Aspect const& aspect, MaskedView heights, Ground const& ground)
{
    auto const least = static_cast<float>(std::tan(aspect.min_slope / degrees)),
               flat = static_cast<float>(aspect.flat);
    return map_rows<float>({heights, ground, aspect.method, aspect.nodata}, SampleType::float32,
                           [=](GradientRow const& row, std::span<float> aspects) {
                               take_aspect(this_processor(), least, flat, row, aspects);
                           });
}

MaskedRaster hillshade(Hillshade const& hillshade, MaskedView heights, Ground const& ground)
{
    auto const rows = heights.pixels.shape.height - 2 * ground.margin;
    auto const raised = shrunk(ground, hillshade.z_factor, rows);
    auto const sun = sun_of(hillshade);
    auto const write_row = [&](GradientRow const& row, std::span<std::uint8_t> greys) {
        if (hillshade.multidirectional)
            light_from_four_sides(this_processor(), sun.up, row, greys);
        else
            light(this_processor(), sun, row, greys);
    };
    return map_rows<std::uint8_t>({heights, raised, hillshade.method, hillshade.nodata}, SampleType::uint8,
                                  write_row);
}

std::uint8_t level_grey(Hillshade const& hillshade)
{
    return static_cast<std::uint8_t>(1.5 + 254 * std::sin(hillshade.altitude / degrees));
}

} // namespace ardoise
