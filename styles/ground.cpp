// SPDX-License-Identifier: Apache-2.0
#include "styles/ground.hpp"

#include "pyramid/grid/ground_scale.hpp"

namespace ardoise {

Ground ground_under(Crs const& crs, BoundingBox const& box, std::int32_t width, std::int32_t height,
                    std::int32_t margin)
{
    Ground ground{.margin = margin, .rows = {}};
    if (margin == 0)
        return ground;
    double const wide = box.width() / width, high = box.height() / height;
    for (std::int32_t row = 0; row < height; ++row) {
        auto const scale = ground_scale(crs, box.max_y - (row + 0.5) * high);
        ground.rows.push_back({wide * scale.east, high * scale.north});
    }
    return ground;
}

} // namespace ardoise
