// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/sample/site.hpp"

#include "pyramid/build/sample/inks.hpp"
#include "pyramid/build/sample/roofs.hpp"

#include <algorithm>

namespace ardoise::sample {

namespace {

/// A garden with a house in it. In it x runs along the street from the lot's left corner, y away from the
/// street.
class HouseLot {
public:
    /// `x0` to `x1` along the street from `origin`; the rest of the lot lies behind `front` and before
    /// `back`.
    struct Frame {
        Point origin, along;
        double x0 = 0, x1 = 0, front = 0, back = 0;
    };

    HouseLot(Site const& site, Polygon const& outline, Frame const& frame, std::uint64_t hash, double density)
        : site_{site}, outline_{outline}, hash_{hash}, density_{density}, dice_{hash}, along_{frame.along},
          inward_{left(frame.along)}, width_{frame.x1 - frame.x0}, depth_{frame.back - frame.front},
          origin_{frame.origin + along_ * frame.x0 + inward_ * frame.front}
    {
    }

    void build()
    {
        lay_garden();
        if (width_ < 11 || depth_ < 14) {
            scatter_trees(site_, inset(outline_, 2), 5, 0.6, hash_of(hash_, 9));
            return;
        }
        enclose();
        bool const unbuilt = unit(hash_of(hash_, 8)) < 0.16 && !site_.changed(hash_of(hash_, 8), 1);
        if (unbuilt) {
            scatter_trees(site_, inset(outline_, 2), 7, 0.4, hash_of(hash_, 9));
            return;
        }
        place_house();
        place_drive();
        furnish();
    }

private:
    Point at(double x, double y) const { return origin_ + along_ * x + inward_ * y; }
    Polygon box(double x0, double y0, double x1, double y1) const
    {
        return {at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1)};
    }

    void lay_garden()
    {
        static Ink const* const lawns[] = {&inks::lawn, &inks::lush_lawn, &inks::lawn, &inks::dry_lawn,
                                           &inks::meadow};
        Surface lawn = flat(*lawns[dice_.pick(5)], Layer::ground);
        if (dice_.chance(0.3))
            lawn.texture = {Weave::stripes, turned(along_, dice_.between(0, 3)), 1.1, 1, 4};
        site_.scene->add(outline_, lawn);
    }

    void enclose()
    {
        gate_ = dice_.chance(0.5) ? 3 : width_ - 3.2;
        bool const wall = dice_.chance(0.4);
        auto const fence = [&](Point from, Point to, std::uint64_t key) {
            if (wall || length(to - from) < 1)
                add_wall(*site_.scene, from, to, inks::stone);
            else
                add_hedge(*site_.scene, from, to, 0.9, hash_of(hash_, key));
        };
        fence(at(0.4, 0.5), at(gate_ - 2, 0.5), 11);
        fence(at(gate_ + 2, 0.5), at(width_ - 0.4, 0.5), 12);
        if (dice_.chance(0.75))
            add_hedge(*site_.scene, at(width_ - 0.3, 0.8), at(width_ - 0.3, depth_), dice_.between(0.8, 1.2),
                      hash_of(hash_, 13));
        if (dice_.chance(0.75))
            add_hedge(*site_.scene, at(width_, depth_ - 0.3), at(0, depth_ - 0.3), dice_.between(0.8, 1.4),
                      hash_of(hash_, 14));
    }

    void place_house()
    {
        double const far = std::clamp(width_ - dice_.between(4.5, 7), 7.5, 13.0);
        deep_ = std::min(dice_.between(7.2, 9.6), depth_ * 0.45);
        setback_ = std::clamp(dice_.between(3.5, 7.5), 2.5, depth_ * 0.3);
        x0_ = gate_ < width_ / 2 ? width_ - far - 1.4 : 1.4;
        x1_ = x0_ + far;
        Building house;
        house.eaves = dice_.chance(0.4) ? dice_.between(5, 6.2) : dice_.between(2.8, 3.6);
        house.slope = dice_.between(0.5, 0.95);
        Dice roofing{hash_of(hash_, site_.changed(hash_of(hash_, 15), 0.3) ? 17 : 16)};
        house.cover = cover_for(density_, roofing);
        Plot const plot = plot_of(box(x0_, setback_, x1_, setback_ + deep_));
        auto& scene = *site_.scene;
        if (dice_.chance(0.07))
            add_flat_roof(scene, plot.polygon(), house.eaves + 1,
                          dice_.chance(0.4) ? inks::planted_roof : inks::gravel_roof, dice_);
        else if (dice_.chance(0.38))
            add_hip_roof(scene, *site_.light, plot, house, dice_);
        else
            add_gable_roof(scene, *site_.light, plot, house, dice_);
        if (dice_.chance(0.4))
            add_extension(house);
    }

