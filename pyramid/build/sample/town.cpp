// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/sample/site.hpp"

#include "pyramid/build/sample/inks.hpp"
#include "pyramid/build/sample/roofs.hpp"

#include <algorithm>

namespace ardoise::sample {

namespace {

/// The deepest row of buildings, at most `depth`, that leaves a yard behind it; empty if there is no room for
/// one.
Polygon inner_line(Polygon const& outline, double depth, double least)
{
    for (; depth >= least; depth *= 0.86)
        if (Polygon const line = inset_corner_by_corner(outline, depth); !line.empty())
            return line;
    return {};
}

/// Without the tips of sharp corners, where no house would fit.
Polygon blunted(Polygon const& outline)
{
    Polygon kept = outline;
    for (std::size_t i = 0; i < outline.size(); ++i) {
        Point const corner = outline[i];
        Point const before = direction(outline[(i + outline.size() - 1) % outline.size()] - corner);
        Point const after = direction(outline[(i + 1) % outline.size()] - corner);
        if (dot(before, after) > 0.72)
            kept = clipped(kept, corner + direction(before + after) * 13, before + after);
    }
    return kept;
}

/// A block with room for a yard behind its houses, and what had to be cut off at its narrow end for that.
struct Layout {
    Polygon outline, rear, tip;
};

Layout laid_out(Polygon const& block, double deepest)
{
    if (Polygon rear = inner_line(block, deepest, 4.5); !rear.empty() || block.empty())
        return {block, rear, {}};
    std::size_t shortest = 0;
    auto const side = [&](std::size_t i) { return block[(i + 1) % block.size()] - block[i]; };
    for (std::size_t i = 1; i < block.size(); ++i)
        if (length(side(i)) < length(side(shortest)))
            shortest = i;
    Point const inward = left(direction(side(shortest)));
    for (double cut = 8; cut < 70; cut += 6) {
        Point const on = block[shortest] + inward * cut;
        Polygon const main = clipped(block, on, inward);
        if (Polygon rear = inner_line(main, deepest, 4.5); !rear.empty())
            return {main, rear, clipped(block, on, inward * -1)};
    }
    return {block, {}, block};
}

struct Lot {
    Point front0, front1, back1, back0; // the street is on the side from front0 to front1
    std::uint64_t hash = 0;
    bool corner = false;
};

Building building_for(Site const& site, Lot const& lot, double density, Dice& dice)
{
    Building building;
    double const storeys = density > 0.66   ? dice.between(2.6, 4.9)
                           : density > 0.48 ? dice.between(1.6, 3.8)
                                            : dice.between(1.2, 2.4);
    building.eaves = std::floor(storeys) * 2.9 + dice.between(0.6, 1.6);
    building.slope = density > 0.6 ? dice.between(0.8, 1.1) : dice.between(0.6, 0.9);
    Dice roofing{hash_of(lot.hash, site.changed(hash_of(lot.hash, 1), 0.3) ? 3 : 2)};
    building.cover = cover_for(density, roofing);
    return building;
}

void add_wing(Site const& site, Lot const& lot, Building const& main, Dice& dice)
{
    Point const along = direction(lot.back1 - lot.back0), inward = left(along);
    double const room = length(lot.back1 - lot.back0), far = dice.between(3, 8),
                 wide = std::min(room * 0.55, 4.5);
    bool const near = dice.chance(0.5);
    Point const corner = near ? lot.back0 : lot.back1 - along * wide;
    Polygon const outline{corner, corner + along * wide, corner + along * wide + inward * far,
                          corner + inward * far};
    Building wing = main;
    wing.eaves = std::max(2.6, main.eaves * dice.between(0.35, 0.8));
    wing.slope = 0.35;
    if (dice.chance(0.3))
        add_flat_roof(*site.scene, outline, wing.eaves, dice.chance(0.5) ? inks::zinc : inks::bitumen, dice);
    else
        add_lean_to(*site.scene, *site.light, outline, near ? along : along * -1, wing);
}

void build_empty_lot(Site const& site, Lot const& lot, Dice& dice)
{
    Polygon const ground{lot.front0, lot.front1, lot.back1, lot.back0};
    site.scene->add(ground, flat(dice.chance(0.5) ? inks::gravel : inks::verge, Layer::yard));
    Point const along = direction(lot.front1 - lot.front0);
    int const bays = static_cast<int>(length(lot.front1 - lot.front0) / 2.6);
    Dice cars{hash_of(lot.hash, site.year)};
    if (dice.chance(0.6) && bays > 1)
        add_parking(*site.scene, lot.front0 + left(along) * 3, along, bays, 0.6, cars);
    else
        scatter_trees(site, inset(ground, 1), 4, 0.5, lot.hash);
}

void build_lot(Site const& site, Lot lot, double density)
{
    Dice dice{lot.hash};
    double const fate = dice.unit();
    bool const moved = site.changed(hash_of(lot.hash, 4), 1);
    bool const empty = fate < 0.05 ? !moved : fate < 0.08 ? moved : fate < 0.09;
    if (empty && !lot.corner)
        return build_empty_lot(site, lot, dice);
    if (!lot.corner) {
        double const depth = dice.between(0.78, 1.08);
        lot.back0 = between(lot.front0, lot.back0, depth);
        lot.back1 = between(lot.front1, lot.back1, depth);
    }
    Building const building = building_for(site, lot, density, dice);
    Plot const plot{{lot.front0, lot.front1, lot.back1, lot.back0}};
    bool const modern = density < 0.75 && dice.chance(0.09);
    if (modern)
        add_flat_roof(*site.scene, plot.polygon(), building.eaves + 2,
                      dice.chance(0.5)   ? inks::gravel_roof
                      : dice.chance(0.3) ? inks::planted_roof
                                         : inks::bitumen,
                      dice);
    else
        add_gable_roof(*site.scene, *site.light, plot, building, dice);
    if (!lot.corner && dice.chance(0.5))
        add_wing(site, lot, building, dice);
}

void build_garden(Site const& site, Polygon const& ground, std::uint64_t hash)
{
    Dice dice{hash};
    static Ink const* const floors[] = {&inks::lawn,   &inks::lush_lawn, &inks::lawn,    &inks::vegetables,
                                        &inks::gravel, &inks::concrete,  &inks::dry_lawn};
    site.scene->add(ground, flat(*floors[dice.pick(7)], Layer::yard));
    add_wall(*site.scene, ground[3], ground[0], dice.chance(0.6) ? inks::stone : inks::concrete);
    double const deep = length(ground[3] - ground[0]);
    if (deep < 5)
        return;
    Point const along = direction(ground[1] - ground[0]), inward = left(along);
    if (dice.chance(0.45))
        add_flat_roof(*site.scene, rectangle(ground[3] + along * 2 - inward * 1.8, along, 2.8, 2.4), 2.3,
                      dice.chance(0.5) ? inks::bitumen : inks::brown_tile, dice);
    if (dice.chance(0.5))
        site.scene->add(rectangle(between(ground[0], ground[1], 0.5) + inward * 1.8, along,
                                  length(ground[1] - ground[0]) * 0.8, 3),
                        flat(inks::paving, Layer::yard));
    Polygon const inner = inset(ground, 1.2);
    for (int i = dice.pick(6); i > 0 && !inner.empty(); --i)
        add_bush(*site.scene, between(inner[0], inner[inner.size() / 2], dice.unit()), dice.between(0.4, 1.1),
                 inks::hedge, dice);
    scatter_trees(site, inner, 6, 0.42, hash_of(hash, 3));
}

void build_yard(Site const& site, Polygon const& yard, std::uint64_t hash)
{
    Dice dice{hash};
    static Ink const* const floors[] = {&inks::paving, &inks::gravel, &inks::old_asphalt, &inks::lawn,
                                        &inks::concrete};
    site.scene->add(yard, flat(*floors[dice.pick(5)], Layer::ground));
    scatter_trees(site, inset(yard, 2), 8, 0.4, hash_of(hash, 1));
    Polygon const shed = fitted_rectangle(inset(yard, 2.5), dice.between(0.4, 0.8), dice.between(8, 18), 5);
    if (!shed.empty() && dice.chance(0.5))
        add_flat_roof(*site.scene, shed, dice.between(3, 5), dice.chance(0.5) ? inks::zinc : inks::bitumen,
                      dice);
}

/// A piece of ground too narrow for a yard: one house, its ridge along the longest side.
void build_single(Site const& site, Grounds const& grounds)
{
    Dice dice{grounds.hash};
    Building building;
    building.eaves = dice.between(6, 12);
    building.slope = 0.6;
    building.cover = cover_for(grounds.density, dice);
    Polygon outline = grounds.outline;
    if (outline.size() != 4)
        return add_flat_roof(*site.scene, outline, building.eaves, inks::zinc, dice);
    if (length(outline[1] - outline[0]) < length(outline[2] - outline[1]))
        outline = {outline[1], outline[2], outline[3], outline[0]};
    add_gable_roof(*site.scene, *site.light, plot_of(outline), building, dice);
}

} // namespace

void build_town(Site const& site, Grounds const& grounds)
{
    Dice dice{hash_of(grounds.hash, 0x704)};
    double const deepest = dice.between(9.5, 13);
    auto const [outline, rear, tip] = laid_out(simplified(blunted(grounds.outline), 4), deepest);
    if (!tip.empty())
        build_single(site, {tip, hash_of(grounds.hash, 4), grounds.density});
    if (rear.empty())
        return;
    double const depth = length(rear[0] - outline[0]);
    bool const gardens = grounds.density < 0.62 || dice.chance(0.2);
    Polygon const ends = gardens ? inner_line(outline, depth + dice.between(10, 16), depth + 4) : Polygon{};
    build_yard(site, rear, hash_of(grounds.hash, 1));
    double const typical = grounds.density > 0.66 ? dice.between(6.5, 9) : dice.between(7, 11);
    std::size_t const sides = outline.size();
    for (std::size_t side = 0; side < sides; ++side) {
        std::size_t const next = (side + 1) % sides;
        int const lots =
            std::max(1, static_cast<int>(std::lround(length(outline[next] - outline[side]) / typical)));
        bool const own_gardens = !ends.empty() && length(ends[next] - ends[side]) > lots * 2.8;
        if (!ends.empty() && !own_gardens)
            build_yard(site, {rear[side], rear[next], ends[next], ends[side]},
                       hash_of(grounds.hash, 3, side));
        double t0 = 0;
        for (int i = 0; i < lots; ++i) {
            double const t1 = i + 1 == lots ? 1 : (i + 1 + dice.between(-0.22, 0.22)) / lots;
            auto const at = [&](Polygon const& line, double t) { return between(line[side], line[next], t); };
            Lot const lot{at(outline, t0),
                          at(outline, t1),
                          at(rear, t1),
                          at(rear, t0),
                          hash_of(grounds.hash, 2, side, i),
                          i == 0 || i + 1 == lots};
            if (own_gardens)
                build_garden(site, {at(rear, t0), at(rear, t1), at(ends, t1), at(ends, t0)},
                             hash_of(lot.hash, 5));
            build_lot(site, lot, grounds.density);
            t0 = t1;
        }
    }
}

} // namespace ardoise::sample
