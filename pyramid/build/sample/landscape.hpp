// SPDX-License-Identifier: Apache-2.0
// The land before the town: where the river runs, how the ground rises, where towns lie and how dense they
// are.
#pragma once

#include "pyramid/build/sample/geometry.hpp"

#include <cstdint>

namespace ardoise::sample {

/// Streets are straight on the plan and bend on the ground: two shears lead from one to the other, so the way
/// back is exact and no area is lost. Both are in metres from the heart of the town; the river runs along the
/// plan's second axis. Immutable: safe to share.
class Landscape {
public:
    /// The river's middle, and its quays' middle on either side of it, on the plan's first axis.
    static constexpr double river_middle = -152, quay_offset = 66;

    explicit Landscape(std::uint64_t seed);

    std::uint64_t seed() const { return seed_; }
    Point to_ground(Point plan) const;
    Point to_plan(Point ground) const;
    Polygon to_ground(Polygon const& plan) const;

    double river_half_width(double v) const;
    double water_level(double v) const;
    /// 1 in the heart of a town, 0 and less in the fields.
    double density(Point plan) const;
    /// Metres above the sea, the river's surface where there is water.
    double height(Point ground) const;

private:
    double shift_x(double y) const;
    double shift_y(double u) const;

    std::uint64_t seed_;
    double phases_[4];
};

} // namespace ardoise::sample