    void add_extension(Building house)
    {
        double const from = x0_ + dice_.between(0, (x1_ - x0_) * 0.5), far = dice_.between(3.5, 5.5);
        Polygon const outline = box(from, setback_ + deep_, std::min(from + far, x1_),
                                    setback_ + deep_ + dice_.between(2.5, 4.5));
        if (dice_.chance(0.5)) {
            Ink const& ink = dice_.chance(0.3) ? inks::glass : dice_.chance(0.5) ? inks::zinc : inks::bitumen;
            add_flat_roof(*site_.scene, outline, 2.6, ink, dice_);
            return;
        }
        house.eaves = 2.6;
        house.slope = 0.4;
        add_lean_to(*site_.scene, *site_.light, outline, inward_, house);
    }

    void place_drive()
    {
        static Ink const* const drives[] = {&inks::gravel, &inks::concrete, &inks::old_asphalt,
                                            &inks::paving};
        double const half = dice_.between(1.4, 1.8), end = setback_ + dice_.between(3, 8);
        site_.scene->add(box(gate_ - half, -0.2, gate_ + half, end),
                         flat(*drives[dice_.pick(4)], Layer::yard));
        bool const room = gate_ < width_ / 2 ? x0_ > gate_ + 1.9 : x1_ < gate_ - 1.9;
        if (room && dice_.chance(0.5)) {
            Building garage;
            garage.eaves = 2.5;
            garage.slope = 0.5;
            garage.cover = tile_cover(dice_);
            add_gable_roof(*site_.scene, *site_.light, plot_of(box(gate_ - 1.7, end, gate_ + 1.7, end + 6)),
                           garage, dice_);
        }
        Dice cars{hash_of(hash_, site_.year)};
        if (cars.chance(0.6))
            add_car(*site_.scene, at(gate_, cars.between(2.6, std::max(2.7, end - 2.5))), inward_, cars);
    }

    void furnish()
    {
        double const behind = setback_ + deep_;
        auto& scene = *site_.scene;
        if (dice_.chance(0.75))
            scene.add(box(x0_ + 1, behind, x1_ - 1, behind + dice_.between(2.5, 4)),
                      flat(dice_.chance(0.6) ? inks::paving : inks::concrete, Layer::yard));
        double const rest = depth_ - behind;
        if (rest > 12 && unit(hash_of(hash_, 20)) < 0.34 && site_.changed(hash_of(hash_, 21), 1))
            add_pool(at(width_ * dice_.between(0.35, 0.65), behind + rest * 0.55));
        if (rest > 8 && dice_.chance(0.5))
            add_flat_roof(scene, box(1.2, depth_ - 4, 4, depth_ - 1.4), 2.2,
                          dice_.chance(0.5) ? inks::brown_tile : inks::bitumen, dice_);
        if (rest > 10 && dice_.chance(0.25)) {
            Surface beds = flat(inks::vegetables, Layer::yard);
            beds.texture = {Weave::stripes, along_, 0.8, 1, 16};
            scene.add(box(width_ - 7, depth_ - 7, width_ - 1.5, depth_ - 2), beds);
        }
        for (int i = 2 + dice_.pick(7); i > 0; --i)
            add_bush(
                scene,
                at(dice_.between(1.2, width_ - 1.2), dice_.chance(0.4) ? 1.5 : depth_ - dice_.between(1, 6)),
                dice_.between(0.4, 1.2), dice_.chance(0.2) ? inks::blossom : inks::hedge, dice_);
        scatter_trees(
            site_,
            {at(2, behind + 4), at(width_ - 2, behind + 4), at(width_ - 2, depth_ - 1), at(2, depth_ - 1)}, 6,
            0.5, hash_of(hash_, 22));
        if (dice_.chance(0.35)) {
            Dice own{hash_of(hash_, 23)};
            TreeKind kind = any_tree(own);
            kind.radius = std::min(kind.radius, 2.6);
            add_tree(scene, at(gate_ < width_ / 2 ? width_ - 3 : 3, 2.6), kind, own.next(), site_.year);
        }
    }

    void add_pool(Point place)
    {
        double const far = dice_.between(6, 9.5), wide = dice_.between(3, 4.4);
        site_.scene->add(rectangle(place, along_, far + 2.6, wide + 2.6), flat(inks::paving, Layer::yard));
        site_.scene->add(rectangle(place, along_, far + 0.5, wide + 0.5), flat(inks::membrane, Layer::yard));
        site_.scene->add(rectangle(place, along_, far, wide),
                         flat(dice_.chance(0.15) ? inks::cover : inks::pool, Layer::yard));
    }

