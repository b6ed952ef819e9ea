// SPDX-License-Identifier: Apache-2.0
// Small things that stand about: trees, hedges, cars, boats, lines of paint.
#pragma once

#include "pyramid/build/sample/noise.hpp"
#include "pyramid/build/sample/scene.hpp"

namespace ardoise::sample {

struct TreeKind {
    Ink ink;
    double radius = 4, height = 9; // metres, full-grown
};

/// Any tree of gardens and parks.
TreeKind any_tree(Dice& dice);
TreeKind street_tree(int kind);

/// `hash` decides when it was planted: the crown grows with the years, and may not be there yet.
void add_tree(Scene& scene, Point place, TreeKind const& kind, std::uint64_t hash, int year);
void add_bush(Scene& scene, Point place, double radius, Ink const& ink, Dice& dice);
void add_hedge(Scene& scene, Point from, Point to, double width, std::uint64_t hash);
/// A wall between gardens.
void add_wall(Scene& scene, Point from, Point to, Ink const& ink);

void add_car(Scene& scene, Point place, Point heading, Dice& dice);
void add_boat(Scene& scene, Point place, Point heading, double length, Dice& dice);
/// Bays side by side from `from` along `along`, open to the left of it; `share` of them taken by cars.
void add_parking(Scene& scene, Point from, Point along, int bays, double share, Dice& dice);

/// A line of paint, or any other long rectangle lying flat.
void add_line(Scene& scene, Point from, Point to, double width, Ink const& ink, Layer layer);

inline Surface flat(Ink const& ink, Layer layer)
{
    Surface surface;
    surface.ink = ink;
    surface.layer = layer;
    return surface;
}

} // namespace ardoise::sample
