// SPDX-License-Identifier: Apache-2.0
// The plan of the town: avenues on a loose lattice, and the quarters between them cut into blocks by streets.
#pragma once

#include "pyramid/build/sample/landscape.hpp"

#include <cstdint>
#include <vector>

namespace ardoise::sample {

/// What stands on a block.
enum class Use { town, houses, estate, works, square, church, park, school, stadium, field, wood };

/// Plan coordinates, like everything in this file.
struct Street {
    Point from, to;
    double width = 6; // from kerb to kerb
    bool avenue = false;
    bool bridge = false;
};

struct Block {
    Polygon outline;                            // the kerb, or the field's edge
    Use use = Use::field, earlier = Use::field; // `earlier` before the year `changed`
    int changed = 0;
    std::uint64_t hash = 0;
    double density = 0;
    bool parking = false; // along its kerbs
};

struct Roundabout {
    Point centre;
    std::uint64_t hash = 0;
};

/// One cell of the lattice.
struct Quarter {
    std::vector<Block> blocks;
    std::vector<Street> streets;         // the avenues on its west and south sides, and all streets within
    std::vector<Roundabout> roundabouts; // on its south-western corner
};

/// Immutable: safe to share.
class StreetPlan {
public:
    explicit StreetPlan(Landscape const& land) : land_{&land} {}

    Quarter quarter(int i, int j) const;
    /// Whether a bridge crosses the river less than `reach` metres from `v`.
    bool bridge_near(double v, double reach) const;

    struct Cells {
        int i0 = 0, j0 = 0, i1 = 0, j1 = 0; // half-open
    };
    /// The quarters that can show in a box of the plan.
    Cells cells(Box plan) const;

    static constexpr int river_column = -1;
    /// Half the width of the road on the quays.
    static constexpr double quay_half_width = 6;

private:
    Point node(int i, int j) const;
    bool is_bridge(int j) const;
    bool is_roundabout(int i, int j) const;
    double half_width(int i, int j, bool eastward) const;
    Polygon outline(int i, int j) const;

    Landscape const* land_;
};

} // namespace ardoise::sample
