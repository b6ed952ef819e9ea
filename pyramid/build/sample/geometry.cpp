// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/sample/geometry.hpp"

#include <algorithm>
#include <limits>
#include <numbers>

namespace ardoise::sample {

Box box_of(Polygon const& polygon)
{
    double const infinity = std::numeric_limits<double>::infinity();
    Box box{infinity, infinity, -infinity, -infinity};
    for (Point const p : polygon) {
        box.x0 = std::min(box.x0, p.x);
        box.y0 = std::min(box.y0, p.y);
        box.x1 = std::max(box.x1, p.x);
        box.y1 = std::max(box.y1, p.y);
    }
    return box;
}

double area(Polygon const& polygon)
{
    double twice = 0;
    for (std::size_t i = 0; i < polygon.size(); ++i)
        twice += cross(polygon[i] - polygon[0], polygon[(i + 1) % polygon.size()] - polygon[0]);
    return twice / 2;
}

Point centroid(Polygon const& polygon)
{
    Point sum;
    double twice = 0;
    for (std::size_t i = 1; i + 1 < polygon.size(); ++i) {
        double const part = cross(polygon[i] - polygon[0], polygon[i + 1] - polygon[0]);
        sum = sum + (polygon[0] + polygon[i] + polygon[i + 1]) * (part / 3);
        twice += part;
    }
    return twice > 0 ? sum * (1 / twice) : polygon.empty() ? Point{} : polygon[0];
}

Polygon clipped(Polygon const& polygon, Point on, Point inward)
{
    Polygon kept;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        Point const a = polygon[i], b = polygon[(i + 1) % polygon.size()];
        double const side_a = dot(a - on, inward), side_b = dot(b - on, inward);
        if (side_a >= 0)
            kept.push_back(a);
        if ((side_a >= 0) != (side_b >= 0))
            kept.push_back(between(a, b, side_a / (side_a - side_b)));
    }
    return kept.size() < 3 ? Polygon{} : kept;
}

Polygon inset(Polygon const& polygon, double distance)
{
    Polygon kept = polygon;
    for (std::size_t i = 0; i < polygon.size() && !kept.empty(); ++i) {
        Point const a = polygon[i], b = polygon[(i + 1) % polygon.size()];
        Point const inward = left(direction(b - a));
        kept = clipped(kept, a + inward * distance, inward);
    }
    return kept;
}

Polygon inset_corner_by_corner(Polygon const& polygon, double distance)
{
    std::size_t const n = polygon.size();
    Polygon moved(n);
    for (std::size_t i = 0; i < n; ++i) {
        Point const before = direction(polygon[i] - polygon[(i + n - 1) % n]);
        Point const after = direction(polygon[(i + 1) % n] - polygon[i]);
        Point const bisector = left(before) + left(after);
        double const reach = dot(bisector, left(after));
        if (reach < 0.1)
            return {};
        moved[i] = polygon[i] + bisector * (distance / reach);
    }
    for (std::size_t i = 0; i < n; ++i)
        if (dot(moved[(i + 1) % n] - moved[i], polygon[(i + 1) % n] - polygon[i]) <= 0)
            return {};
    return moved;
}

Polygon simplified(Polygon const& polygon, double shortest)
{
    Polygon kept;
    for (Point const p : polygon)
        if (kept.empty() || length(p - kept.back()) >= shortest)
            kept.push_back(p);
    while (kept.size() > 3 && length(kept.front() - kept.back()) < shortest)
        kept.pop_back();
    return kept.size() < 3 ? Polygon{} : kept;
}

Polygon rounded(Polygon const& polygon, double radius)
{
    std::size_t const n = polygon.size();
    Polygon curved;
    curved.reserve(n * 6);
    for (std::size_t i = 0; i < n; ++i) {
        Point const before = polygon[(i + n - 1) % n], corner = polygon[i], after = polygon[(i + 1) % n];
        double const reach =
            std::min({radius, length(corner - before) * 0.45, length(after - corner) * 0.45});
        Point const from = corner + direction(before - corner) * reach;
        Point const to = corner + direction(after - corner) * reach;
        for (int step = 0; step <= 5; ++step) {
            double const t = step / 5.0;
            curved.push_back(between(between(from, corner, t), between(corner, to, t), t));
        }
    }
    return curved;
}

Polygon densified(Polygon const& polygon, double longest)
{
    Polygon dense;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        Point const a = polygon[i], b = polygon[(i + 1) % polygon.size()];
        int const pieces = std::max(1, static_cast<int>(std::ceil(length(b - a) / longest)));
        for (int piece = 0; piece < pieces; ++piece)
            dense.push_back(between(a, b, static_cast<double>(piece) / pieces));
    }
    return dense;
}

double width_of(Polygon const& polygon)
{
    double narrowest = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        Point const a = polygon[i], b = polygon[(i + 1) % polygon.size()];
        Point const inward = left(direction(b - a));
        double reach = 0;
        for (Point const p : polygon)
            reach = std::max(reach, dot(p - a, inward));
        narrowest = std::min(narrowest, reach);
    }
    return polygon.empty() ? 0 : narrowest;
}

bool contains(Polygon const& polygon, Point point)
{
    for (std::size_t i = 0; i < polygon.size(); ++i)
        if (cross(polygon[(i + 1) % polygon.size()] - polygon[i], point - polygon[i]) < 0)
            return false;
    return !polygon.empty();
}

Polygon rectangle(Point centre, Point along, double length, double width)
{
    Point const l = along * (length / 2), w = left(along) * (width / 2);
    return {centre - l - w, centre + l - w, centre + l + w, centre - l + w};
}

Polygon disc(Point centre, double radius, int corners)
{
    Polygon round;
    for (int i = 0; i < corners; ++i) {
        double const angle = 2 * std::numbers::pi * i / corners;
        round.push_back(centre + Point{std::cos(angle), std::sin(angle)} * radius);
    }
    return round;
}

} // namespace ardoise::sample
