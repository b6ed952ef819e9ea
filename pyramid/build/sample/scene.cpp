// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/sample/scene.hpp"

#include <algorithm>

namespace ardoise::sample {

namespace {

Point to_pixels(Point metres)
{
    return {metres.x / Scene::pixel, -metres.y / Scene::pixel};
}

} // namespace

Scene::Scene(Box limits)
    : limits_{limits.x0 / pixel, -limits.y1 / pixel, limits.x1 / pixel, -limits.y0 / pixel}
{
}

/// Puts a polygon's corners at the end; its box is in pixels. Corners of what lies outside are taken back.
Box Scene::append(Polygon const& polygon)
{
    std::size_t const first = corners.size();
    Box box{1e9, 1e9, -1e9, -1e9};
    for (Point const p : polygon) {
        Point const placed = to_pixels(p);
        corners.push_back(placed);
        box = {std::min(box.x0, placed.x), std::min(box.y0, placed.y), std::max(box.x1, placed.x),
               std::max(box.y1, placed.y)};
    }
    if (outside(box))
        corners.resize(first);
    return box;
}

void Scene::add(Polygon const& polygon, Surface const& surface)
{
    if (polygon.size() < 3)
        return;
    PlacedSurface placed{corners.size(), polygon.size(), {}, surface};
    placed.box = append(polygon);
    if (outside(placed.box))
        return;
    items.push_back({surface.layer, false, surfaces.size()});
    surfaces.push_back(placed);
}

void Scene::add_crown(Point centre, double radius, double height, Ink const& ink, Layer layer)
{
    Point const place = to_pixels(centre);
    double const reach = radius / pixel;
    if (outside(grown({place.x, place.y, place.x, place.y}, reach)))
        return;
    items.push_back({layer, true, crowns.size()});
    crowns.push_back({place, reach, height, ink, layer});
}

void Scene::add_prism(Polygon const& polygon, double height, double base)
{
    double const above = height - base;
    add_prism(polygon, height, base, height - std::min(1.0, above / 3));
}

void Scene::add_prism(Polygon const& polygon, double height, double base, double below)
{
    if (polygon.size() < 3)
        return;
    Prism prism{corners.size(), polygon.size(), {}, height, base, below};
    prism.box = append(polygon);
    if (!outside(prism.box))
        prisms.push_back(prism);
}

void Scene::sort()
{
    std::stable_sort(items.begin(), items.end(),
                     [](Item const& a, Item const& b) { return a.layer < b.layer; });
}

} // namespace ardoise::sample
