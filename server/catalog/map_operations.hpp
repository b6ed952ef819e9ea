// SPDX-License-Identifier: Apache-2.0
// By which coordinate operations maps are drawn, and how far off these may be.
#pragma once

#include "server/catalog/catalog.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ardoise {

/// From a system in which maps are offered to that of some layers.
struct MapOperation {
    Crs from, to;
    Place place; // where it was looked up: in the first of these layers
    Operation operation;
};

/// The operations of layers, each once, as the calling thread's transforms take them: for one thread. Each
/// new one takes PROJ some milliseconds.
class MapOperations {
public:
    /// The number in all() of the operation by which maps of the layer in `crs` are drawn; none where both
    /// systems are the same place.
    std::optional<std::size_t> number_of(Layer const& layer, Crs const& crs);
    std::vector<MapOperation> const& all() const { return all_; }

private:
    std::vector<MapOperation> all_;
    std::map<Transform const*, std::size_t> numbers_;
};

/// What an operator should know of the catalog's operations, a sentence each: those that are ballpark, and
/// files of PROJ by which there were better ones.
std::vector<std::string> doubts_about_operations(Catalog const& catalog);

} // namespace ardoise
