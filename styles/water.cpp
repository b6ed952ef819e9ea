// SPDX-License-Identifier: Apache-2.0
#include "styles/water.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ardoise {

namespace {

double to_the_millimetre(double metres)
{
    return std::round(metres * 1000) / 1000 + 0.0; // no -0
}

} // namespace

MaskedRaster depth_below(WaterSurface const& water, MaskedView terrain)
{
    auto const& shape = terrain.pixels.shape;
    MaskedRaster depths;
    depths.pixels = Raster::unwritten({shape.width, shape.height, 1, SampleType::float32});
    depths.validity = Raster::unwritten({shape.width, shape.height, 1, SampleType::uint8});
    auto const level = static_cast<float>(water.height);
    for (std::int32_t y = 0; y < shape.height; ++y) {
        auto const* from = terrain.pixels.row<float>(y);
        auto const* known = terrain.all_valid() ? nullptr : terrain.validity.row(y);
        auto* depth = depths.pixels.row<float>(y);
        auto* wet = depths.validity.row(y);
        for (std::int32_t x = 0; x < shape.width; ++x) {
            float const height = from[2 * x], flooded_from = from[2 * x + 1];
            bool const is_wet = height < level && flooded_from <= level && (!known || known[x] != 0);
            depth[x] = is_wet ? level - height : 0;
            wet[x] = is_wet ? 255 : 0;
        }
    }
    return depths;
}

std::vector<double> levels_of(WaterScale const& scale)
{
    std::vector<double> levels;
    for (std::size_t i = 0; levels.size() <= most_water_levels; ++i) {
        auto const level = to_the_millimetre(scale.lowest + static_cast<double>(i) * scale.step);
        if (level > scale.highest)
            break;
        levels.push_back(level);
    }
    levels.push_back(scale.highest);
    for (auto const& named : scale.named)
        levels.push_back(to_the_millimetre(named.value));
    std::sort(levels.begin(), levels.end());
    levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
    return levels;
}

std::string level_text(double level)
{
    return fmt::format("{}", to_the_millimetre(level));
}

} // namespace ardoise
