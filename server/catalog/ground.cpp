// SPDX-License-Identifier: Apache-2.0
#include "server/catalog/ground.hpp"

#include "pyramid/base/failure.hpp"

#include <array>
#include <cmath>

namespace ardoise {

Crs const& geographic_crs()
{
    static auto const crs = Crs::from_definition("CRS:84");
    return crs;
}

BoundingBox geographic_extent(Pyramid const& pyramid)
{
    auto const ground = transform_between(pyramid.set->crs, geographic_crs()).apply(pyramid.extent());
    auto const extent = intersect(ground, {-180, -90, 180, 90});
    if (extent.empty())
        fail("{}: its tiles lie nowhere on Earth", pyramid.name);
    return extent;
}

Pyramid cut_to(Pyramid pyramid, BoundingBox const& degrees)
{
    // A box far larger than the pyramid would be turned, and the box around that larger still.
    auto const common = intersect(degrees, geographic_extent(pyramid));
    auto const ground = transform_between(geographic_crs(), pyramid.set->crs).apply(common);
    for (auto& level : pyramid.levels)
        level.limits = intersect(level.limits, tiles_covering(pyramid.matrix(level), ground));
    std::erase_if(pyramid.levels, [](Level const& level) { return level.limits.empty(); });
    if (pyramid.levels.empty())
        fail("{}: no level has a tile within its bbox", pyramid.name);
    return pyramid;
}

bool is_meant_for(Crs const& crs, BoundingBox const& degrees)
{
    return !intersect(crs.area_of_use(), degrees).empty();
}

bool has_room_for(Crs const& crs, BoundingBox const& degrees)
{
    auto const& [west, south, east, north] = degrees;
    std::array const longitudes{west, west, east, east}, latitudes{south, north, south, north};
    auto x = longitudes, y = latitudes;
    transform_between(geographic_crs(), crs).apply(x, y);
    transform_between(crs, geographic_crs()).apply(x, y);
    constexpr double near = 1e-6; // a tenth of a metre
    for (std::size_t i = 0; i < x.size(); ++i)
        if (!(std::abs(x[i] - longitudes[i]) < near && std::abs(y[i] - latitudes[i]) < near))
            return false;
    return true;
}

} // namespace ardoise
