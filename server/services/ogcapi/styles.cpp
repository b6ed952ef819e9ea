// SPDX-License-Identifier: Apache-2.0
#include "server/services/ogcapi/styles.hpp"

#include "server/services/language.hpp"
#include "server/services/legend.hpp"
#include "server/services/ogcapi/collections.hpp"
#include "server/services/parameters.hpp"
#include "server/services/tiles.hpp"

#include <map>

namespace ardoise::ogcapi {

namespace {

Json style_json(Style const& style, std::string_view language, Json links)
{
    auto json = Json::object({{"id", style.identifier}});
    if (!style.title.empty())
        json.set("title", style.title.in(language));
    if (!style.abstract.empty())
        json.set("description", style.abstract.in(language));
    json.set("links", std::move(links));
    return json;
}

Json link_json(std::string_view relation, std::string_view media_type, std::string address,
               std::string_view title)
{
    return Json::object({{"rel", ogc_relation(relation)},
                         {"href", std::move(address)},
                         {"type", media_type},
                         {"title", title}});
}

Json legend_json(Catalog const& catalog, StyledLayer const& styled)
{
    auto const legend =
        legend_link(catalog.options().public_url + "/wms?", styled, language_of(catalog.options().service));
    return link_json("legend", legend_formats.front(), legend.url, "legend");
}

Json collection_styles(Catalog const& catalog, std::shared_ptr<Layer const> const& layer, Form form)
{
    auto const language = language_of(catalog.options().service);
    auto styles = Json::array();
    for (auto const& style : layer->styles) {
        auto const own = fmt::format("{}/styles/{}", path_of(*layer), url_encode(style.identifier));
        auto const map = fmt::format("{}/map?f={}", own, published_extension(*layer));
        styles.add(style_json(
            style, language,
            Json::array({link_json("map", published_format(*layer), address_of(catalog, map), "map"),
                         link_json("tilesets-map", "application/json",
                                   address_of(catalog, own + "/map/tiles"), "map tilesets"),
                         legend_json(catalog, {layer, &style})})));
    }
    return Json::object({{"title", fmt::format("Styles of {}", layer->title())},
                         {"default", layer->styles.front().identifier},
                         {"styles", std::move(styles)},
                         {"links", Links{catalog, path_of(*layer) + "/styles", form}.json()}});
}

} // namespace

Result<LayerStyle const*> style_named(Layer const& layer, std::string_view name)
{
    auto const* style = find_style(layer, name);
    if (!style)
        return not_found(no_style(layer, name));
    return style;
}

Json styles_document(Catalog const& catalog, Form form)
{
    std::map<std::string_view, StyledLayer> all; // with the first layer that has it
    for (auto const& layer : catalog.layers())
        for (auto const& style : layer->styles)
            if (!layer->is_vector())
                all.emplace(style.identifier, StyledLayer{layer, &style});
    auto const language = language_of(catalog.options().service);
    auto styles = Json::array();
    for (auto const& [name, styled] : all) {
        auto const map = fmt::format("/styles/{}/map?collections={}&f=png", url_encode(name),
                                     url_encode(styled.layer->name));
        styles.add(style_json(*styled.style, language,
                              Json::array({link_json("map", "image/png", address_of(catalog, map), "a map"),
                                           legend_json(catalog, styled)})));
    }
    return Json::object({{"title", "Styles"},
                         {"styles", std::move(styles)},
                         {"links", Links{catalog, "/styles", form}.json()}});
}

Reply answer_collection_styles(Asked const& asked)
{
    auto const layer = find_mapped_collection(asked);
    if (!layer)
        return refuse(layer.error());
    auto const& catalog = *asked.site.catalog;
    return send_kept(
        asked, [&catalog, layer = *layer](Form form) { return collection_styles(catalog, layer, form); });
}

} // namespace ardoise::ogcapi
