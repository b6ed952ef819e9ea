// SPDX-License-Identifier: Apache-2.0
// What is to be painted: surfaces, crowns and things that cast shadows, in the order in which they lie on
// each other.
#pragma once

#include "pyramid/build/sample/geometry.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace ardoise::sample {

/// Red, green, blue and near infrared in full sun on level ground.
using Colour = std::array<std::uint8_t, 4>;

/// How a surface looks: two colours and how they mingle, and how its brightness varies.
struct Ink {
    Colour base{}, alternate{};
    int patches =
        0; // share of the alternate colour that comes and goes over metres to tens of metres, 0 to 64
    int mottle = 0; // the same over centimetres to a metre
    int relief = 0; // light and dark over centimetres to a metre, 0 to 64
    int grain = 0;  // light and dark from pixel to pixel, 0 to 64
};

enum class Weave : std::uint8_t { none, stripes, rows, slabs };

/// A regular texture: lines across `along`, one each `period` metres.
struct Texture {
    Weave weave = Weave::none;
    Point along{1, 0};
    double period = 1; // metres from one line to the next
    double piece = 1;  // metres from one tile, slate or slab to its neighbour in the row
    int depth = 0;     // how much it lights and darkens, 0 to 64
};

enum class Layer : std::uint8_t { pavement, ground, yard, bridge, marking, low, building, roof, canopy };

struct Surface {
    Ink ink;
    Texture texture;
    Layer layer{};
    double light = 1;  // 1 for level ground
    double height = 0; // metres above the ground around
};

/// Places are in pixels from the heart, x right and y down.
struct PlacedSurface {
    std::size_t first = 0, count = 0; // its corners in Scene::corners
    Box box;
    Surface surface;
};

/// A round clump of leaves.
struct Crown {
    Point centre;
    double radius = 0, height = 0; // the radius in pixels, the height in metres
    Ink ink;
    Layer layer{};
};

/// Something upright, `height` metres above the ground, that casts a shadow on what lies from `base` up to
/// `below`.
struct Prism {
    std::size_t first = 0, count = 0;
    Box box;
    double height = 0, base = 0, below = 0;
};

/// The things near one place. Every add takes metres on the ground (x east, y north).
class Scene {
public:
    static constexpr double pixel = 0.05;

    /// Keeps only what touches `limits` (metres on the ground); the caller leaves room for shadows.
    explicit Scene(Box limits);

    void add(Polygon const& polygon, Surface const& surface);
    void add_crown(Point centre, double radius, double height, Ink const& ink, Layer layer);
    /// A convex outline that casts a shadow, from a roof's height if `base` says so. What is nearly as high
    /// as the thing itself gets no shadow, its own top least of all.
    void add_prism(Polygon const& polygon, double height, double base = 0);
    void add_prism(Polygon const& polygon, double height, double base, double below);

    /// Brings surfaces and crowns into the order of their layers; those of one layer stay in the order of
    /// adding.
    void sort();

    /// An entry of the painter's list: a surface, or a crown.
    struct Item {
        Layer layer;
        bool is_crown;
        std::size_t index;
    };

    std::vector<Item> items;
    std::vector<PlacedSurface> surfaces;
    std::vector<Crown> crowns;
    std::vector<Prism> prisms;
    std::vector<Point> corners;

private:
    bool outside(Box const& box) const { return !overlap(box, limits_); }
    Box append(Polygon const& polygon);

    Box limits_; // in pixels
};

} // namespace ardoise::sample
