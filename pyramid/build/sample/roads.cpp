// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/sample/site.hpp"

#include "pyramid/build/sample/inks.hpp"

#include <algorithm>

namespace ardoise::sample {

namespace {

constexpr double bridge_height = 7; // metres above the water

/// A street on the ground: straight on the plan, bent here.
class Way {
public:
    Way(Site const& site, Street const& street)
        : land_{*site.land}, from_{street.from}, to_{street.to}, far_{length(street.to - street.from)},
          bridge_{street.bridge}
    {
    }

    double far() const { return far_; }
    /// White paint, lying on the bridge if this is one.
    Surface paint() const
    {
        Surface surface = flat(inks::white_paint, Layer::marking);
        surface.height = bridge_ ? bridge_height : 0;
        return surface;
    }
    /// `at` metres along the middle, `aside` metres to the left of it.
    Point at(double at, double aside) const
    {
        return land_.to_ground(from_ + direction(to_ - from_) * at + left(direction(to_ - from_)) * aside);
    }
    Point heading(double where) const { return direction(at(where + 0.5, 0) - at(where - 0.5, 0)); }
    Polygon strip(double from, double to, double right, double left_side) const
    {
        return {at(from, right), at(to, right), at(to, left_side), at(from, left_side)};
    }

private:
    Landscape const& land_;
    Point from_, to_;
    double far_;
    bool bridge_;
};

void paint_dashes(Scene& scene, Way const& way, double from, double to, double aside, double dash, double gap)
{
    for (double at = from; at + dash < to; at += dash + gap)
        scene.add(way.strip(at, at + dash, aside - 0.06, aside + 0.06), way.paint());
}

void paint_solid(Scene& scene, Way const& way, double from, double to, double aside)
{
    for (double at = from; at < to; at += 8)
        scene.add(way.strip(at, std::min(to, at + 8.02), aside - 0.06, aside + 0.06), way.paint());
}

/// Bars across the whole street.
void paint_crossing(Scene& scene, Way const& way, double at, double width)
{
    for (double aside = -width / 2 + 0.5; aside + 0.5 < width / 2; aside += 1)
        scene.add(way.strip(at, at + 3, aside, aside + 0.5), way.paint());
}

void paint_stop_line(Scene& scene, Way const& way, double at, double from, double to)
{
    scene.add(way.strip(at, at + 0.4, from, to), way.paint());
}

void send_traffic(Site const& site, Way const& way, double from, double to, double aside, std::uint64_t hash)
{
    Dice dice{hash_of(hash, site.year)};
    for (double at = from + dice.between(5, 60); at < to; at += dice.between(12, 90))
        for (int side : {-1, 1})
            if (dice.chance(0.5))
                add_car(*site.scene, way.at(at, side * aside), way.heading(at) * -side, dice);
}

void plant_median(Site const& site, Way const& way, double from, double to, std::uint64_t hash)
{
    for (double at = from; at < to; at += 6) {
        double const end = std::min(to, at + 6.02);
        site.scene->add(way.strip(at, end, -1.5, 1.5), flat(inks::kerb, Layer::ground));
        site.scene->add(way.strip(at, end, -1.3, 1.3), flat(inks::lawn, Layer::ground));
    }
    for (double at = from + 4; at < to - 3; at += 9)
        add_tree(*site.scene, way.at(at, 0), street_tree(0), hash_of(hash, at * 8), site.year);
}

/// What makes tarmac look lived on: trenches closed again, manholes.
void patch(Site const& site, Way const& way, double width, std::uint64_t hash)
{
    Dice dice{hash_of(hash, 0x9A7C)};
    for (double at = dice.between(3, 30); at < way.far() - 4; at += dice.between(8, 40)) {
        double const aside = dice.between(-width / 2 + 1, width / 2 - 1.6), far = dice.between(0.8, 9),
                     wide = dice.between(0.5, 1.4);
        Surface trench = flat(dice.chance(0.6) ? inks::asphalt : inks::old_asphalt, Layer::ground);
        trench.light = dice.between(0.78, 1.08);
        if (dice.chance(0.5))
            site.scene->add(way.strip(at, std::min(at + far, way.far()), aside, aside + wide), trench);
        site.scene->add(disc(way.at(at + 2, aside * 0.6), 0.33, 12), flat(inks::dark, Layer::ground));
    }
}

void build_bridge(Site const& site, Street const& street, Way const& way)
{
    double const half = street.width / 2 + 2.4, from = 6, to = way.far() - 6;
    for (double at = from; at < to; at += 6) {
        double const end = std::min(to, at + 6.02);
        auto const lay = [&](Ink const& ink, double right, double left_side) {
            Surface surface = flat(ink, Layer::bridge);
            surface.height = bridge_height;
            site.scene->add(way.strip(at, end, right, left_side), surface);
        };
        lay(inks::stone, -half, half);
        lay(inks::pavement, -half + 0.5, half - 0.5);
        lay(inks::kerb, -street.width / 2 - 0.2, street.width / 2 + 0.2);
        lay(inks::asphalt, -street.width / 2, street.width / 2);
    }
    site.scene->add_prism(way.strip(from, to, -half, half), bridge_height, 0, 0.4);
    for (double at = way.far() * 0.28; at < way.far() * 0.8; at += way.far() * 0.22)
        for (int side : {-1, 1}) {
            Surface pier = flat(inks::stone, Layer::yard);
            pier.light = 0.85;
            site.scene->add({way.at(at - 2.2, side * (half - 0.5)), way.at(at + 2.2, side * (half - 0.5)),
                             way.at(at, side * (half + 3.5))},
                            pier);
        }
}

} // namespace

void build_street(Site const& site, Street const& street)
{
    Way const way{site, street};
    std::uint64_t const hash = hash_of(site.land->seed(), street.from.x * 64, street.from.y * 64);
    bool const rural = street.width < 6.6 && street.avenue &&
                       site.land->density(between(street.from, street.to, 0.5)) < 0.14;
    if (street.bridge)
        build_bridge(site, street, way);
    Dice dice{hash};
    if (!street.avenue && street.width < 5.6 && dice.chance(0.7))
        site.scene->add(way.strip(0, way.far(), -street.width / 2 - 1, street.width / 2 + 1),
                        flat(inks::cobbles, Layer::pavement));
    if (!street.bridge)
        patch(site, way, street.width, hash);
    double const clear = street.avenue ? 15 : 3;
    double const from = clear + 5, to = way.far() - clear - 5;
    if (rural || from >= to || street.width < 5.6)
        return;
    bool const crossings = dice.chance(0.85);
    if (crossings) {
        paint_crossing(*site.scene, way, clear, street.width);
        paint_crossing(*site.scene, way, way.far() - clear - 3, street.width);
        paint_stop_line(*site.scene, way, way.far() - clear - 4.6, -street.width / 2 + 0.3, -0.2);
        paint_stop_line(*site.scene, way, clear + 4.2, 0.2, street.width / 2 - 0.3);
    }
    if (street.width > 17 && !street.bridge) {
        plant_median(site, way, from + 4, to - 4, hash);
        for (int side : {-1, 1})
            paint_dashes(*site.scene, way, from, to, side * 5.2, 3, 3.5);
        send_traffic(site, way, from, to, 3.4, hash);
        return send_traffic(site, way, from, to, 6.8, hash_of(hash, 2));
    }
    if (street.avenue) {
        paint_solid(*site.scene, way, from, from + 14, 0);
        paint_solid(*site.scene, way, to - 14, to, 0);
        paint_dashes(*site.scene, way, from + 15, to - 14, 0, 3, 3.5);
    } else if (street.width > 6.4) {
        paint_dashes(*site.scene, way, from, to, 0, 1.5, 2.5);
    }
    if (street.avenue || dice.chance(0.4))
        send_traffic(site, way, from, to, std::min(2.2, street.width / 4), hash);
}

void build_roundabout(Site const& site, Roundabout const& roundabout)
{
    Point const middle = site.land->to_ground(roundabout.centre);
    auto& scene = *site.scene;
    scene.add(disc(middle, 18, 64), flat(inks::asphalt, Layer::yard));
    scene.add(disc(middle, 9.2, 48), flat(inks::kerb, Layer::yard));
    scene.add(disc(middle, 9.0, 48), flat(inks::cobbles, Layer::yard));
    scene.add(disc(middle, 7.4, 48), flat(inks::kerb, Layer::yard));
    scene.add(disc(middle, 7.2, 48), flat(inks::lush_lawn, Layer::yard));
    Dice dice{roundabout.hash};
    constexpr Ink flowers{{186, 84, 90, 150}, {206, 178, 90, 170}, 10, 64, 24, 18};
    scene.add(disc(middle, 3.4, 32), flat(flowers, Layer::yard));
    for (int i = 0; i < 5; ++i)
        if (dice.chance(0.7))
            add_tree(scene, middle + turned({5, 0}, i * 1.2566), street_tree(2), dice.next(), site.year);
    for (double angle = 0; angle < 6.28; angle += 0.12)
        add_line(scene, middle + turned({13.6, 0}, angle), middle + turned({13.6, 0}, angle + 0.05), 0.12,
                 inks::white_paint, Layer::marking);
    Dice cars{hash_of(roundabout.hash, site.year)};
    for (double angle = cars.between(0, 1); angle < 6.28; angle += cars.between(0.6, 2.4))
        add_car(scene, middle + turned({11.6, 0}, angle), left(turned({1, 0}, angle)), cars);
}

} // namespace ardoise::sample
