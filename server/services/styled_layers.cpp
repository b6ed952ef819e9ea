// SPDX-License-Identifier: Apache-2.0
#include "server/services/styled_layers.hpp"

#include <fmt/format.h>

namespace ardoise {

namespace {

OgcError no_such_style(std::string_view style)
{
    return {"StyleNotDefined", "STYLES", fmt::format("The layer has no style \"{}\".", style)};
}

/// Adds all layers of a group; or says what is wrong.
std::optional<OgcError> add_group(std::vector<StyledLayer>& map, LayerGroup const& group,
                                  std::string_view style)
{
    if (!is_default_style(style))
        return no_such_style(style);
    for (auto const& layer : layers_for_maps(group))
        map.push_back({layer, &layer->styles.front()});
    return std::nullopt;
}

} // namespace

std::optional<OgcError> add_named(std::vector<StyledLayer>& map, std::string_view name,
                                  std::string_view style, Site const& site,
                                  std::shared_ptr<Layer const> const& only)
{
    auto layer = find_layer(site, name, only);
    if (!layer && !only)
        if (auto const* group = find_group(site.catalog->groups(), name))
            return add_group(map, *group, style);
    if (!layer || layer->is_vector())
        return OgcError{"LayerNotDefined", "LAYERS", fmt::format("There is no layer \"{}\".", name)};
    auto const* found = find_style(*layer, style);
    if (!found)
        return no_such_style(style);
    map.push_back({std::move(layer), found});
    return std::nullopt;
}

} // namespace ardoise
