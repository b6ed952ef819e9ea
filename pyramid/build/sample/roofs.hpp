// SPDX-License-Identifier: Apache-2.0
// Buildings from above: roofs of slate, tile, zinc and felt, with what stands on them.
#pragma once

#include "pyramid/build/sample/light.hpp"
#include "pyramid/build/sample/noise.hpp"
#include "pyramid/build/sample/scene.hpp"

namespace ardoise::sample {

/// What a pitched roof is covered with.
struct Cover {
    Ink ink;
    Texture texture; // its direction is each slope's own
};

Cover slate_cover(Dice& dice);
Cover tile_cover(Dice& dice);
Cover zinc_cover(Dice& dice);
/// The old town is slate and zinc, the suburbs have more tiles.
Cover cover_for(double density, Dice& dice);

/// Four corners, counter-clockwise: the first side lies on the street.
struct Plot {
    Point corners[4];
    Polygon polygon() const { return {corners[0], corners[1], corners[2], corners[3]}; }
};

Plot plot_of(Polygon const& rectangle);

struct Building {
    double eaves = 6;   // metres above the ground
    double slope = 0.8; // tangent
    Cover cover;
};

/// A ridge along the street, gables at both ends.
void add_gable_roof(Scene& scene, Light const& light, Plot const& plot, Building const& building, Dice& dice);
/// Slopes on all four sides.
void add_hip_roof(Scene& scene, Light const& light, Plot const& plot, Building const& building, Dice& dice);
/// A flat roof behind a parapet, on any convex outline.
void add_flat_roof(Scene& scene, Polygon const& outline, double height, Ink const& ink, Dice& dice);
/// One slope, down to the left of `along`.
void add_lean_to(Scene& scene, Light const& light, Polygon const& outline, Point downhill,
                 Building const& building);
/// A box that stands on a roof (or, with `base` 0, on the ground) and casts a shadow there.
void add_box(Scene& scene, Polygon const& outline, double base, double rise, Ink const& ink, Layer layer);

} // namespace ardoise::sample
