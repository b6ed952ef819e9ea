// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/sample/objects.hpp"

#include "pyramid/build/sample/inks.hpp"

#include <algorithm>
#include <array>
#include <numbers>

namespace ardoise::sample {

namespace {

Ink painted(std::uint8_t r, std::uint8_t g, std::uint8_t b, std::uint8_t n)
{
    return {{r, g, b, n}, {r, g, b, n}, 0, 0, 2, 3};
}

std::array<Ink, 8> const car_paints{painted(226, 226, 224, 190), painted(58, 60, 64, 60),
                                    painted(150, 153, 157, 130), painted(120, 123, 128, 108),
                                    painted(196, 198, 199, 165), painted(52, 72, 112, 80),
                                    painted(142, 40, 38, 110),   painted(178, 168, 146, 140)};

Ink varied(Ink ink, Dice& dice)
{
    int const light = static_cast<int>(dice.between(-12, 12)), warm = static_cast<int>(dice.between(-8, 12));
    auto const moved = [](std::uint8_t value, int by) {
        return static_cast<std::uint8_t>(std::clamp(value + by, 0, 255));
    };
    for (auto* colour : {&ink.base, &ink.alternate}) {
        (*colour)[0] = moved((*colour)[0], light + warm);
        (*colour)[1] = moved((*colour)[1], light + warm / 3);
        (*colour)[2] = moved((*colour)[2], light);
        (*colour)[3] = moved((*colour)[3], 2 * light);
    }
    return ink;
}

} // namespace

TreeKind any_tree(Dice& dice)
{
    switch (dice.pick(9)) {
    case 0:
        return {inks::copper_beech, dice.between(2.5, 4), dice.between(6, 10)};
    case 1:
        return {inks::conifer, dice.between(1.6, 3), dice.between(8, 15)};
    case 2:
        return {inks::lime_tree, dice.between(2.5, 4.5), dice.between(7, 12)};
    case 3:
        return {inks::oak, dice.between(3.5, 6), dice.between(9, 14)};
    case 4:
        return {inks::blossom, dice.between(1.4, 2.4), dice.between(3, 5)};
    case 5:
        return {inks::lime_tree, dice.between(1.2, 2.2), dice.between(3, 5)};
    default:
        return {inks::broadleaf, dice.between(2.2, 4.8), dice.between(5, 12)};
    }
}

TreeKind street_tree(int kind)
{
    switch (kind & 3) {
    case 0:
        return {inks::plane_tree, 4.2, 12};
    case 1:
        return {inks::lime_tree, 3.0, 9};
    case 2:
        return {inks::broadleaf, 2.6, 8};
    default:
        return {inks::oak, 3.6, 11};
    }
}

void add_tree(Scene& scene, Point place, TreeKind const& kind, std::uint64_t hash, int year)
{
    Dice dice{hash};
    double const planted = dice.between(1955, 2016);
    if (year < planted)
        return;
    double const grown_up = std::clamp(0.42 + (year - planted) / 38, 0.42, 1.0);
    double const radius = kind.radius * grown_up * dice.between(0.85, 1.12), height = kind.height * grown_up;
    Ink const ink = varied(kind.ink, dice);
    // Many clumps of leaves, the outer ones lower.
    scene.add_crown(place, radius * 0.95, height * 0.8, ink, Layer::canopy);
    int const clumps = 5 + static_cast<int>(radius * 2.2);
    for (int i = 0; i < clumps; ++i) {
        double const out = std::sqrt((clumps - i - 0.5) / clumps);
        Point const offset = turned({1, 0}, i * 2.39996 + dice.between(-0.4, 0.4)) * (radius * 0.74 * out);
        scene.add_crown(place + offset, radius * dice.between(0.3, 0.46), height * (1 - 0.25 * out),
                        varied(ink, dice), Layer::canopy);
    }
}

void add_bush(Scene& scene, Point place, double radius, Ink const& ink, Dice& dice)
{
    scene.add_crown(place, radius, radius * dice.between(1.2, 1.8), varied(ink, dice), Layer::low);
}

void add_hedge(Scene& scene, Point from, Point to, double width, std::uint64_t hash)
{
    Dice dice{hash};
    Ink const ink = varied(dice.chance(0.75) ? inks::hedge : inks::conifer, dice);
    double const far = length(to - from), height = dice.between(1.3, 2.3), step = width * 0.48;
    Point const ahead = direction(to - from);
    for (double at = 0; at < far; at += step) {
        Point const place = from + ahead * at + left(ahead) * (dice.between(-0.1, 0.1) * width);
        scene.add_crown(place, width * dice.between(0.56, 0.74), height, ink, Layer::low);
    }
}

void add_wall(Scene& scene, Point from, Point to, Ink const& ink)
{
    double const far = length(to - from);
    if (far < 0.5)
        return;
    Polygon const outline = rectangle(between(from, to, 0.5), direction(to - from), far, 0.28);
    Surface surface = flat(ink, Layer::low);
    surface.height = 1.8;
    scene.add(outline, surface);
    scene.add_prism(outline, 1.8);
}

void add_line(Scene& scene, Point from, Point to, double width, Ink const& ink, Layer layer)
{
    scene.add(rectangle(between(from, to, 0.5), direction(to - from), length(to - from), width),
              flat(ink, layer));
}

void add_car(Scene& scene, Point place, Point heading, Dice& dice)
{
    bool const van = dice.chance(0.12);
    double const long_side = van ? dice.between(4.9, 5.8) : dice.between(3.7, 4.7);
    double const wide = van ? 2.0 : dice.between(1.66, 1.84), high = van ? 2.2 : 1.35;
    static constexpr int order[] = {0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7};
    Ink const& paint =
        van && dice.chance(0.7) ? car_paints[0] : car_paints[static_cast<std::size_t>(order[dice.pick(13)])];
    Point const forward = direction(heading);
    auto const part = [&](double middle, double far, double across, Ink const& ink, double light,
                          double height) {
        Surface surface = flat(ink, Layer::low);
        surface.light = light;
        surface.height = height;
        scene.add(rounded(rectangle(place + forward * middle, forward, far, across), 0.5), surface);
    };
    part(0, long_side, wide, paint, 0.9, 0.9);
    part(long_side * 0.33, long_side * 0.27, wide * 0.8, paint, 1.02, 0.9); // bonnet
    part(-long_side * 0.08, long_side * 0.62, wide * 0.9, inks::glass, 0.7, high);
    part(-long_side * (van ? 0.14 : 0.1), long_side * (van ? 0.6 : 0.36), wide * 0.84, paint, 1.1, high);
    scene.add_prism(rectangle(place, forward, long_side * 0.96, wide), high);
}

void add_boat(Scene& scene, Point place, Point heading, double long_side, Dice& dice)
{
    Point const forward = direction(heading), side = left(forward);
    double const half = long_side / 2, beam = std::min(5.0, long_side * 0.17) / 2;
    Polygon const hull{place - forward * half - side * (beam * 0.8),
                       place + forward * (half * 0.7) - side * beam, place + forward * half,
                       place + forward * (half * 0.7) + side * beam,
                       place - forward * half + side * (beam * 0.8)};
    Surface deck = flat(dice.chance(0.5) ? inks::dark : inks::stone, Layer::low);
    deck.height = 1.2;
    scene.add(rounded(hull, 1.5), deck);
    scene.add_prism(hull, 1.2);
    Surface cabin = flat(dice.chance(0.6) ? inks::membrane : inks::old_tile, Layer::low);
    cabin.height = 2.6;
    Polygon const house = rectangle(place - forward * (half * 0.12), forward, long_side * 0.62, beam * 1.45);
    scene.add(rounded(house, 0.6), cabin);
    scene.add_prism(house, 2.8);
    for (int i = 0; i < 4; ++i)
        scene.add(rectangle(place + forward * (half * (0.4 - 0.28 * i)), forward, 1.2, 0.9),
                  flat(inks::glass, Layer::low));
}

void add_parking(Scene& scene, Point from, Point along, int bays, double share, Dice& dice)
{
    Point const inward = left(along);
    constexpr double bay = 2.5, deep = 5;
    for (int i = 0; i <= bays; ++i) {
        Point const line = from + along * (bay * i);
        add_line(scene, line, line + inward * deep, 0.1, inks::white_paint, Layer::marking);
        if (i < bays && dice.chance(share))
            add_car(scene,
                    line + along * (bay / 2 + dice.between(-0.12, 0.12)) + inward * dice.between(2.4, 2.7),
                    turned(dice.chance(0.6) ? inward * -1 : inward, dice.between(-0.04, 0.04)), dice);
    }
}

} // namespace ardoise::sample
