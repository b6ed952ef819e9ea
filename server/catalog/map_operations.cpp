// SPDX-License-Identifier: Apache-2.0
#include "server/catalog/map_operations.hpp"

#include "server/catalog/crs_names.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ardoise {

namespace {

std::string accuracy_of(Operation const& operation)
{
    return operation.accuracy ? fmt::format("good to {} m", *operation.accuracy) : "of unknown accuracy";
}

std::vector<std::string> doubts_about(MapOperation const& used)
{
    auto const what = fmt::format("maps in {} of layers in {}", identity_of(used.from), identity_of(used.to));
    std::vector<std::string> doubts;
    if (used.operation.is_ballpark)
        doubts.push_back(fmt::format("{} may be off by hundreds of metres: PROJ knows no operation between "
                                     "their datums but a ballpark one ({})",
                                     what, used.operation.name));
    if (auto const missing = missing_grids(used.from, used.to, used.place); !missing.empty())
        doubts.push_back(fmt::format("{} are {}; PROJ has a better operation with {}, which `projsync --file "
                                     "NAME` fetches",
                                     what, accuracy_of(used.operation), fmt::join(missing, ", ")));
    return doubts;
}

} // namespace

std::optional<std::size_t> MapOperations::number_of(Layer const& layer, Crs const& crs)
{
    auto const& transform = layer.transform_from(crs);
    if (auto const known = numbers_.find(&transform); known != numbers_.end())
        return known->second;
    auto operation = transform.operation();
    if (!operation)
        return std::nullopt;
    all_.push_back({crs, layer.pyramid.set->crs, layer.place_of_use(crs), *std::move(operation)});
    return numbers_.emplace(&transform, all_.size() - 1).first->second;
}

std::vector<std::string> doubts_about_operations(Catalog const& catalog)
{
    MapOperations operations;
    for (auto const& layer : catalog.layers())
        for (auto const& crs : layer->crs_list)
            operations.number_of(*layer, crs);
    std::vector<std::string> doubts;
    for (auto const& used : operations.all()) {
        auto const of_this = doubts_about(used);
        doubts.insert(doubts.end(), of_this.begin(), of_this.end());
    }
    return doubts;
}

} // namespace ardoise
