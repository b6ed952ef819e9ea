// SPDX-License-Identifier: Apache-2.0
#include "server/services/chosen_format.hpp"

#include "server/services/tiles.hpp"

#include <algorithm>

namespace ardoise {

std::optional<PublishedFormat> chosen_format(Query const& query)
{
    constexpr PublishedFormat formats[] = {
        {"image/png", "png"}, {"image/jpeg", "jpg"}, {"image/webp", "webp"}};
    auto const picture = parse_picture_format(query.find("FORMAT").value_or(""));
    if (!picture)
        return std::nullopt;
    auto const* found = std::ranges::find(formats, name_of(*picture), &PublishedFormat::media_type);
    return found == std::end(formats) ? std::nullopt : std::optional{*found};
}

PublishedFormat tile_format(Layer const& layer, std::optional<PublishedFormat> const& chosen)
{
    if (chosen && find_picture(layer, layer.styles.front(), chosen->media_type))
        return *chosen;
    return {published_format(layer), published_extension(layer)};
}

} // namespace ardoise
