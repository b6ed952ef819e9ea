// SPDX-License-Identifier: Apache-2.0
// The tree in which WMS shows layers, by the groups that their descriptions name.
#pragma once

#include "server/catalog/layer.hpp"

namespace ardoise {

/// Layers of one group, and the groups within it; both in the order of the list that they were made from.
struct LayerGroup {
    std::string path; // "Orthophotos/2022"; empty for the root
    std::vector<std::shared_ptr<Layer const>> layers;
    std::vector<LayerGroup> groups;

    std::string_view title() const; // the last piece of its path
};

/// The root of the tree.
LayerGroup group_layers(std::vector<std::shared_ptr<Layer const>> const& layers);

/// Whether the layer stands in the group of that path, or in one within it.
bool is_in_group(Layer const& layer, std::string_view path);

/// Null when there is none of that path.
LayerGroup const* find_group(LayerGroup const& root, std::string_view path);

/// What a map of the group shows, from bottom to top: its own layers, then those of the groups within it.
/// Vector tiles are in no map.
std::vector<std::shared_ptr<Layer const>> layers_for_maps(LayerGroup const& group);

} // namespace ardoise
