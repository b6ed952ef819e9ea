// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/sample/site.hpp"

#include "pyramid/build/sample/inks.hpp"

#include <algorithm>

namespace ardoise::sample {

namespace {

Use use_of(Site const& site, Block const& block)
{
    return site.year >= block.changed ? block.use : block.earlier;
}

double pavement_width(Use use, Dice& dice)
{
    switch (use) {
    case Use::town:
        return dice.chance(0.3) ? 3.6 : dice.between(1.6, 2.3);
    case Use::square:
    case Use::church:
        return 2.5;
    case Use::houses:
        return dice.between(1.4, 1.9);
    default:
        return 2.2;
    }
}

/// Cars along the kerb, and sometimes trees behind it.
void line_side(Site const& site, Point from, Point to, bool parking, bool trees, std::uint64_t hash)
{
    double const far = length(to - from);
    Point const along = direction(to - from), outward = left(along) * -1;
    Dice cars{hash_of(hash, site.year)};
    if (parking) {
        for (double at = 8.5; at < far - 8.5; at += 5.6) {
            Point const place = from + along * at + outward * 1.15;
            if (cars.chance(0.62))
                add_car(*site.scene, place + along * cars.between(-0.4, 0.4),
                        turned(cars.chance(0.9) ? along : along * -1, cars.between(-0.03, 0.03)), cars);
            add_line(*site.scene, place + along * 2.8 + outward * -1, place + along * 2.8 + outward * 0.9,
                     0.1, inks::white_paint, Layer::marking);
        }
    }
    Dice planting{hash_of(hash, 0x7EE)};
    TreeKind const kind = street_tree(planting.pick(4));
    double const spacing = planting.between(7.5, 10.5);
    for (double at = 7; trees && at < far - 6; at += spacing) {
        Point const place = from + along * at - outward * 1.3;
        site.scene->add(rectangle(place, along, 1.3, 1.3), flat(inks::soil, Layer::yard));
        if (planting.chance(0.9))
            add_tree(*site.scene, place, kind, planting.next(), site.year);
    }
}

void pave(Site const& site, Polygon const& ground, double pavement, Dice& dice)
{
    site.scene->add(rounded(ground, 4.5), flat(inks::kerb, Layer::pavement));
    Ink const& ink = dice.chance(0.7) ? inks::pavement : inks::old_asphalt;
    site.scene->add(rounded(inset(ground, 0.2), 4.3), flat(ink, Layer::pavement));
    if (pavement > 2.8 && dice.chance(0.6)) {
        Surface slabs = flat(inks::paving, Layer::pavement);
        slabs.texture = {Weave::slabs, direction(ground[1] - ground[0]), 0.5, 0.75, 8};
        site.scene->add(rounded(inset(ground, 0.3), 4.2), slabs);
    }
}

void build_on(Site const& site, Use use, Grounds const& grounds)
{
    switch (use) {
    case Use::town:
        return build_town(site, grounds);
    case Use::houses:
        return build_houses(site, grounds);
    case Use::estate:
        return build_estate(site, grounds);
    case Use::works:
        return build_works(site, grounds);
    case Use::square:
        return build_square(site, grounds);
    case Use::church:
        return build_church(site, grounds);
    case Use::park:
        return build_park(site, grounds);
    case Use::school:
        return build_school(site, grounds);
    case Use::stadium:
        return build_stadium(site, grounds);
    case Use::field:
        return build_field(site, grounds);
    case Use::wood:
        return build_wood(site, grounds);
    }
}

} // namespace

Point longest_side(Polygon const& outline)
{
    Point longest;
    for (std::size_t i = 0; i < outline.size(); ++i) {
        Point const side = outline[(i + 1) % outline.size()] - outline[i];
        if (length(side) > length(longest))
            longest = side;
    }
    return direction(longest);
}

Polygon fitted_rectangle(Polygon const& outline, double ratio, double longest, double shortest)
{
    Point const along = longest_side(outline), middle = centroid(outline);
    for (double far = longest; far >= shortest; far *= 0.93) {
        Polygon const tried = rectangle(middle, along, far, far * ratio);
        if (std::all_of(tried.begin(), tried.end(), [&](Point p) { return contains(outline, p); }))
            return tried;
    }
    return {};
}

void scatter_trees(Site const& site, Polygon const& outline, double spacing, double share, std::uint64_t hash,
                   Polygon const& clearing)
{
    if (outline.size() < 3)
        return;
    Box const box = box_of(outline);
    Dice dice{hash};
    for (double y = box.y0; y < box.y1; y += spacing)
        for (double x = box.x0; x < box.x1; x += spacing) {
            Dice own{dice.next()};
            Point const place{x + own.between(0, spacing), y + own.between(0, spacing)};
            bool const thick = value_noise(hash, place.x / 22, place.y / 22) > own.between(-0.9, 0.5);
            if (own.chance(share) && thick && contains(outline, place) && !contains(clearing, place)) {
                TreeKind const kind = any_tree(own);
                add_tree(*site.scene, place, kind, own.next(), site.year);
            }
        }
}

void build_block(Site const& site, Block const& block)
{
    Use const use = use_of(site, block);
    Polygon const ground = site.land->to_ground(block.outline);
    Dice dice{hash_of(block.hash, 0xB10C)};
    if (use == Use::field || use == Use::wood) {
        build_on(site, use, {ground, block.hash, block.density});
        return;
    }
    double const pavement = pavement_width(use, dice);
    Polygon const whole = area(ground) > 12000 ? site.land->to_ground(densified(block.outline, 25)) : ground;
    pave(site, whole, pavement, dice);
    bool const trees = pavement > 3 || (use != Use::town && dice.chance(use == Use::houses ? 0.14 : 0.3));
    for (std::size_t i = 0; i < ground.size(); ++i) {
        bool const parking = dice.chance(use == Use::houses ? 0.5 : 0.72) && block.parking;
        bool const planted = trees && use != Use::church && dice.chance(0.8);
        line_side(site, ground[i], ground[(i + 1) % ground.size()], parking, planted,
                  hash_of(block.hash, 7, i));
    }
    build_on(site, use, {simplified(inset(ground, pavement), 4), block.hash, block.density});
}

} // namespace ardoise::sample
