// SPDX-License-Identifier: Apache-2.0
#include "server/services/layer_page.hpp"

#include "server/services/acceptable.hpp"
#include "server/services/connection_files.hpp"
#include "server/services/exceptions.hpp"
#include "server/services/parameters.hpp"
#include "server/services/portal.hpp"

#include <fmt/format.h>

namespace ardoise {

namespace {

/// Pages name what they need beside them, so each has one address. Said without a host and a folder, which a
/// proxy may have set before ours.
Response without_slash(Layer const& layer)
{
    auto response = problem(308, "Moved permanently", "A layer's page has no slash at its end.");
    response.headers.emplace_back("Location", "../" + url_encode(layer.name));
    return response;
}

Reply list_of_one(Request const& request, Site const& site, std::shared_ptr<Layer const> const& layer)
{
    return if_acceptable(request, site.layer_documents.find_or_make("list " + layer->name, [&site, layer] {
        return document("application/json", layers_json(*site.catalog, {layer}).pretty_text());
    }));
}

Reply layer_definition(Request const& request, Site const& site, std::shared_ptr<Layer const> const& layer)
{
    if (layer->is_vector())
        return problem(404, "Not found",
                       fmt::format("{} holds no pixels: QGIS opens it as vector tiles, by its XYZ address.",
                                   layer->name));
    return if_acceptable(request, site.layer_documents.find_or_make("QGIS " + layer->name, [&site, layer] {
        return document("application/x-qgis-layer-definition", qgis_layer_definition(*site.catalog, *layer));
    }));
}

} // namespace

std::optional<Reply> layer_page(Request const& request, std::string_view rest, Site const& site,
                                std::shared_ptr<Layer const> const& layer)
{
    if (rest.empty())
        return portal_page("/layer.html", site);
    if (rest == "/")
        return without_slash(*layer);
    if (rest == "/layers.json")
        return list_of_one(request, site, layer);
    if (rest == "/layer.qlr")
        return layer_definition(request, site, layer);
    return std::nullopt;
}

} // namespace ardoise
