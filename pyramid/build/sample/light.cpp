// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/sample/light.hpp"

#include "pyramid/build/sample/noise.hpp"

#include <algorithm>
#include <numbers>

namespace ardoise::sample {

Light light_of(std::uint64_t seed, int year)
{
    Dice dice{hash_of(seed, 0x5041, year)};
    double const degree = std::numbers::pi / 180;
    double const azimuth = dice.between(142, 166) * degree, elevation = dice.between(46, 53) * degree;
    Light light;
    light.to_sun = Point{std::sin(azimuth), std::cos(azimuth)} * std::cos(elevation);
    light.height_of_sun = std::sin(elevation);
    light.shadow = light.to_sun * (-1 / light.height_of_sun);
    double const exposure = dice.between(1.05, 1.12);
    for (double& gain : light.gain)
        gain = exposure * dice.between(0.975, 1.025);
    light.gain[3] *= 0.94; // leaves must not burn out
    light.haze = dice.between(2, 8);
    light.noise = dice.next();
    return light;
}

double brightness(Light const& light, Point downhill, double slope)
{
    double const cosine = 1 / std::sqrt(1 + slope * slope), sine = slope * cosine;
    double const facing = dot(downhill, light.to_sun) * sine + light.height_of_sun * cosine;
    double const sky = 0.46;
    return sky + (1 - sky) * std::max(0.0, facing) / light.height_of_sun;
}

} // namespace ardoise::sample
