// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/sample/noise.hpp"

namespace ardoise::sample {

namespace {

double lattice(std::uint64_t seed, std::int64_t x, std::int64_t y)
{
    return unit(mixed(seed ^ mixed(static_cast<std::uint64_t>(x) * 0x9E3779B97F4A7C15U +
                                   static_cast<std::uint64_t>(y)))) *
               2 -
           1;
}

} // namespace

double value_noise(std::uint64_t seed, double x, double y)
{
    double const floor_x = std::floor(x), floor_y = std::floor(y);
    auto const i = static_cast<std::int64_t>(floor_x), j = static_cast<std::int64_t>(floor_y);
    double const s = smoothstep(0, 1, x - floor_x), t = smoothstep(0, 1, y - floor_y);
    double const low = lattice(seed, i, j) * (1 - s) + lattice(seed, i + 1, j) * s;
    double const high = lattice(seed, i, j + 1) * (1 - s) + lattice(seed, i + 1, j + 1) * s;
    return low * (1 - t) + high * t;
}

double fractal_noise(std::uint64_t seed, double x, double y, int octaves)
{
    double sum = 0, weight = 1, total = 0;
    for (int octave = 0; octave < octaves; ++octave) {
        sum += weight * value_noise(seed + static_cast<std::uint64_t>(octave), x, y);
        total += weight;
        weight /= 2;
        x *= 2;
        y *= 2;
    }
    return sum / total;
}

} // namespace ardoise::sample
