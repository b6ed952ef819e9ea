// SPDX-License-Identifier: Apache-2.0
// The layers that the descriptors of a store make, each with what is said of it.
#pragma once

#include "server/catalog/catalog.hpp"
#include "server/catalog/layer_description.hpp"

#include <filesystem>
#include <memory>
#include <vector>

namespace ardoise {

/// What layers are read with.
struct LayerSources {
    std::filesystem::path description_folder;
    std::vector<std::filesystem::path> descriptions; // the files in it, by name
    TileMatrixSetLibrary const& sets;
    StyleLibrary const& styles;
    Offer further;
    Catalog const* published; // what has been until now, or null
    Reread reread;
};

struct LayerReading {
    std::vector<std::shared_ptr<Layer const>> layers;
    std::vector<Trouble> troubles;
};

/// Reads descriptors, each layer after those that it shows. A bad descriptor leaves its layer as it was, or
/// out; a bad description leaves it described as it was, or not: these are troubles. Files that describe no
/// pyramid (a style, a note) are passed over.
LayerReading read_layers(std::vector<std::filesystem::path> const& files, LayerSources const& sources);

} // namespace ardoise
