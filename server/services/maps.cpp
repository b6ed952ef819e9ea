// SPDX-License-Identifier: Apache-2.0
#include "server/services/maps.hpp"

#include "server/services/picture_to_draw.hpp"
#include "server/services/tile_of_map.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ardoise {

Result<BoundingBox> sound_box(BoundingBox const& box, std::string_view name)
{
    auto const invalid = [name](std::string_view what) {
        return OgcError{"InvalidParameterValue", std::string{name}, fmt::format("{} {}.", name, what)};
    };
    if (box.empty())
        return invalid("must have its minimum below its maximum on both axes");
    constexpr double farthest = 1e12; // beyond any ground, and safe to multiply
    if (!(std::max({std::abs(box.min_x), std::abs(box.min_y), std::abs(box.max_x), std::abs(box.max_y)}) <=
          farthest))
        return invalid("lies outside of every coordinate system");
    return box;
}

Reply get_map(Request const& request, MapRequest const& map, MapRefusal const& refusal, Caches& caches)
{
    if (auto const tile = find_tile(map))
        return get_tile(request, *tile, caches);
    auto const refuse = [write = refusal.write] {
        return write({"InvalidParameterValue", "WIDTH",
                      "The map is too costly; ask for fewer layers, fewer pixels or a smaller box."});
    };
    Response known{.media_type = media_type(map.format),
                   .body = {},
                   .etag = tag_of(hash_of(as_bytes(facts_of(map)))),
                   .cache_control = cache_control_of(map.layers, "public, max-age=3600")};
    return draw_unless_known(request, {map, std::move(known), refuse, refusal.name}, caches);
}

} // namespace ardoise
