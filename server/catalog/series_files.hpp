// SPDX-License-Identifier: Apache-2.0
// The layers that STORE/layers describes beyond those of pyramids: series and aliases.
#pragma once

#include "server/catalog/catalog.hpp"
#include "server/catalog/series_layer.hpp"

namespace ardoise {

/// What series are read with.
struct SeriesSources {
    LayersByName layers; // of all pyramids
    TileMatrixSetLibrary const& sets;
    StyleLibrary const& styles;
    Offer const& further;
    Catalog const* published; // what has been until now, or null
    Reread reread;
};

struct SeriesReading {
    std::vector<std::shared_ptr<Layer const>> layers;
    std::vector<Trouble> troubles;
};

/// Reads descriptions that belong to no pyramid of `store`: series first, then what stands for others.
/// Those that are neither are troubles; so is what cannot be read, and a series then stays as it was
/// described.
SeriesReading read_series(std::vector<std::filesystem::path> const& descriptions,
                          std::filesystem::path const& store, SeriesSources sources);

/// Throws Failure when the description of the pyramid `name` says that it is a series.
void refuse_series(HandwrittenJson const& description, std::string const& name);

} // namespace ardoise
