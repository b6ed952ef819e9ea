// SPDX-License-Identifier: Apache-2.0
#include "pyramid/grid/ground_scale.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ardoise {

namespace {

constexpr double semi_major = 6378137, flattening = 1 / 298.257223563,
                 eccentricity_squared = flattening * (2 - flattening), degree = std::numbers::pi / 180;

/// Metres for a radian of longitude and one of latitude.
GroundScale radian_at(double latitude)
{
    double const sine = std::sin(latitude), w = 1 - eccentricity_squared * sine * sine;
    return {semi_major / std::sqrt(w) * std::cos(latitude),
            semi_major * (1 - eccentricity_squared) / (w * std::sqrt(w))};
}

/// The latitude at a northing of the spherical Mercator projection (Snyder 7-4).
double latitude_in_mercator(double y)
{
    return std::atan(std::sinh(y / semi_major));
}

bool is_mercator(Crs const& crs)
{
    return crs.epsg() == 3857 || crs.epsg() == 3395;
}

} // namespace

GroundScale ground_scale(Crs const& crs, double y)
{
    constexpr double nearest_to_pole = 89.9 * degree; // beyond, a step to the east has no length
    if (crs.geographic()) {
        auto const radian = radian_at(std::clamp(y * degree, -nearest_to_pole, nearest_to_pole));
        return {radian.east * degree, radian.north * degree};
    }
    if (is_mercator(crs)) {
        auto const latitude = std::clamp(latitude_in_mercator(y), -nearest_to_pole, nearest_to_pole);
        auto const radian = radian_at(latitude);
        return {radian.east / semi_major, radian.north / semi_major * std::cos(latitude)};
    }
    return {crs.metres_per_unit(), crs.metres_per_unit()};
}

} // namespace ardoise
