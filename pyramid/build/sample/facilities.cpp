// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/sample/site.hpp"

#include "pyramid/build/sample/inks.hpp"
#include "pyramid/build/sample/roofs.hpp"

#include <algorithm>

namespace ardoise::sample {

namespace {

constexpr Ink tartan{{172, 92, 74, 130}, {158, 84, 68, 122}, 30, 10, 4, 8};
constexpr Ink clay{{190, 122, 84, 140}, {180, 112, 78, 132}, 30, 16, 4, 8};
constexpr Ink hard_court{{78, 122, 104, 96}, {70, 112, 96, 90}, 30, 10, 3, 6};

/// The outline of a rectangle in paint.
void outline_in_paint(Scene& scene, Polygon const& corners, double width)
{
    for (std::size_t i = 0; i < corners.size(); ++i)
        add_line(scene, corners[i], corners[(i + 1) % corners.size()], width, inks::white_paint,
                 Layer::marking);
}

void add_tennis_court(Scene& scene, Point middle, Point along, Ink const& ink)
{
    scene.add(rectangle(middle, along, 36, 18), flat(ink, Layer::yard));
    outline_in_paint(scene, rectangle(middle, along, 23.8, 11), 0.1);
    outline_in_paint(scene, rectangle(middle, along, 23.8, 8.2), 0.1);
    outline_in_paint(scene, rectangle(middle, along, 12.8, 8.2), 0.1);
    add_line(scene, middle - along * 6.4, middle + along * 6.4, 0.1, inks::white_paint, Layer::marking);
    add_line(scene, middle - left(along) * 6, middle + left(along) * 6, 0.15, inks::dark, Layer::marking);
}

void add_pitch(Scene& scene, Point middle, Point along, double far, double wide)
{
    Surface grass = flat(inks::lush_lawn, Layer::yard);
    grass.texture = {Weave::stripes, along, 11, 1, 9};
    scene.add(rectangle(middle, along, far + 8, wide + 8), grass);
    outline_in_paint(scene, rectangle(middle, along, far, wide), 0.14);
    Point const across = left(along);
    add_line(scene, middle - across * (wide / 2), middle + across * (wide / 2), 0.14, inks::white_paint,
             Layer::marking);
    outline_in_paint(scene, disc(middle, 9.15, 48), 0.14);
    for (int end : {-1, 1}) {
        outline_in_paint(scene, rectangle(middle + along * (end * (far / 2 - 8.25)), along, 16.5, wide * 0.6),
                         0.14);
        outline_in_paint(scene, rectangle(middle + along * (end * (far / 2 - 2.75)), along, 5.5, wide * 0.28),
                         0.14);
    }
}

void add_hall(Site const& site, Polygon const& outline, Dice& dice)
{
    double const height = dice.between(6, 11);
    Point const along = direction(outline[1] - outline[0]);
    static Ink const* const covers[] = {&inks::sheet_metal, &inks::membrane, &inks::sheet_metal,
                                        &inks::blue_metal, &inks::gravel_roof};
    Ink const& ink = *covers[dice.pick(5)];
    add_flat_roof(*site.scene, outline, height, ink, dice);
    Surface ribs = flat(ink, Layer::building);
    ribs.texture = {Weave::stripes, along, 1.0, 1, 5};
    ribs.height = height;
    Polygon const inner = inset(outline, 0.5);
    Point const middle = centroid(outline), across = left(along);
    double const far = length(outline[1] - outline[0]), wide = length(outline[2] - outline[1]);
    ribs.light = brightness(*site.light, across, 0.06);
    site.scene->add(clipped(inner, middle, across), ribs);
    ribs.light = brightness(*site.light, across * -1, 0.06);
    site.scene->add(clipped(inner, middle, across * -1), ribs);
    for (double x = -far / 2 + 6; x < far / 2 - 5; x += 7)
        for (int row : {-1, 1})
            add_box(*site.scene,
                    rectangle(middle + along * x + across * (row * wide * 0.25), along, 1.4, wide * 0.3),
                    height, 0.3, inks::membrane, Layer::roof);
}

void add_spire(Site const& site, Point middle, Point along, double size, double height, Cover const& cover)
{
    Polygon const base = rectangle(middle, along, size, size);
    site.scene->add_prism(base, height * 0.62);
    site.scene->add_prism(rectangle(middle, along, size * 0.5, size * 0.5), height * 0.82);
    site.scene->add_prism(rectangle(middle, along, size * 0.16, size * 0.16), height);
    for (std::size_t i = 0; i < 4; ++i) {
        Point const a = base[i], b = base[(i + 1) % 4];
        Surface slope = flat(cover.ink, Layer::roof);
        slope.texture = cover.texture;
        slope.texture.along = left(direction(b - a)) * -1;
        slope.light = brightness(*site.light, slope.texture.along, 1.4);
        slope.height = height;
        site.scene->add({a, b, middle}, slope);
    }
}

} // namespace

void build_works(Site const& site, Grounds const& grounds)
{
    Polygon const& outline = grounds.outline;
    Dice dice{hash_of(grounds.hash, 0x304)};
    site.scene->add(outline, flat(dice.chance(0.5) ? inks::asphalt : inks::old_asphalt, Layer::ground));
    Polygon const hall = fitted_rectangle(inset(outline, 12), dice.between(0.4, 0.7), 110, 14);
    if (hall.empty())
        return scatter_trees(site, outline, 7, 0.5, grounds.hash);
    add_hall(site, hall, dice);
    Polygon const green = inset(outline, 2.5);
    for (std::size_t i = 0; i < outline.size(); ++i) {
        Point const a = outline[i], b = outline[(i + 1) % outline.size()], along = direction(b - a);
        double const far = length(b - a);
        if (far < 16)
            continue;
        site.scene->add({a, b, b + left(along) * 2, a + left(along) * 2}, flat(inks::verge, Layer::yard));
        Dice cars{hash_of(grounds.hash, i, site.year)};
        add_parking(*site.scene, a + along * 7 + left(along) * 2.4, along, static_cast<int>((far - 14) / 2.5),
                    dice.between(0.2, 0.8), cars);
        for (double at = 9; at < far - 8; at += 10)
            if (dice.chance(0.6))
                add_tree(*site.scene, a + along * at + left(along) * 1.1, street_tree(2),
                         hash_of(grounds.hash, i, at * 10), site.year);
    }
}

void build_school(Site const& site, Grounds const& grounds)
{
    Polygon const& outline = grounds.outline;
    Dice dice{hash_of(grounds.hash, 0x5C4)};
    site.scene->add(outline, flat(inks::old_asphalt, Layer::ground));
    Polygon const room = fitted_rectangle(inset(outline, 3), dice.between(0.5, 0.75), 120, 18);
    if (room.empty())
        return scatter_trees(site, outline, 6, 0.6, grounds.hash);
    Point const along = direction(room[1] - room[0]), across = left(along);
    double const far = length(room[1] - room[0]), wide = length(room[2] - room[1]),
                 deep = std::min(11.0, wide * 0.3);
    Building building;
    building.eaves = dice.between(6, 9);
    building.slope = 0.7;
    building.cover = cover_for(0.55, dice);
    add_hip_roof(*site.scene, *site.light,
                 plot_of({room[0], room[1], room[1] + across * deep, room[0] + across * deep}), building,
                 dice);
    Point const wing = room[0] + across * deep;
    add_flat_roof(*site.scene,
                  {wing, wing + along * deep, wing + along * deep + across * (wide - deep),
                   wing + across * (wide - deep)},
                  6.5, inks::gravel_roof, dice);
    Point const court = centroid(room) + along * (deep * 0.6) + across * (deep * 0.5);
    double const size = std::min(24.0, (wide - deep) * 0.9);
    site.scene->add(rectangle(court, along, size, size * 0.55),
                    flat(dice.chance(0.5) ? tartan : hard_court, Layer::yard));
    outline_in_paint(*site.scene, rectangle(court, along, size * 0.95, size * 0.5), 0.1);
    outline_in_paint(*site.scene, disc(court, size * 0.08, 16), 0.1);
    for (double at = -far * 0.3; at < far * 0.5; at += 8)
        add_tree(*site.scene, court + along * at + across * (size * 0.42), street_tree(1),
                 hash_of(grounds.hash, at * 8), site.year);
    scatter_trees(site,
                  {outline[0], outline[1], outline[1] + (centroid(outline) - outline[1]) * 0.2,
                   outline[0] + (centroid(outline) - outline[0]) * 0.2},
                  6, 0.4, hash_of(grounds.hash, 5));
}

void build_stadium(Site const& site, Grounds const& grounds)
{
    Polygon const& outline = grounds.outline;
    Dice dice{hash_of(grounds.hash, 0x57A)};
    site.scene->add(outline, flat(inks::lawn, Layer::ground));
    Polygon const field = fitted_rectangle(inset(outline, 4), 0.62, 116, 40);
    if (field.empty())
        return build_park(site, grounds);
    Point const along = direction(field[1] - field[0]), across = left(along), middle = centroid(field);
    double const far = length(field[1] - field[0]) - 12, wide = length(field[2] - field[1]) - 12;
    site.scene->add(rounded(rectangle(middle, along, far + 12, wide + 12), 20), flat(tartan, Layer::ground));
    for (int lane = 0; lane < 5; ++lane)
        outline_in_paint(
            *site.scene,
            rounded(rectangle(middle, along, far + 11.6 - 2.4 * lane, wide + 11.6 - 2.4 * lane), 20), 0.08);
    add_pitch(*site.scene, middle, along, far - 9, wide - 9);
    Polygon const stand = rectangle(middle + across * (wide / 2 + 13), along, far * 0.5, 9);
    if (contains(outline, stand[2]) && contains(outline, stand[3]))
        add_hall(site, stand, dice);
    Point const court = middle - across * (wide / 2 + 18);
    for (int i : {-1, 1})
        if (Polygon const room = rectangle(court + along * (i * 20.0), along, 36, 18);
            std::all_of(room.begin(), room.end(), [&](Point p) { return contains(outline, p); }))
            add_tennis_court(*site.scene, court + along * (i * 20.0), along, i > 0 ? clay : hard_court);
    for (std::size_t i = 0; i < outline.size(); ++i) {
        Point const a = outline[i], b = outline[(i + 1) % outline.size()];
        for (double at = 5; at < length(b - a) - 4; at += 8)
            add_tree(*site.scene, a + direction(b - a) * at + left(direction(b - a)) * 2.5, street_tree(3),
                     hash_of(grounds.hash, i, at * 8), site.year);
    }
}

void build_church(Site const& site, Grounds const& grounds)
{
    Polygon const& outline = grounds.outline;
    Dice dice{hash_of(grounds.hash, 0xC4)};
    Surface slabs = flat(inks::paving, Layer::ground);
    slabs.texture = {Weave::slabs, {0, 1}, 0.6, 0.9, 8};
    site.scene->add(outline, slabs);
    Point const middle = centroid(outline), east{1, 0}, north{0, 1};
    double const size = std::clamp(width_of(outline) / 44, 0.5, 1.25);
    Building nave;
    nave.eaves = 15 * size;
    nave.slope = 1.1;
    nave.cover = slate_cover(dice);
    auto const arm = [&](Point place, Point along, double far, double wide) {
        add_gable_roof(*site.scene, *site.light, plot_of(rectangle(place, along, far, wide)), nave, dice);
    };
    Building aisle = nave;
    aisle.eaves = 7 * size;
    aisle.slope = 0.4;
    for (int side : {-1, 1})
        add_lean_to(
            *site.scene, *site.light,
            rectangle(middle + north * (side * 7.5 * size) - east * (2 * size), east, 30 * size, 5 * size),
            north * side, aisle);
    arm(middle, east, 44 * size, 11 * size);
    arm(middle + east * (7 * size), north, 28 * size, 10 * size);
    for (double angle = -1.4; angle < 1.5; angle += 0.56) {
        Point const end = middle + east * (22 * size);
        Surface apse = flat(nave.cover.ink, Layer::building);
        apse.light = brightness(*site.light, turned(east, angle + 0.28), 1);
        apse.height = nave.eaves;
        site.scene->add(
            {end, end + turned(east, angle) * (5.5 * size), end + turned(east, angle + 0.56) * (5.5 * size)},
            apse);
    }
    site.scene->add_prism(disc(middle + east * (22 * size), 5.2 * size, 12), nave.eaves);
    for (int side : {-1, 1})
        add_spire(site, middle - east * (20 * size) + north * (side * 5.6 * size), east, 7 * size, 46 * size,
                  nave.cover);
    for (std::size_t i = 0; i < outline.size(); ++i) {
        Point const a = outline[i], b = outline[(i + 1) % outline.size()];
        for (double at = 6; at < length(b - a) - 5; at += 8.5)
            if (dice.chance(0.55))
                add_tree(*site.scene, a + direction(b - a) * at + left(direction(b - a)) * 3, street_tree(1),
                         hash_of(grounds.hash, i, at * 8), site.year);
    }
}

void build_square(Site const& site, Grounds const& grounds)
{
    Polygon const& outline = grounds.outline;
    Dice dice{hash_of(grounds.hash, 0x504)};
    Surface slabs = flat(dice.chance(0.6) ? inks::paving : inks::cobbles, Layer::ground);
    slabs.texture = {Weave::slabs, longest_side(outline), 0.7, 1.1, 9};
    site.scene->add(outline, slabs);
    Point const middle = centroid(outline);
    for (double radius : {9.0, 8.4})
        site.scene->add(disc(middle, radius, 48),
                        flat(radius > 8.5 ? inks::stone : inks::cobbles, Layer::yard));
    site.scene->add(disc(middle, 4.4, 40), flat(inks::stone, Layer::yard));
    site.scene->add(disc(middle, 3.9, 40), flat(inks::pool, Layer::yard));
    add_box(*site.scene, disc(middle, 1.1, 16), 0, 3.2, inks::stone, Layer::low);
    Polygon const ring = inset(outline, 4.5);
    for (std::size_t i = 0; i < ring.size(); ++i) {
        Point const a = ring[i], b = ring[(i + 1) % ring.size()];
        for (double at = 3; at < length(b - a) - 2; at += 7.5) {
            Point const place = a + direction(b - a) * at;
            site.scene->add(disc(place, 0.8, 12), flat(inks::soil, Layer::yard));
            add_tree(*site.scene, place, street_tree(0), hash_of(grounds.hash, i, at * 8), site.year);
        }
    }
    // Terraces of cafés, another set each year.
    Dice cafes{hash_of(grounds.hash, 7, site.year)};
    constexpr Ink awnings[] = {{{214, 206, 188, 170}, {206, 198, 180, 164}, 0, 10, 4, 4},
                               {{176, 50, 44, 130}, {168, 46, 40, 126}, 0, 10, 4, 4},
                               {{226, 224, 216, 180}, {216, 214, 206, 174}, 0, 10, 4, 4}};
    Polygon const inner = inset(outline, 9);
    Box const box = inner.empty() ? Box{} : box_of(inner);
    for (int i = 0; i < 40 && !inner.empty(); ++i) {
        Point const place{cafes.between(box.x0, box.x1), cafes.between(box.y0, box.y1)};
        if (!contains(inner, place) || length(place - middle) < 11)
            continue;
        add_box(*site.scene, rectangle(place, longest_side(outline), 2.8, 2.8), 0, 2.3,
                awnings[cafes.pick(3)], Layer::low);
    }
}

} // namespace ardoise::sample
