// SPDX-License-Identifier: Apache-2.0
#include "server/services/styled_layers.hpp"

#include <fmt/format.h>

namespace ardoise {

namespace {

/// Adds all layers of a group; or says what is wrong.
std::optional<OgcError> add_group(std::vector<StyledLayer>& map, LayerGroup const& group,
                                  std::string_view style)
{
    if (!is_default_style(style))
        return OgcError{"StyleNotDefined", "STYLES",
                        fmt::format("A group of layers has no style \"{}\" of its own.", style)};
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
        return OgcError{"StyleNotDefined", "STYLES", no_style(*layer, style)};
    map.push_back({std::move(layer), found});
    return std::nullopt;
}

} // namespace ardoise
