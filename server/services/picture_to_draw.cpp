// SPDX-License-Identifier: Apache-2.0
#include "server/services/picture_to_draw.hpp"

#include <fmt/format.h>

namespace ardoise {

Reply draw_unless_known(Request const& request, PictureToDraw picture, Caches& caches)
{
    if (is_known_to(request, picture.known))
        return std::move(picture.known);
    auto key = fmt::format("{} {} {}", picture.key, key_of(picture.map), picture.known.cache_control);
    auto draw = [picture = std::move(picture), &caches] {
        if (!is_affordable(picture.map))
            return picture.refuse();
        auto response = picture.known;
        response.body = SharedBytes::of(render_map(picture.map, caches));
        response.media_type = media_type(picture.map.format, response.body.view);
        return response;
    };
    return Work{std::move(draw), std::move(key)};
}

} // namespace ardoise
