// SPDX-License-Identifier: Apache-2.0
// A rectangle on the ground, in the units of some CRS.
#pragma once

#include <algorithm>

namespace ardoise {

/// x runs east, y runs north, whatever the axis order of the CRS (that is a matter of documents and requests,
/// see Crs::northing_first). Empty when a minimum is not below its maximum.
struct BoundingBox {
    double min_x = 0, min_y = 0, max_x = 0, max_y = 0;

    constexpr double width() const { return max_x - min_x; }
    constexpr double height() const { return max_y - min_y; }
    constexpr bool empty() const { return !(min_x < max_x && min_y < max_y); }
    friend constexpr bool operator==(BoundingBox const&, BoundingBox const&) = default;
};

/// What both share; empty when they share nothing.
constexpr BoundingBox intersect(BoundingBox const& a, BoundingBox const& b)
{
    return {std::max(a.min_x, b.min_x), std::max(a.min_y, b.min_y), std::min(a.max_x, b.max_x),
            std::min(a.max_y, b.max_y)};
}

/// The smallest box around both; an empty one adds nothing.
constexpr BoundingBox join(BoundingBox const& a, BoundingBox const& b)
{
    if (a.empty())
        return b;
    if (b.empty())
        return a;
    return {std::min(a.min_x, b.min_x), std::min(a.min_y, b.min_y), std::max(a.max_x, b.max_x),
            std::max(a.max_y, b.max_y)};
}

} // namespace ardoise
