// SPDX-License-Identifier: Apache-2.0
#include "styles/terrain_rgb.hpp"

#include "pyramid/raster/dispatch.hpp"
#include "styles/ground.hpp"

#include <algorithm>
#include <cmath>

namespace ardoise {

namespace {

/// Of NaN as of all that is too low: none.
std::uint32_t steps_of(double height, TerrainRgb const& terrain)
{
    constexpr double most = 0xffffff;
    double const steps = (height - terrain.min_elevation) / terrain.step;
    return steps > 0 ? static_cast<std::uint32_t>(std::min(steps, most) + 0.5) : 0;
}

/// Whether it is one, and not a number for none; NaN is not.
template <typename Sample>
bool is_height(Sample value, TerrainRgb const& terrain)
{
    auto const height = static_cast<float>(value);
    return std::abs(height) <= greatest_height && height != static_cast<float>(terrain.nodata);
}

template <typename Sample>
void write(TerrainRgb const& terrain, MaskedView heights, Raster& picture)
{
    auto const at_sea = steps_of(0, terrain);
    for (std::int32_t y = 0; y < picture.shape().height; ++y) {
        auto const* from = heights.pixels.row<Sample>(y);
        auto const* valid = heights.all_valid() ? nullptr : heights.validity.row(y);
        auto* to = picture.row(y);
        for (std::int32_t x = 0; x < picture.shape().width; ++x) {
            bool const is_data = (!valid || valid[x] != 0) && is_height(from[x], terrain);
            auto const steps = is_data ? steps_of(static_cast<double>(from[x]), terrain) : at_sea;
            *to++ = static_cast<std::uint8_t>(steps >> 16);
            *to++ = static_cast<std::uint8_t>(steps >> 8);
            *to++ = static_cast<std::uint8_t>(steps);
        }
    }
}

} // namespace

Raster terrain_rgb(TerrainRgb const& terrain, MaskedView heights)
{
    auto const& shape = heights.pixels.shape;
    auto picture = Raster::unwritten({shape.width, shape.height, 3, SampleType::uint8});
    with_sample_type(shape.type, [&](auto sample) { write<decltype(sample)>(terrain, heights, picture); });
    return picture;
}

} // namespace ardoise
