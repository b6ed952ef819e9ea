// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/command/build_outlook.hpp"

#include "pyramid/base/json.hpp"
#include "pyramid/build/command/progress.hpp"
#include "pyramid/build/lost_detail.hpp"

#include <fmt/format.h>

namespace ardoise {

std::vector<std::string> outlook_lines(PreparedBuild const& prepared,
                                       std::optional<Expectation> const& expectation)
{
    double const free_megabytes = free_bytes(prepared.options.store) / 1e6;
    if (!expectation)
        return {"nothing is known of bytes and time: no source that was tried holds data in its midst",
                fmt::format("{:.0f} MB are free on the disk of the store", free_megabytes)};
    std::vector<std::string> lines;
    for (auto const& product : expectation->products)
        lines.push_back(
            fmt::format("{}: about {:.0f} MB would be written", product.name, product.bytes / 1e6));
    lines.push_back(fmt::format("about {} on {} threads, by a trial on this machine",
                                duration_text(expectation->seconds), threads_of(prepared.options)));
    lines.push_back(fmt::format("{:.0f} MB are free on the disk of the store", free_megabytes));
    return lines;
}

Json outlook_json(PreparedBuild const& prepared, std::optional<Expectation> const& expectation)
{
    auto const& plan = prepared.plan;
    auto levels = Json::array();
    for (auto const& level : plan.levels)
        levels.add(Json::object({{"id", plan.set->matrices[level.matrix].id},
                                 {"tiles", level.limits.cols() * level.limits.rows()}}));
    auto json = Json::object(
        {{"sources", static_cast<std::int64_t>(prepared.sources.size())},
         {"mosaics", static_cast<std::int64_t>(prepared.mosaics.size())},
         {"tile_matrix_set", plan.set->id},
         {"levels", std::move(levels)},
         {"times_read", static_cast<std::int64_t>(plan.quadtrees.size())},
         {"slabs", static_cast<std::int64_t>(plan.slab_count() * prepared.options.products.size())},
         {"base_megapixels", static_cast<double>(plan.base_pixels()) / 1e6},
         {"free_megabytes", free_bytes(prepared.options.store) / 1e6}});
    if (auto const lost = lost_detail(plan))
        json.set("lost_detail",
                 Json::object({{"cell_size", lost->finest.cell_size},
                               {"source_cell_size", lost->source},
                               {"keeping", lost->keeping ? Json{lost->keeping->id} : Json{}}}));
    if (!expectation)
        return json;
    auto products = Json::array();
    for (auto const& product : expectation->products)
        products.add(Json::object({{"name", product.name}, {"expected_megabytes", product.bytes / 1e6}}));
    json.set("products", std::move(products));
    json.set("expected_megabytes", expectation->bytes() / 1e6);
    json.set("expected_seconds", expectation->seconds);
    return json;
}

std::string warning_of_space(PreparedBuild const& prepared)
{
    double const free = free_bytes(prepared.options.store);
    if (raw_bytes(prepared) <= free)
        return "";
    auto const expectation = expect(prepared);
    if (!expectation || expectation->bytes() <= free)
        return "";
    return fmt::format("warning: {}: about {:.0f} MB are to be written where {:.0f} MB are free",
                       prepared.options.store.string(), expectation->bytes() / 1e6, free / 1e6);
}

} // namespace ardoise
