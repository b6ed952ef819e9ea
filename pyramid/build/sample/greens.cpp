// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/sample/site.hpp"

#include "pyramid/build/sample/inks.hpp"

#include <algorithm>

namespace ardoise::sample {

namespace {

/// A bent path between two places.
void add_path(Scene& scene, Point from, Point bend, Point to, double width)
{
    Point last = from;
    for (int step = 1; step <= 16; ++step) {
        double const t = step / 16.0;
        Point const next = between(between(from, bend, t), between(bend, to, t), t);
        Point const ahead = direction(next - last);
        add_line(scene, last - ahead * 0.4, next + ahead * 0.4, width, inks::gravel, Layer::ground);
        last = next;
    }
}

Ink const& crop(Dice& dice)
{
    static Ink const* const crops[] = {&inks::wheat,    &inks::stubble, &inks::maize,
                                       &inks::ploughed, &inks::meadow,  &inks::meadow,
                                       &inks::maize,    &inks::meadow,  &inks::dry_lawn};
    return *crops[dice.pick(9)];
}

void add_hedgerow(Site const& site, Point from, Point to, std::uint64_t hash)
{
    Dice dice{hash};
    add_hedge(*site.scene, from, to, dice.between(1.6, 2.6), hash_of(hash, 1));
    double const far = length(to - from);
    for (double at = dice.between(2, 10); at < far; at += dice.between(5, 22)) {
        Dice own{dice.next()};
        TreeKind const kind{own.chance(0.6) ? inks::oak : inks::broadleaf, own.between(3, 6.5),
                            own.between(8, 14)};
        add_tree(*site.scene, between(from, to, at / far), kind, own.next(), site.year);
    }
}

} // namespace

void build_park(Site const& site, Grounds const& grounds)
{
    Polygon const& outline = grounds.outline;
    if (outline.empty())
        return;
    Dice dice{hash_of(grounds.hash, 0x9A4)};
    Surface lawn = flat(inks::lush_lawn, Layer::ground);
    lawn.texture = {Weave::stripes, turned({1, 0}, dice.between(0, 3)), 1.6, 1, 3};
    site.scene->add(outline, lawn);
    auto& scene = *site.scene;
    Point const middle = centroid(outline);
    double const size = width_of(outline);
    std::size_t const n = outline.size();
    Polygon const around = inset(outline, 5);
    for (std::size_t i = 0; i < around.size(); ++i)
        add_path(scene, around[i], between(around[i], around[(i + 1) % around.size()], 0.5),
                 around[(i + 1) % around.size()], 2.4);
    for (std::size_t i = 0; i < n; ++i)
        add_path(scene, between(outline[i], outline[(i + 1) % n], 0.5),
                 middle + turned({size * 0.2, 0}, dice.between(0, 6.28)), middle, 2.6);
    scene.add(disc(middle, size * 0.09, 40), flat(inks::gravel, Layer::ground));
    Polygon clearing;
    if (size > 60) {
        Point const place = middle + turned({size * 0.25, 0}, dice.between(0, 6.28));
        Polygon shore;
        double const phase = dice.between(0, 6);
        for (Point const p : disc(place, size * 0.12, 48))
            shore.push_back(place +
                            (p - place) *
                                (1 + 0.25 * std::sin(3 * std::atan2(p.y - place.y, p.x - place.x) + phase)));
        scene.add(shore, flat(inks::stone, Layer::yard));
        Polygon water;
        for (Point const p : shore)
            water.push_back(place + (p - place) * 0.97);
        scene.add(water, flat(inks::pond, Layer::yard));
        clearing = disc(place, size * 0.14, 24);
    }
    constexpr Ink flowers{{178, 74, 96, 150}, {196, 170, 84, 170}, 10, 64, 24, 18};
    for (int i = 0; i < 10; ++i)
        scene.add(disc(middle + turned({size * 0.09 - 2.5, 0}, i * 0.628), 1.3, 16),
                  flat(flowers, Layer::yard));
    Polygon const grove = inset(outline, 8);
    scatter_trees(site, grove, 7, 0.55, hash_of(grounds.hash, 1), clearing);
    for (std::size_t i = 0; i < n; ++i) {
        Point const a = outline[i], b = outline[(i + 1) % n];
        for (double at = 4; at < length(b - a) - 3; at += 8.5)
            add_tree(scene, a + direction(b - a) * at + left(direction(b - a)) * 2.5,
                     street_tree(static_cast<int>(grounds.hash & 3)), hash_of(grounds.hash, i, at * 8),
                     site.year);
    }
}

void build_field(Site const& site, Grounds const& grounds)
{
    Polygon const& outline = grounds.outline;
    if (outline.empty())
        return;
    Dice sown{hash_of(grounds.hash, 0xF1E, site.year)}, dice{hash_of(grounds.hash, 0xF1F)};
    Surface field = flat(crop(sown), Layer::ground);
    Point const along = longest_side(outline);
    field.texture = {Weave::stripes, left(along), sown.between(0.5, 1.6), 1, sown.pick(8) + 3};
    site.scene->add(outline, flat(inks::verge, Layer::pavement));
    site.scene->add(inset(outline, 1.2), field);
    Point const middle = centroid(outline);
    bool const tracks = sown.chance(0.7);
    for (double off = -240; tracks && off <= 240; off += 24)
        for (double wheel : {-0.9, 0.9}) {
            Polygon const strip =
                clipped(clipped(inset(outline, 4), middle + left(along) * (off + wheel - 0.2), left(along)),
                        middle + left(along) * (off + wheel + 0.2), left(along) * -1);
            Surface track = flat(inks::ploughed, Layer::yard);
            track.light = 0.92;
            site.scene->add(strip, track);
        }
    for (std::size_t i = 0; i < outline.size(); ++i)
        if (dice.chance(0.62))
            add_hedgerow(site, outline[i], outline[(i + 1) % outline.size()], hash_of(grounds.hash, 1, i));
    if (dice.chance(0.2))
        add_tree(*site.scene, middle + along * dice.between(-15, 15), {inks::oak, 7, 14}, dice.next(), 2030);
}

void build_wood(Site const& site, Grounds const& grounds)
{
    Polygon const& outline = grounds.outline;
    if (outline.empty())
        return;
    site.scene->add(outline, flat(inks::verge, Layer::ground));
    Box const box = box_of(outline);
    Dice dice{hash_of(grounds.hash, 0x300D)};
    for (double y = box.y0; y < box.y1; y += 4.6)
        for (double x = box.x0; x < box.x1; x += 4.6) {
            Dice own{dice.next()};
            Point const place{x + own.between(0, 4.6), y + own.between(0, 4.6)};
            if (!contains(outline, place))
                continue;
            TreeKind const kind{own.chance(0.6) ? inks::oak : inks::broadleaf, own.between(2.6, 5),
                                own.between(9, 15)};
            add_tree(*site.scene, place, kind, own.next(), 2030);
        }
}

} // namespace ardoise::sample
