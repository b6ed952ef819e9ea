// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/sample/site.hpp"

#include "pyramid/build/sample/inks.hpp"

#include <algorithm>

namespace ardoise::sample {

namespace {

constexpr double piece = 10; // metres of river painted at once
constexpr double bank = Landscape::quay_offset - StreetPlan::quay_half_width;

/// One piece of one bank, `side` being -1 west and 1 east.
void build_bank(Site const& site, double v, int side)
{
    auto const& land = *site.land;
    auto const at = [&](double along, double from_middle) {
        return land.to_ground({Landscape::river_middle + side * from_middle, along});
    };
    double const edge0 = land.river_half_width(v), edge1 = land.river_half_width(v + piece);
    bool const town = land.density({Landscape::river_middle, v}) > 0.28;
    auto const strip = [&](double outer, double inner) {
        return Polygon{at(v, edge0 + inner), at(v, outer), at(v + piece + 0.02, outer),
                       at(v + piece + 0.02, edge1 + inner)};
    };
    Dice dice{hash_of(land.seed(), 0xBA4C, v, side)};
    site.scene->add(strip(bank, 0), flat(inks::kerb, Layer::pavement));
    Ink const& floor = town ? inks::paving : inks::meadow;
    site.scene->add(strip(bank - 0.3, 0), flat(floor, Layer::ground));
    if (town) {
        Polygon const wall{at(v, edge0 - 0.2), at(v, edge0 + 0.7), at(v + piece, edge1 + 0.7),
                           at(v + piece, edge1 - 0.2)};
        Surface coping = flat(inks::stone, Layer::yard);
        coping.height = 0.4;
        site.scene->add(wall, coping);
        if (side > 0)
            site.scene->add_prism(wall, 4.2, 0, 0.3);
        site.scene->add(strip(bank - 4.6, 6), flat(inks::lawn, Layer::ground));
        if (StreetPlan{land}.bridge_near(v + piece / 2, 19))
            return;
        add_tree(*site.scene, at(v + 3, bank - 2.6), street_tree(0), dice.next(), site.year);
        if (dice.chance(0.4))
            add_tree(*site.scene, at(v + 7, edge0 + 3), street_tree(1), dice.next(), site.year);
        return;
    }
    site.scene->add(strip(bank - 6, 9), flat(inks::meadow, Layer::ground));
    for (int i = 0; i < 5; ++i)
        add_bush(*site.scene, at(v + dice.between(0, piece), edge0 + dice.between(0.2, 3)),
                 dice.between(0.7, 2), inks::hedge, dice);
    if (dice.chance(0.55)) {
        Dice own{dice.next()};
        TreeKind const kind = any_tree(own);
        add_tree(*site.scene, at(v + dice.between(0, piece), edge0 + dice.between(2, 8)), kind, own.next(),
                 site.year);
    }
}

void moor_boats(Site const& site, double v)
{
    auto const& land = *site.land;
    auto const number = static_cast<std::int64_t>(std::floor(v / 40));
    double const place = static_cast<double>(number) * 40 + 20;
    if (place < v || place >= v + piece || StreetPlan{land}.bridge_near(place, 34))
        return;
    for (int side : {-1, 1}) {
        Dice dice{hash_of(land.seed(), 0xB0A7, number, side)};
        bool const here = unit(hash_of(land.seed(), 0xB0A8, number, side, site.year)) < 0.5;
        if (!here || land.density({Landscape::river_middle, place}) < 0.3)
            continue;
        double const off = land.river_half_width(place) - 3.4;
        Point const middle = land.to_ground({Landscape::river_middle + side * off, place});
        Point const ahead = land.to_ground({Landscape::river_middle + side * off, place + 5});
        add_boat(*site.scene, middle, ahead - middle, dice.between(11, 30), dice);
    }
}

} // namespace

void build_river(Site const& site, double from_v, double to_v)
{
    auto const& land = *site.land;
    for (double v = std::floor(from_v / piece) * piece; v < to_v; v += piece) {
        auto const at = [&](double along, int side) {
            return land.to_ground({Landscape::river_middle + side * land.river_half_width(along), along});
        };
        site.scene->add({at(v, -1), at(v, 1), at(v + piece + 0.02, 1), at(v + piece + 0.02, -1)},
                        flat(inks::water, Layer::ground));
        build_bank(site, v, -1);
        build_bank(site, v, 1);
        moor_boats(site, v);
    }
}

} // namespace ardoise::sample
