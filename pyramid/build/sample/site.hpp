// SPDX-License-Identifier: Apache-2.0
// What stands on each kind of block, on the streets and on the river: from the plan to things in a scene.
#pragma once

#include "pyramid/build/sample/landscape.hpp"
#include "pyramid/build/sample/light.hpp"
#include "pyramid/build/sample/noise.hpp"
#include "pyramid/build/sample/objects.hpp"
#include "pyramid/build/sample/scene.hpp"
#include "pyramid/build/sample/streets.hpp"

namespace ardoise::sample {

/// Where to build, when, and in which light.
struct Site {
    Landscape const* land;
    Light const* light;
    Scene* scene;
    int year = 2022;

    /// Whether a change that befalls a share of all things has come to pass by this year.
    bool changed(std::uint64_t hash, double share) const
    {
        Dice dice{hash_of(hash, 0xC4A6)};
        return dice.chance(share) && year >= dice.between(1990, 2034);
    }
};

/// A block with its pavements and all that is on it.
void build_block(Site const& site, Block const& block);

/// The kinds of blocks. `outline` is on the ground, in metres from the heart: the block within its pavements.
struct Grounds {
    Polygon outline;
    std::uint64_t hash = 0;
    double density = 0;
};
void build_town(Site const& site, Grounds const& grounds);
void build_houses(Site const& site, Grounds const& grounds);
void build_estate(Site const& site, Grounds const& grounds);
void build_works(Site const& site, Grounds const& grounds);
void build_school(Site const& site, Grounds const& grounds);
void build_stadium(Site const& site, Grounds const& grounds);
void build_church(Site const& site, Grounds const& grounds);
void build_square(Site const& site, Grounds const& grounds);
void build_park(Site const& site, Grounds const& grounds);
void build_field(Site const& site, Grounds const& grounds);
void build_wood(Site const& site, Grounds const& grounds);

void build_street(Site const& site, Street const& street);
void build_roundabout(Site const& site, Roundabout const& roundabout);
/// River, banks and boats between two places along the plan's second axis.
void build_river(Site const& site, double from_v, double to_v);

/// Trees over an outline, about one on each `spacing` by `spacing` metres, but none in `clearing`.
void scatter_trees(Site const& site, Polygon const& outline, double spacing, double share, std::uint64_t hash,
                   Polygon const& clearing = {});
/// The largest rectangle found around the middle, its first side along the outline's longest one; its depth
/// is `ratio` of its length. Empty when it would be shorter than `shortest`.
Polygon fitted_rectangle(Polygon const& outline, double ratio, double longest, double shortest);
Point longest_side(Polygon const& outline);

} // namespace ardoise::sample
