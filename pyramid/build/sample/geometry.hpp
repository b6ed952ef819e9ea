// SPDX-License-Identifier: Apache-2.0
// Plane geometry in metres, x east and y north: points, boxes, and the convex polygons that a city is cut
// into.
#pragma once

#include <cmath>
#include <vector>

namespace ardoise::sample {

struct Point {
    double x = 0, y = 0;
    friend Point operator+(Point a, Point b) { return {a.x + b.x, a.y + b.y}; }
    friend Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }
    friend Point operator*(Point a, double k) { return {a.x * k, a.y * k}; }
};

inline double dot(Point a, Point b)
{
    return a.x * b.x + a.y * b.y;
}
inline double cross(Point a, Point b)
{
    return a.x * b.y - a.y * b.x;
}
inline double length(Point a)
{
    return std::sqrt(dot(a, a));
}
/// A vector of length 1, or nothing's direction: (1, 0).
inline Point direction(Point a)
{
    double const l = length(a);
    return l > 0 ? a * (1 / l) : Point{1, 0};
}
/// A quarter turn counter-clockwise.
inline Point left(Point a)
{
    return {-a.y, a.x};
}
inline Point between(Point a, Point b, double t)
{
    return a + (b - a) * t;
}
inline Point turned(Point a, double radians)
{
    double const c = std::cos(radians), s = std::sin(radians);
    return {a.x * c - a.y * s, a.x * s + a.y * c};
}

/// Corners in counter-clockwise order, the last one joined to the first. Convex unless said otherwise.
using Polygon = std::vector<Point>;

/// Half-open: [x0, x1) by [y0, y1).
struct Box {
    double x0 = 0, y0 = 0, x1 = 0, y1 = 0;
};

inline bool overlap(Box const& a, Box const& b)
{
    return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
}
inline Box grown(Box box, double by)
{
    return {box.x0 - by, box.y0 - by, box.x1 + by, box.y1 + by};
}
Box box_of(Polygon const& polygon);

double area(Polygon const& polygon);
Point centroid(Polygon const& polygon);

/// The part of a convex polygon on the side of the line through `on` to which `inward` points; empty where
/// none is.
Polygon clipped(Polygon const& polygon, Point on, Point inward);

/// A convex polygon with each side moved inward by `distance`; empty where nothing stays.
Polygon inset(Polygon const& polygon, double distance);

/// The same with one corner for each corner of `polygon`, so that sides correspond; empty where a side would
/// vanish.
Polygon inset_corner_by_corner(Polygon const& polygon, double distance);

/// Without sides shorter than `shortest`.
Polygon simplified(Polygon const& polygon, double shortest);

/// Corners turned into curves that begin `radius` before the corner (less on short sides).
Polygon rounded(Polygon const& polygon, double radius);

/// Sides cut into pieces of at most `longest`.
Polygon densified(Polygon const& polygon, double longest);

/// The smallest width over the directions of its sides.
double width_of(Polygon const& polygon);

/// Whether `point` is inside a convex polygon.
bool contains(Polygon const& polygon, Point point);

/// A rectangle around `centre`, `along` (a unit vector) being the direction of its length.
Polygon rectangle(Point centre, Point along, double length, double width);

/// A regular polygon: a disc for all that matters here.
Polygon disc(Point centre, double radius, int corners);

} // namespace ardoise::sample
