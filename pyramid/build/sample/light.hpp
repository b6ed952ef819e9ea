// SPDX-License-Identifier: Apache-2.0
// The light of one flight: where the sun stood, and how the camera saw that day.
#pragma once

#include "pyramid/build/sample/geometry.hpp"

#include <cstdint>

namespace ardoise::sample {

struct Light {
    Point to_sun;                  // horizontal part of the unit vector towards the sun
    double height_of_sun = 0;      // its vertical part
    Point shadow;                  // where the shadow of something 1 m high ends, in metres
    double gain[4] = {1, 1, 1, 1}; // of the camera's red, green, blue and near infrared
    double haze = 0;               // added to all bands
    std::uint64_t noise = 0;       // the sensor's, another one each year
};

Light light_of(std::uint64_t seed, int year);

/// How bright a slope is, against 1 for level ground: `downhill` is a unit vector, `slope` the tangent.
double brightness(Light const& light, Point downhill, double slope);

} // namespace ardoise::sample
