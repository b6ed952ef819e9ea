// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/sample/roofs.hpp"

#include "pyramid/build/sample/inks.hpp"
#include "pyramid/build/sample/objects.hpp"

#include <algorithm>

namespace ardoise::sample {

namespace {

Ink shifted(Ink ink, Dice& dice, int by)
{
    int const light = dice.pick(2 * by + 1) - by;
    for (auto* colour : {&ink.base, &ink.alternate})
        for (std::uint8_t& value : *colour)
            value = static_cast<std::uint8_t>(std::clamp(value + light, 0, 255));
    return ink;
}

void add_slope(Scene& scene, Light const& light, Polygon const& outline, Point downhill,
               Building const& building, double height)
{
    Surface surface = flat(building.cover.ink, Layer::building);
    surface.texture = building.cover.texture;
    bool const seams_run_down = surface.texture.weave == Weave::stripes;
    surface.texture.along = seams_run_down ? left(downhill) : downhill;
    surface.light = brightness(light, downhill, building.slope);
    surface.height = height;
    scene.add(outline, surface);
}

void add_edge(Scene& scene, Point from, Point to, double width, Ink const& ink, double light, double height)
{
    Surface surface = flat(ink, Layer::building);
    surface.light = light;
    surface.height = height;
    scene.add(rectangle(between(from, to, 0.5), direction(to - from), length(to - from), width), surface);
}

void add_pot(Scene& scene, Point place, double height)
{
    Surface pot = flat(inks::dark, Layer::roof);
    pot.height = height;
    scene.add(disc(place, 0.13, 6), pot);
}

void add_chimney(Scene& scene, Point place, Point along, double roof, double ridge, Dice& dice)
{
    double const far = dice.between(0.7, 1.5);
    Polygon const stack = rectangle(place, along, far, 0.55);
    Surface surface = flat(dice.chance(0.6) ? inks::brick : inks::stone, Layer::roof);
    surface.height = ridge + 1;
    scene.add(stack, surface);
    for (double at = -far / 2 + 0.3; at < far / 2 - 0.1; at += 0.42)
        add_pot(scene, place + along * at, ridge + 1);
    scene.add_prism(stack, roof + 2, roof - 0.3); // its shadow runs down a slope that falls away
}

/// Windows in a slope, in a row above the eaves; on old steep roofs they are dormers.
void add_windows(Scene& scene, Light const& light, Point from, Point to, Point uphill,
                 Building const& building, double height, Dice& dice)
{
    double const far = length(to - from);
    Point const along = direction(to - from);
    bool const dormers = building.eaves > 7 && dice.chance(0.4);
    int const count = static_cast<int>(far / (dormers ? 3.2 : 4.5));
    for (int i = 0; i < count; ++i) {
        if (!dormers && dice.chance(0.55))
            continue;
        Point const place =
            from + along * (far * (i + 0.5) / count) + uphill * (dormers ? 1.7 : dice.between(1.6, 2.6));
        if (!dormers) {
            Surface frame = flat(inks::zinc, Layer::roof);
            frame.height = height;
            scene.add(rectangle(place, along, 0.9, 1.2), frame);
            Surface pane = flat(inks::glass, Layer::roof);
            pane.light = dice.between(0.7, 1.5);
            pane.height = height;
            scene.add(rectangle(place, along, 0.7, 1.0), pane);
            continue;
        }
        for (int side : {-1, 1}) {
            Surface half = flat(building.cover.ink, Layer::roof);
            half.light = brightness(light, along * side, 0.8);
            half.height = height + 1;
            scene.add(rectangle(place + along * (0.38 * side), along, 0.76, 2.2), half);
        }
        scene.add_prism(rectangle(place, along, 1.4, 2.0), height + 0.9, height - 0.3);
    }
}

void add_panels(Scene& scene, Point from, Point to, double room, double height, Dice& dice)
{
    Point const along = direction(to - from), uphill = left(along);
    int const count = std::min(6, static_cast<int>(length(to - from) / 1.2) - 1);
    if (room < 2.6 || count < 2)
        return;
    Point const start =
        between(from, to, 0.5) - along * (0.52 * (count - 1)) + uphill * dice.between(1.2, room - 1.2);
    for (int i = 0; i < count; ++i) {
        Surface panel = flat(inks::solar, Layer::roof);
        panel.height = height;
        scene.add(rectangle(start + along * (1.06 * i), along, 1.0, 1.65), panel);
    }
}

struct Ridge {
    Point from, to;
    double height = 0;
};

/// What a pitched roof has on it: gutters, a ridge, windows, chimneys.
void add_trim(Scene& scene, Light const& light, Plot const& plot, Ridge const& ridge,
              Building const& building, Dice& dice)
{
    auto const& c = plot.corners;
    double const roof = (building.eaves + ridge.height) / 2;
    add_edge(scene, c[0], c[1], 0.16, inks::zinc, 0.9, building.eaves);
    add_edge(scene, c[2], c[3], 0.16, inks::zinc, 0.8, building.eaves);
    Ink crest = building.cover.ink;
    add_edge(scene, ridge.from, ridge.to, 0.22, crest, 1.18, roof);
    if (length(c[1] - c[0]) < 4)
        return;
    Point const uphill = left(direction(c[1] - c[0]));
    double const room = length(ridge.from - between(c[0], c[1], 0.5));
    if (room > 3.5) {
        add_windows(scene, light, c[0], c[1], uphill, building, roof, dice);
        add_windows(scene, light, c[2], c[3], left(direction(c[3] - c[2])), building, roof, dice);
    }
    int const chimneys = dice.pick(3);
    Point const along = direction(ridge.to - ridge.from);
    for (int i = 0; i < chimneys; ++i) {
        Point const place = between(ridge.from, ridge.to, i == 0 ? 0.06 : dice.between(0.3, 0.95));
        add_chimney(scene, place + left(along) * dice.between(-1.2, 1.2), left(along), roof, ridge.height,
                    dice);
    }
}

} // namespace

Cover slate_cover(Dice& dice)
{
    return {shifted(dice.chance(0.65) ? inks::slate : inks::pale_slate, dice, 9),
            {Weave::rows, {1, 0}, 0.22, 0.3, dice.pick(8) + 14}};
}

Cover tile_cover(Dice& dice)
{
    Ink const* const tiles[] = {&inks::orange_tile, &inks::brown_tile, &inks::old_tile, &inks::new_tile,
                                &inks::old_tile};
    return {shifted(*tiles[dice.pick(5)], dice, 10), {Weave::rows, {1, 0}, 0.34, 0.26, dice.pick(10) + 20}};
}

Cover zinc_cover(Dice& dice)
{
    return {shifted(inks::zinc, dice, 14), {Weave::stripes, {1, 0}, 0.6, 1, 7}};
}

Cover cover_for(double density, Dice& dice)
{
    double const slate = density > 0.6 ? 0.74 : density > 0.35 ? 0.58 : 0.42;
    double const thrown = dice.unit();
    if (thrown < slate)
        return slate_cover(dice);
    if (thrown < slate + (density > 0.5 ? 0.08 : 0.01))
        return zinc_cover(dice);
    return tile_cover(dice);
}

Plot plot_of(Polygon const& rectangle)
{
    return {{rectangle[0], rectangle[1], rectangle[2], rectangle[3]}};
}

void add_gable_roof(Scene& scene, Light const& light, Plot const& plot, Building const& building, Dice& dice)
{
    auto const& c = plot.corners;
    Ridge ridge{between(c[0], c[3], 0.5), between(c[1], c[2], 0.5), 0};
    double const half = length(between(ridge.from, ridge.to, 0.5) - between(c[0], c[1], 0.5));
    ridge.height = building.eaves + building.slope * half;
    double const roof = (building.eaves + ridge.height) / 2;
    Point const front = left(direction(c[1] - c[0])) * -1, back = left(direction(c[3] - c[2])) * -1;
    add_slope(scene, light, {c[0], c[1], ridge.to, ridge.from}, front, building, roof);
    add_slope(scene, light, {ridge.from, ridge.to, c[2], c[3]}, back, building, roof);
    add_trim(scene, light, plot, ridge, building, dice);
    Ink const verge = building.cover.ink;
    add_edge(scene, c[0], c[3], 0.2, verge, 0.72, roof);
    add_edge(scene, c[1], c[2], 0.2, verge, 0.72, roof);
    if (building.eaves < 6 && dice.chance(0.07))
        add_panels(scene, c[0], c[1], half, roof, dice);
    scene.add_prism(plot.polygon(), building.eaves);
    scene.add_prism(rectangle(between(ridge.from, ridge.to, 0.5), direction(ridge.to - ridge.from),
                              length(ridge.to - ridge.from), 0.4),
                    ridge.height, 0, building.eaves - 0.5);
}

void add_hip_roof(Scene& scene, Light const& light, Plot const& plot, Building const& building, Dice& dice)
{
    auto const& c = plot.corners;
    Point const from = between(c[0], c[3], 0.5), to = between(c[1], c[2], 0.5);
    double const half = length(c[3] - c[0]) / 2, far = length(to - from), cut = std::min(half, far * 0.48);
    Ridge const ridge{between(from, to, cut / far), between(to, from, cut / far),
                      building.eaves + building.slope * half};
    double const roof = (building.eaves + ridge.height) / 2;
    Polygon const slopes[] = {{c[0], c[1], ridge.to, ridge.from},
                              {c[1], c[2], ridge.to},
                              {c[2], c[3], ridge.from, ridge.to},
                              {c[3], c[0], ridge.from}};
    for (auto const& slope : slopes)
        add_slope(scene, light, slope, left(direction(slope[1] - slope[0])) * -1, building, roof);
    for (int i = 0; i < 4; ++i)
        add_edge(scene, c[i], i == 0 || i == 3 ? ridge.from : ridge.to, 0.2, building.cover.ink, 1.12, roof);
    add_trim(scene, light, plot, ridge, building, dice);
    scene.add_prism(plot.polygon(), building.eaves);
    scene.add_prism(rectangle(between(ridge.from, ridge.to, 0.5), direction(to - from),
                              std::max(0.5, length(ridge.to - ridge.from)), 0.4),
                    ridge.height, 0, building.eaves - 0.5);
}

void add_flat_roof(Scene& scene, Polygon const& outline, double height, Ink const& ink, Dice& dice)
{
    Surface parapet = flat(inks::stone, Layer::building);
    parapet.light = dice.between(0.85, 1.0);
    parapet.height = height + 0.5;
    scene.add(outline, parapet);
    Polygon const inner = inset(outline, 0.35);
    Surface roof = flat(shifted(ink, dice, 10), Layer::building);
    roof.height = height;
    scene.add(inner, roof);
    scene.add_prism(outline, height);
    Polygon const room = inset(outline, 2.5);
    if (room.empty())
        return;
    Point const along = direction(outline[1] - outline[0]);
    int const boxes = 1 + static_cast<int>(area(outline) / 130);
    Box const box = box_of(room);
    for (int i = 0; i < boxes; ++i) {
        Point const place{dice.between(box.x0, box.x1), dice.between(box.y0, box.y1)};
        double const far = dice.between(0.7, 2.6), wide = dice.between(0.6, 1.9),
                     rise = dice.between(0.5, 1.8);
        Ink const& cap = dice.chance(0.5) ? inks::zinc : inks::concrete;
        if (contains(room, place))
            add_box(scene, rectangle(place, along, far, wide), height, rise, cap, Layer::roof);
    }
}

void add_lean_to(Scene& scene, Light const& light, Polygon const& outline, Point downhill,
                 Building const& building)
{
    add_slope(scene, light, outline, downhill, building, building.eaves);
    scene.add_prism(outline, building.eaves);
}

void add_box(Scene& scene, Polygon const& outline, double base, double rise, Ink const& ink, Layer layer)
{
    Surface top = flat(ink, layer);
    top.height = base + rise;
    scene.add(outline, top);
    scene.add_prism(outline, base + rise, base > 0 ? base - 0.3 : 0);
}

} // namespace ardoise::sample
