// SPDX-License-Identifier: Apache-2.0
// Kernels: how much each source pixel counts, by its distance from the point that is asked for.
#pragma once

#include "pyramid/raster/resample.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace ardoise {

/// A kernel reaches this many source pixels to either side of a point (near: half a pixel).
constexpr double kernel_radius(Resampling resampling)
{
    switch (resampling) {
    case Resampling::near:
    case Resampling::mode:
        return 0.5;
    case Resampling::bilinear:
        return 1;
    case Resampling::cubic:
        return 2;
    case Resampling::lanczos:
        return 3;
    }
    return 0;
}

/// Only these have lobes below zero: where half of their weight is missing they exaggerate.
constexpr bool has_negative_lobes(Resampling resampling)
{
    return resampling == Resampling::cubic || resampling == Resampling::lanczos;
}

/// A triangle.
inline double bilinear_weight(double distance)
{
    return std::max(0.0, 1 - std::abs(distance));
}

/// Catmull-Rom: Keys' cubic with a = -0.5.
inline double cubic_weight(double distance)
{
    double const x = std::abs(distance);
    if (x < 1)
        return (1.5 * x - 2.5) * x * x + 1;
    return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

/// Three lobes of a windowed sinc, from a table with linear interpolation (within 1e-6 of the formula).
double lanczos_weight(double distance);

/// The weight of a kernel of any kind at `distance` source pixels; what they add up to over a whole row is
/// not 1 for lanczos and for widened kernels.
inline double kernel_weight(Resampling resampling, double distance)
{
    switch (resampling) {
    case Resampling::near:
    case Resampling::mode:
        return std::abs(distance) <= 0.5 ? 1 : 0;
    case Resampling::bilinear:
        return bilinear_weight(distance);
    case Resampling::cubic:
        return cubic_weight(distance);
    case Resampling::lanczos:
        return lanczos_weight(distance);
    }
    return 0;
}

/// A kernel is widened this much at the most: where more pixels fall into one, those around its middle stand
/// for all.
inline constexpr double widest_kernel = 4096;

/// The source pixels [first, last) that a point draws from along one axis.
struct Reach {
    std::int32_t first = 0, last = 0;
};

/// `centre` in source pixels, not beyond 1e8; `stretch` is 1 or, where a kernel is widened, more.
inline Reach kernel_reach(double centre, double radius, double stretch)
{
    double const half = radius * stretch;
    return {static_cast<std::int32_t>(std::ceil(centre - half - 0.5)),
            static_cast<std::int32_t>(std::floor(centre + half - 0.5)) + 1};
}

/// The pixel under a point. A point on the border of two (but for noise in the arithmetic) belongs to the
/// second.
inline std::int32_t pixel_under(double centre)
{
    return static_cast<std::int32_t>(std::floor(centre + 1e-7));
}

} // namespace ardoise
