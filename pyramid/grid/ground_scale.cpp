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
double latitude_in_spherical_mercator(double y)
{
    return std::atan(std::sinh(y / semi_major));
}

/// The same of the ellipsoidal one: each step of Snyder 7-9 is 150 times nearer than the one before.
double latitude_in_mercator(double y)
{
    double const eccentricity = std::sqrt(eccentricity_squared);
    double latitude = latitude_in_spherical_mercator(y);
    for (int step = 0; step < 6; ++step) {
        double const bent = eccentricity * std::atanh(eccentricity * std::sin(latitude));
        latitude = std::atan(std::sinh(y / semi_major + bent));
    }
    return latitude;
}

double beside_poles(double latitude)
{
    constexpr double nearest = 89.9 * degree; // beyond, a step to the east has no length
    return std::clamp(latitude, -nearest, nearest);
}

} // namespace

GroundScale ground_scale(Crs const& crs, double y)
{
    if (crs.geographic()) { // in degrees, or in grads
        double const unit = crs.metres_per_unit() / semi_major;
        auto const radian = radian_at(beside_poles(y * unit));
        return {radian.east * unit, radian.north * unit};
    }
    static auto const spherical_mercator = Crs::from_definition("EPSG:3857"),
                      mercator = Crs::from_definition("EPSG:3395");
    if (same_place(crs, spherical_mercator)) {
        auto const latitude = beside_poles(latitude_in_spherical_mercator(y));
        auto const radian = radian_at(latitude);
        return {radian.east / semi_major, radian.north / semi_major * std::cos(latitude)};
    }
    if (same_place(crs, mercator)) { // conformal: the same in both directions
        auto const scale = radian_at(beside_poles(latitude_in_mercator(y))).east / semi_major;
        return {scale, scale};
    }
    return {crs.metres_per_unit(), crs.metres_per_unit()};
}

} // namespace ardoise
