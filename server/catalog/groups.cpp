// SPDX-License-Identifier: Apache-2.0
#include "server/catalog/groups.hpp"

#include <algorithm>

namespace ardoise {

namespace {

LayerGroup& child_of(LayerGroup& group, std::string_view path)
{
    auto const found = std::find_if(group.groups.begin(), group.groups.end(),
                                    [&](LayerGroup const& child) { return child.path == path; });
    if (found != group.groups.end())
        return *found;
    return group.groups.emplace_back(LayerGroup{.path = std::string{path}, .layers = {}, .groups = {}});
}

} // namespace

std::string_view LayerGroup::title() const
{
    return std::string_view{path}.substr(path.rfind('/') + 1);
}

LayerGroup group_layers(std::vector<std::shared_ptr<Layer const>> const& layers)
{
    LayerGroup root;
    for (auto const& layer : layers) {
        std::string_view const path = layer->description.group;
        auto* group = &root;
        for (std::size_t end = 0; end < path.size();) {
            end = std::min(path.find('/', end + 1), path.size());
            group = &child_of(*group, path.substr(0, end));
        }
        group->layers.push_back(layer);
    }
    return root;
}

bool is_in_group(Layer const& layer, std::string_view path)
{
    std::string_view const own = layer.description.group;
    return own == path || (own.starts_with(path) && own.substr(path.size()).starts_with('/'));
}

LayerGroup const* find_group(LayerGroup const& root, std::string_view path)
{
    for (auto const& group : root.groups) {
        if (group.path == path)
            return &group;
        if (path.starts_with(group.path + "/"))
            return find_group(group, path);
    }
    return nullptr;
}

std::vector<std::shared_ptr<Layer const>> layers_for_maps(LayerGroup const& group)
{
    std::vector<std::shared_ptr<Layer const>> layers;
    std::copy_if(group.layers.begin(), group.layers.end(), std::back_inserter(layers),
                 [](auto const& layer) { return !layer->is_vector(); });
    for (auto const& child : group.groups) {
        auto const inner = layers_for_maps(child);
        layers.insert(layers.end(), inner.begin(), inner.end());
    }
    return layers;
}

} // namespace ardoise
