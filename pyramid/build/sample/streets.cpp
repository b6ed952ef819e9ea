// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/sample/streets.hpp"

#include "pyramid/build/sample/noise.hpp"

#include <algorithm>

namespace ardoise::sample {

namespace {

constexpr double cell_width = 192, cell_height = 178;
constexpr double roundabout_reach = 23; // from its middle to the blocks

bool is_urban(double density)
{
    return density > 0.12;
}

/// What a quarter is cut by.
struct Cut {
    double smallest = 3000; // square metres of a block
    double skew = 0.05;     // radians by which a street may be off the right angle
    double widest = 9, narrowest = 6;
};

Cut cut_for(double density, Dice& dice)
{
    if (density > 0.72)
        return {dice.between(1900, 2600), 0.3, 7.5, 4};
    if (density > 0.45)
        return {dice.between(3200, 4600), 0.1, 8.5, 6};
    return {dice.between(2900, 4300), 0.07, 8, 6.2};
}

void divide(Polygon const& outline, Cut const& cut, double width, Dice dice, Quarter& quarter,
            std::vector<Polygon>& parts)
{
    double const size = area(outline);
    if (outline.size() < 3 || size < cut.smallest * dice.between(1.1, 1.9) || width_of(outline) < 34) {
        if (size > 120)
            parts.push_back(outline);
        return;
    }
    std::size_t longest = 0;
    auto const side = [&](std::size_t i) { return outline[(i + 1) % outline.size()] - outline[i]; };
    for (std::size_t i = 1; i < outline.size(); ++i)
        if (length(side(i)) > length(side(longest)))
            longest = i;
    Point const on = outline[longest] + side(longest) * dice.between(0.36, 0.64);
    Point const across = turned(direction(side(longest)), dice.between(-cut.skew, cut.skew));
    Polygon const strip =
        clipped(clipped(outline, on - across * 0.01, across), on + across * 0.01, across * -1);
    Point from = on, to = on;
    for (Point const p : strip)
        if (length(p - from) > length(to - from))
            to = p;
    quarter.streets.push_back({from, to, width, false, false});
    double const next = std::max(cut.narrowest, width - dice.between(0, 1.6));
    divide(clipped(outline, on + across * (width / 2), across), cut, next, Dice{dice.next()}, quarter, parts);
    divide(clipped(outline, on - across * (width / 2), across * -1), cut, next, Dice{dice.next()}, quarter,
           parts);
}

Use urban_use(double density, double size, Dice& dice)
{
    double const thrown = dice.unit();
    if (density > 0.62)
        return thrown < 0.92 ? Use::town : thrown < 0.955 ? Use::square : Use::school;
    if (density > 0.4)
        return thrown < 0.66   ? Use::town
               : thrown < 0.76 ? Use::houses
               : thrown < 0.86 ? Use::estate
               : thrown < 0.91 ? Use::school
               : thrown < 0.96 ? Use::park
                               : Use::works;
    if (thrown < 0.76)
        return Use::houses;
    if (size < 3000)
        return thrown < 0.95 ? Use::houses : Use::park;
    return thrown < 0.86   ? Use::estate
           : thrown < 0.9  ? Use::school
           : thrown < 0.95 ? Use::works
           : thrown < 0.98 ? Use::park
                           : Use::stadium;
}

Use earlier_use(Use use, double density, Dice& dice)
{
    if (density < 0.3 && use != Use::park && dice.chance(0.5))
        return Use::field;
    return use == Use::works ? Use::field : use == Use::estate || use == Use::town ? Use::works : Use::houses;
}

void settle(Block& block, Dice& dice)
{
    double const size = area(block.outline);
    block.use = urban_use(block.density, size, dice);
    block.earlier = block.use;
    block.parking = block.density > 0.1 && width_of(block.outline) > 25;
    if (dice.chance(block.density < 0.3 ? 0.3 : 0.1)) {
        block.earlier = earlier_use(block.use, block.density, dice);
        block.changed = 1994 + dice.pick(40);
    }
}

/// Quarters that are as they are in every town: what a visitor looks for first.
bool settle_landmark(int i, int j, std::vector<Polygon> const& parts, Polygon const& whole, Quarter& quarter)
{
    auto const only = [&](Use use, Use earlier, int changed, double density) {
        Block block;
        block.outline = whole;
        block.use = use;
        block.earlier = earlier;
        block.changed = changed;
        block.hash = hash_of(0x1A7D, i, j);
        block.density = density;
        quarter.streets.clear();
        quarter.blocks = {block};
    };
    if (i == 1 && j == -2)
        only(Use::park, Use::park, 0, 0.5);
    else if (i == -3 && j == 0)
        only(Use::stadium, Use::field, 2009, 0.3);
    else
        return false;
    return !parts.empty();
}

} // namespace

Point StreetPlan::node(int i, int j) const
{
    Dice dice{hash_of(land_->seed(), 0x40DE, i, j)};
    double const quay = Landscape::quay_offset;
    bool const on_quay = i == river_column || i == river_column + 1;
    double const u = i > river_column ? Landscape::river_middle + quay + (i - river_column - 1) * cell_width
                                      : Landscape::river_middle - quay + (i - river_column) * cell_width;
    double const row = unit(hash_of(land_->seed(), 0x40DF, j)) * 36 - 18;
    double const du = dice.between(-24, 24), dv = dice.between(-22, 22);
    return {u + (on_quay ? 0 : du), j * cell_height + row + (on_quay ? 0 : dv)};
}

bool StreetPlan::is_bridge(int j) const
{
    return land_->density({Landscape::river_middle, j * cell_height}) > 0.1 ? j % 2 == 0 : j % 8 == 0;
}

bool StreetPlan::bridge_near(double v, double reach) const
{
    int const j = static_cast<int>(std::lround(v / cell_height));
    for (int const near : {j - 1, j, j + 1})
        if (is_bridge(near) && std::abs(node(river_column, near).y - v) < reach)
            return true;
    return false;
}

bool StreetPlan::is_roundabout(int i, int j) const
{
    double const density = land_->density(node(i, j));
    bool const by_the_river = i == river_column || i == river_column + 1;
    return !by_the_river && density > 0.05 && density < 0.6 &&
           unit(hash_of(land_->seed(), 0x806D, i, j)) < 0.3;
}

/// Of the avenue from node (i, j) to the next one east or north.
double StreetPlan::half_width(int i, int j, bool eastward) const
{
    if (!eastward && (i == river_column || i == river_column + 1))
        return quay_half_width;
    Point const middle = between(node(i, j), eastward ? node(i + 1, j) : node(i, j + 1), 0.5);
    double const density = land_->density(middle);
    if (!is_urban(density) && i != river_column)
        return 3.2;
    double const thrown = unit(hash_of(land_->seed(), 0xA7E4, eastward ? j : i, eastward ? 1 : 0));
    return thrown < 0.22 ? 9.5 : thrown < 0.6 ? 5.6 : 4.4;
}

/// The ground between the kerbs of the four avenues around.
Polygon StreetPlan::outline(int i, int j) const
{
    Polygon const corners{node(i, j), node(i + 1, j), node(i + 1, j + 1), node(i, j + 1)};
    double const halves[] = {half_width(i, j, true), half_width(i + 1, j, false), half_width(i, j + 1, true),
                             half_width(i, j, false)};
    Polygon inner = corners;
    for (std::size_t side = 0; side < 4; ++side) {
        Point const inward = left(direction(corners[(side + 1) % 4] - corners[side]));
        inner = clipped(inner, corners[side] + inward * halves[side], inward);
    }
    int const steps[4][2] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
    Point const middle = centroid(corners);
    for (std::size_t corner = 0; corner < 4; ++corner)
        if (is_roundabout(i + steps[corner][0], j + steps[corner][1])) {
            Point const inward = direction(middle - corners[corner]);
            inner = clipped(inner, corners[corner] + inward * roundabout_reach, inward);
        }
    return inner;
}

Quarter StreetPlan::quarter(int i, int j) const
{
    Quarter quarter;
    std::uint64_t const hash = hash_of(land_->seed(), 0x4A87, i, j);
    Polygon const whole = i == river_column ? Polygon{} : outline(i, j);
    std::vector<Polygon> parts;
    Dice dice{hash};
    double const density =
        land_->density(centroid({node(i, j), node(i + 1, j), node(i + 1, j + 1), node(i, j + 1)}));
    Dice choice{hash_of(hash, 1)};
    bool const rural = density < 0.2 && !(density > 0.08 && choice.chance((density - 0.08) * 7));
    if (!whole.empty() && rural) {
        Cut const fields{choice.between(9000, 24000), 0.2, 0.1, 0.1};
        divide(whole, fields, 0.1, Dice{dice.next()}, quarter, parts);
        quarter.streets.clear();
    } else if (!whole.empty()) {
        Cut const cut = cut_for(density, choice);
        divide(whole, cut, cut.widest, Dice{dice.next()}, quarter, parts);
    }
    if (!settle_landmark(i, j, parts, whole, quarter))
        for (std::size_t k = 0; k < parts.size(); ++k) {
            Block block;
            block.outline = parts[k];
            block.hash = hash_of(hash, 2, k);
            block.density = land_->density(centroid(parts[k]));
            Dice own{block.hash};
            if (!rural)
                settle(block, own);
            else if (own.chance(0.12))
                block.use = block.earlier = Use::wood;
            quarter.blocks.push_back(block);
        }
    if (i == 0 && j == 0) { // the heart: a church and its square
        std::size_t widest = 0;
        for (std::size_t k = 0; k < quarter.blocks.size(); ++k)
            if (width_of(quarter.blocks[k].outline) > width_of(quarter.blocks[widest].outline))
                widest = k;
        quarter.blocks[widest].use = quarter.blocks[widest].earlier = Use::church;
        quarter.blocks[widest == 0 ? 1 : 0].use = quarter.blocks[widest == 0 ? 1 : 0].earlier = Use::square;
    }
    bool const bridge = i == river_column;
    if (!bridge || is_bridge(j))
        quarter.streets.push_back({node(i, j), node(i + 1, j), 2 * half_width(i, j, true), true, bridge});
    quarter.streets.push_back({node(i, j), node(i, j + 1), 2 * half_width(i, j, false), true, false});
    if (is_roundabout(i, j))
        quarter.roundabouts.push_back({node(i, j), hash_of(hash, 3)});
    return quarter;
}

StreetPlan::Cells StreetPlan::cells(Box plan) const
{
    // A node is at most 42 m off its place, and columns west of the river are shifted by what the river
    // takes.
    double const slack = 90;
    double const first = Landscape::river_middle + Landscape::quay_offset;
    return {static_cast<int>(std::floor((plan.x0 - first - slack) / cell_width)),
            static_cast<int>(std::floor((plan.y0 - slack) / cell_height)),
            static_cast<int>(std::floor((plan.x1 - first + slack) / cell_width)) + 1,
            static_cast<int>(std::floor((plan.y1 + slack) / cell_height)) + 1};
}

} // namespace ardoise::sample
