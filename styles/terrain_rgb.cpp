// SPDX-License-Identifier: Apache-2.0
#include "styles/terrain_rgb.hpp"

#include "pyramid/raster/dispatch.hpp"

#include <cmath>

namespace ardoise {

namespace {

constexpr double most_steps = 0xffffff;

std::uint32_t steps_of(double height, TerrainRgb const& terrain)
{
    double const steps = std::round((height - terrain.min_elevation) / terrain.step);
    return steps > 0 ? static_cast<std::uint32_t>(std::min(steps, most_steps)) : 0; // NaN: 0
}

template <typename Sample>
void write(TerrainRgb const& terrain, RasterView heights, Raster& picture)
{
    for (std::int32_t y = 0; y < heights.shape.height; ++y) {
        auto const* from = heights.row<Sample>(y);
        auto* to = picture.row(y);
        for (std::int32_t x = 0; x < heights.shape.width; ++x) {
            auto const steps = steps_of(static_cast<double>(from[x]), terrain);
            *to++ = static_cast<std::uint8_t>(steps >> 16);
            *to++ = static_cast<std::uint8_t>(steps >> 8);
            *to++ = static_cast<std::uint8_t>(steps);
        }
    }
}

} // namespace

Raster terrain_rgb(TerrainRgb const& terrain, RasterView heights)
{
    auto picture = Raster::unwritten({heights.shape.width, heights.shape.height, 3, SampleType::uint8});
    with_sample_type(heights.shape.type,
                     [&](auto sample) { write<decltype(sample)>(terrain, heights, picture); });
    return picture;
}

} // namespace ardoise