    Site const& site_;
    Polygon const& outline_;
    std::uint64_t hash_;
    double density_;
    Dice dice_;
    Point along_, inward_;
    double width_, depth_;
    Point origin_;
    double gate_ = 0, setback_ = 0, deep_ = 0, x0_ = 0, x1_ = 0;
};

/// How far a convex outline reaches across at one place along it.
struct Reach {
    double low = 0, high = 0;
};

Reach reach_at(Polygon const& outline, Point origin, Point along, double x)
{
    Reach reach{1e9, -1e9};
    for (std::size_t i = 0; i < outline.size(); ++i) {
        Point const a = outline[i] - origin, b = outline[(i + 1) % outline.size()] - origin;
        double const xa = dot(a, along), xb = dot(b, along);
        if (std::min(xa, xb) > x || std::max(xa, xb) < x || xa == xb)
            continue;
        double const y = dot(between(a, b, (x - xa) / (xb - xa)), left(along));
        reach = {std::min(reach.low, y), std::max(reach.high, y)};
    }
    return reach;
}

/// Gardens side by side along a street.
void build_row(Site const& site, Grounds const& grounds, Polygon const& strip, Point along,
               std::uint64_t hash)
{
    if (strip.empty())
        return;
    Dice dice{hash};
    Point const origin = strip[0];
    double first = 1e9, last = -1e9;
    for (Point const p : strip) {
        first = std::min(first, dot(p - origin, along));
        last = std::max(last, dot(p - origin, along));
    }
    int const lots = std::max(1, static_cast<int>(std::lround((last - first) / dice.between(13.5, 18.5))));
    for (int i = 0; i < lots; ++i) {
        double const x0 = first + (last - first) * i / lots, x1 = first + (last - first) * (i + 1) / lots;
        Polygon const outline =
            clipped(clipped(strip, origin + along * x0, along), origin + along * x1, along * -1);
        if (outline.empty())
            continue;
        Reach const a = reach_at(strip, origin, along, x0 + 1), b = reach_at(strip, origin, along, x1 - 1);
        HouseLot::Frame const frame{origin, along, x0, x1, std::max(a.low, b.low), std::min(a.high, b.high)};
        HouseLot{site, outline, frame, hash_of(hash, i), grounds.density}.build();
    }
}

void add_slab_of_flats(Site const& site, Point place, Point along, double far, Dice& dice)
{
    Polygon const outline = rectangle(place, along, far, dice.between(10.5, 13));
    double const height = 3.0 * (3 + dice.pick(5)) + 1;
    static Ink const* const roofs[] = {&inks::bitumen, &inks::gravel_roof, &inks::membrane};
    add_flat_roof(*site.scene, outline, height, *roofs[dice.pick(3)], dice);
    for (double at = -far / 2 + 8; at < far / 2 - 4; at += 16)
        add_box(*site.scene, rectangle(place + along * at, along, 3.4, 2.6), height, 2.4, inks::concrete,
                Layer::roof);
}

} // namespace

void build_houses(Site const& site, Grounds const& grounds)
{
    Polygon const& outline = grounds.outline;
    if (outline.empty())
        return;
    Dice dice{hash_of(grounds.hash, 0x400)};
    Point const middle = centroid(outline);
    // Two rows of gardens, back to back.
    for (int row : {0, 1}) {
        Point const along = longest_side(outline) * (row == 0 ? 1 : -1);
        build_row(site, grounds, clipped(outline, middle, left(along) * -1), along,
                  hash_of(dice.next(), row));
    }
}

void build_estate(Site const& site, Grounds const& grounds)
{
    Polygon const& outline = grounds.outline;
    Dice dice{hash_of(grounds.hash, 0xE57)};
    site.scene->add(outline, flat(dice.chance(0.5) ? inks::lawn : inks::dry_lawn, Layer::ground));
    Point const along = longest_side(outline), across = left(along), middle = centroid(outline);
    Polygon const room = inset(outline, 8);
    double const far = dice.between(34, 54);
    for (int row = -4; row <= 4; ++row)
        for (int column = -3; column <= 3; ++column) {
            Dice own{hash_of(grounds.hash, row, column)};
            Point const place = middle + across * (row * 33.0) + along * (column * (far + 12));
            for (double size = far; size > 15; size *= 0.75) {
                Polygon const tried = rectangle(place, along, size, 14);
                if (!std::all_of(tried.begin(), tried.end(), [&](Point p) { return contains(room, p); }))
                    continue;
                add_slab_of_flats(site, place, along, size, own);
                Point const lot = place - across * 21 - along * (size / 2);
                Polygon const tarmac = rectangle(place - across * 16.4, along, size + 4, 13);
                if (!contains(room, tarmac[0]) || !contains(room, tarmac[1]))
                    break;
                site.scene->add(rounded(tarmac, 1), flat(inks::old_asphalt, Layer::yard));
                Dice cars{hash_of(own.next(), site.year)};
                add_parking(*site.scene, lot, along, static_cast<int>(size / 2.5), 0.66, cars);
                break;
            }
        }
    for (std::size_t path : {0U, 1U})
        add_line(*site.scene, outline[path], outline[(path + 2) % outline.size()], 1.8, inks::gravel,
                 Layer::ground);
    for (std::size_t i = 0; i < outline.size(); ++i) {
        Polygon const strip{outline[i], outline[(i + 1) % outline.size()], centroid(outline)};
        scatter_trees(site, inset(strip, 1.5), 6, 0.5, hash_of(grounds.hash, 4, i), inset(outline, 6));
    }
}

} // namespace ardoise::sample
