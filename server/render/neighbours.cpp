// SPDX-License-Identifier: Apache-2.0
#include "server/render/neighbours.hpp"

#include <algorithm>
#include <cmath>

namespace ardoise {

std::int32_t margin_of(StyledLayer const& layer, MapFrame const& frame)
{
    constexpr double widest = 64;
    if (reach(*layer.style) == 0)
        return 0;
    auto const apart = std::round(Sight{*layer.layer, frame}.enlargement());
    return reach(*layer.style) * static_cast<std::int32_t>(std::clamp(apart, 1.0, widest));
}

MapFrame grown(MapFrame const& frame, std::int32_t margin)
{
    double const x = margin * frame.box.width() / frame.width, y = margin * frame.box.height() / frame.height;
    return {frame.crs,
            {frame.box.min_x - x, frame.box.min_y - y, frame.box.max_x + x, frame.box.max_y + y},
            frame.width + 2 * margin,
            frame.height + 2 * margin};
}

Ground ground_of(MapFrame const& frame, std::int32_t margin)
{
    return ground_under(frame.crs, frame.box, frame.width, frame.height, margin);
}

} // namespace ardoise
