// SPDX-License-Identifier: Apache-2.0
// What the flight covered: most of a rectangle of dalles, with edges and corners that nobody drew with a
// ruler.
#pragma once

#include "pyramid/build/sample/geometry.hpp"
#include "pyramid/build/sample/textures.hpp"

#include <cstdint>
#include <vector>

namespace ardoise::sample {

enum class Coverage { none, partial, full };

/// Immutable after construction: safe to share.
class Footprint {
public:
    /// A rectangle in pixels from the heart (x right, y down), cut into square dalles.
    Footprint(std::uint64_t seed, Window whole, std::int32_t dalle_pixels);

    /// For each pixel of `window`, row by row: 255 where its centre was covered, else 0.
    std::vector<std::uint8_t> mask(Window window) const;
    Coverage coverage(Window window) const;
    bool contains(Point pixel) const;

private:
    /// Where the edge crosses a horizontal line, from left to right.
    std::vector<double> crossings(double y) const;

    Polygon edge_; // not convex
    double row_height_ = 1, top_ = 0;
    std::vector<std::vector<std::size_t>> sides_by_row_; // of dalles
};

} // namespace ardoise::sample
