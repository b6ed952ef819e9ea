// SPDX-License-Identifier: Apache-2.0
#include "server/services/site.hpp"

#include "server/catalog/map_operations.hpp"
#include "server/services/dimension_documents.hpp"
#include "server/services/group_site.hpp"
#include "server/services/inspire.hpp"
#include "server/services/layer_order.hpp"
#include "server/services/legend.hpp"
#include "server/services/ogcapi/ogcapi.hpp"
#include "server/services/parameters.hpp"
#include "server/services/tiles.hpp"
#include "server/services/tms.hpp"
#include "server/services/wmts_capabilities.hpp"

#include <fmt/format.h>

#include <future>
#include <set>

namespace ardoise {

namespace {

Json box_json(BoundingBox const& box)
{
    return Json::array({box.min_x, box.min_y, box.max_x, box.max_y});
}

/// Each system in which maps of the layer are offered, and the number of the operation by which these are
/// drawn; null: it is the layer's own place.
Json systems_json(Layer const& layer, MapOperations& operations)
{
    auto systems = Json::object();
    for (auto const& crs : layer.crs_list) {
        if (crs.code().empty())
            continue; // nobody can ask for it
        auto const number = operations.number_of(layer, crs);
        systems.set(crs.code(), number ? Json{static_cast<std::int64_t>(*number)} : Json{});
    }
    return systems;
}

Json operations_json(MapOperations const& operations)
{
    auto list = Json::array();
    for (auto const& [from, to, place, operation] : operations.all())
        list.add(Json::object({{"from", from.code()},
                               {"to", to.code()},
                               {"name", operation.name},
                               {"accuracy", operation.accuracy ? Json{*operation.accuracy} : Json{}},
                               {"ballpark", operation.is_ballpark}}));
    return list;
}

/// A title has a member for each language that it is in, "" where none is said.
Json style_json(Catalog const& catalog, StyledLayer const& styled)
{
    auto title = Json::object();
    for (auto const& [language, text] : styled.style->title.by_language)
        title.set(language, text);
    auto json = Json::object({{"name", styled.style->identifier}, {"title", std::move(title)}});
    if (explains_colours(styled))
        json.set("legend", legend_address(catalog.options().public_url + "/wms?", styled));
    return json;
}

Json styles_json(Catalog const& catalog, std::shared_ptr<Layer const> const& layer)
{
    auto styles = Json::array();
    for (auto const& style : layer->styles)
        styles.add(layer->is_vector() ? Json::object({{"name", style.identifier}})
                                      : style_json(catalog, {layer, &style}));
    return styles;
}

/// What the systems of layers are called, and where they are meant to be used.
Json systems_json(LayerList const& layers)
{
    std::map<std::string, Json> systems;
    for (auto const& layer : layers)
        for (auto const& crs : layer->crs_list)
            if (!crs.code().empty() && !systems.contains(crs.code()))
                systems.emplace(crs.code(), Json::object({{"name", crs.name()},
                                                          {"area_of_use", box_json(crs.area_of_use())}}));
    return Json{Json::Object{systems.begin(), systems.end()}};
}

Json attribution_json(Catalog const& catalog, Layer const& layer)
{
    auto const attribution = attribution_of(catalog, layer);
    return Json::object({{"title", attribution.title}, {"url", attribution.url}});
}

template <typename Items, typename Write>
Json list_json(Items const& items, Write const& write)
{
    auto list = Json::array();
    for (auto const& item : items)
        list.add(write(item));
    return list;
}

Json document_link_json(DocumentLink const& link)
{
    return Json::object({{"type", link.type}, {"format", link.format}, {"url", link.url}});
}

/// Denominators of the layer's own set: of its coarsest matrix, and of the finest that the layer has.
Json scales_json(Layer const& layer)
{
    auto const& set = *layer.pyramid.set;
    return Json::array({set.matrices.front().scale_denominator(set.crs),
                        layer.pyramid.matrix(layer.pyramid.finest()).scale_denominator(set.crs)});
}

/// What its description says, for people.
void add_description(Json& json, LayerDescription const& description)
{
    auto const text = [](std::string const& word) { return Json{word}; };
    auto const denominator = [](std::optional<double> scale) { return scale ? Json{*scale} : Json{}; };
    json.set("abstract", description.abstract);
    json.set("keywords", list_json(description.keywords, text));
    json.set("group", description.group);
    json.set("min_scale", denominator(description.min_scale));
    json.set("max_scale", denominator(description.max_scale));
    json.set("metadata", list_json(description.metadata, document_link_json));
    json.set("data", list_json(description.data, document_link_json));
}

Json contact_json(Contact const& contact)
{
    auto json = Json::object();
    for (auto const& [name, text] : {std::pair{"organisation", &contact.organisation},
                                     {"person", &contact.person},
                                     {"position", &contact.position},
                                     {"address", &contact.address},
                                     {"post_code", &contact.post_code},
                                     {"city", &contact.city},
                                     {"country", &contact.country},
                                     {"phone", &contact.phone},
                                     {"email", &contact.email}})
        if (!text->empty())
            json.set(name, *text);
    return json;
}

/// The group that a group lies in; empty: none.
std::string_view around(std::string_view path)
{
    auto const slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

/// The groups in which the layers stand that have services of their own, by their paths.
Json groups_json(Catalog const& catalog, LayerList const& layers)
{
    std::set<std::string_view> paths;
    for (auto const& layer : layers)
        for (std::string_view path = layer->description.group; !path.empty(); path = around(path))
            if (has_services(catalog, path))
                paths.insert(path);
    return list_json(paths, [&](std::string_view path) {
        auto const address = group_address(catalog, path);
        return Json::object({{"path", std::string{path}},
                             {"wmts", address + "/wmts/1.0.0/WMTSCapabilities.xml"},
                             {"wms", address + "/wms?SERVICE=WMS&REQUEST=GetCapabilities"}});
    });
}

} // namespace

std::shared_ptr<Layer const> find_layer(Site const& site, std::string_view name,
                                        std::shared_ptr<Layer const> const& only)
{
    auto found = site.catalog->find_layer(name);
    if (!found)
        found = site.catalog->find_by_inspire_name(name);
    return !only || found == only ? found : nullptr;
}

bool is_default_style(std::string_view name)
{
    return name.empty() || name == "default" || name == inspire_default_style;
}

LayerStyle const* find_style(Layer const& layer, std::string_view name)
{
    return layer.find_style(is_default_style(name) ? std::string_view{} : name);
}

std::string no_style(Layer const& layer, std::string_view name)
{
    std::vector<std::string_view> names;
    for (auto const& style : layer.styles)
        names.push_back(style.identifier);
    return fmt::format("The layer {} has no style \"{}\"; there are {}.", layer.name, name,
                       fmt::join(names, ", "));
}

Attribution attribution_of(Catalog const& catalog, Layer const& layer)
{
    auto const& provider = catalog.options().service.provider;
    return layer.description.attribution.value_or(
        Attribution{.title = provider.name, .url = provider.url, .logo = {}});
}

Response document(std::string_view media_type, std::string text)
{
    auto const etag = tag_of(hash_of(as_bytes(text)));
    auto response = text_response(200, media_type, std::move(text));
    response.etag = etag;
    response.cache_control = "public, max-age=300";
    return response;
}

Json layers_json(Catalog const& catalog, LayerList described)
{
    auto layers = Json::array();
    MapOperations operations;
    auto const& url = catalog.options().public_url;
    auto systems = systems_json(described);
    auto groups = groups_json(catalog, described);
    for (auto const& layer : in_order_for_people(std::move(described))) {
        auto const name = url_encode(layer->name);
        auto const& own = *layer->pyramid.set;
        auto json = Json::object(
            {{"name", layer->name},
             {"title", layer->title()},
             {"attribution", attribution_json(catalog, *layer)},
             {"format", published_format(*layer)},
             {"styles", styles_json(catalog, layer)},
             {"crs", own.crs.code()},
             {"systems", systems_json(*layer, operations)},
             {"tile_matrix_set", own.id},
             {"tile_matrix_sets",
              list_json(layer->links, [](TileMatrixSetLink const& link) { return Json{link.set->id}; })},
             {"web_mercator_set", layer->web_mercator_link().set->id},
             {"cell_size", layer->pyramid.matrix(layer->pyramid.finest()).cell_size},
             {"scales", scales_json(*layer)},
             {"unit", layer->unit()},
             {"extent", box_json(layer->pyramid.extent())},
             {"geographic_extent", box_json(layer->geographic_extent)},
             {"dimensions", dimensions_json(*layer)},
             {"page", fmt::format("{}/{}", url, name)},
             {"wmts", fmt::format("{}/{}/wmts/1.0.0/WMTSCapabilities.xml", url, name)},
             {"wms", fmt::format("{}/{}/wms?SERVICE=WMS&REQUEST=GetCapabilities", url, name)},
             {"tilejson", fmt::format("{}/xyz/{}/tilejson.json", url, name)},
             {"gdal", gdal_file_address(catalog, *layer, layer->links.front())},
             {"qlr", layer->is_vector() ? std::string{} : fmt::format("{}/{}/layer.qlr", url, name)}});
        add_description(json, layer->description);
        layers.add(std::move(json));
    }
    auto const& service = catalog.options().service;
    return Json::object({{"title", service.title},
                         {"abstract", service.abstract},
                         {"provider", service.provider.name},
                         {"contact", contact_json(service.contact.value_or(Contact{}))},
                         {"fees", service.fees},
                         {"access_constraints", service.access_constraints},
                         {"wmts", url + "/wmts/1.0.0/WMTSCapabilities.xml"},
                         {"wms", url + "/wms?SERVICE=WMS&REQUEST=GetCapabilities"},
                         {"systems", std::move(systems)},
                         {"operations", operations_json(operations)},
                         {"groups", std::move(groups)},
                         {"layers", std::move(layers)}});
}

std::shared_ptr<Site const> make_site(std::shared_ptr<Catalog const> catalog,
                                      std::map<std::string, Response, std::less<>> portal_files,
                                      std::launch launch)
{
    auto site = std::make_shared<Site>();
    auto const& layers = catalog->layers();
    // Of thousands of layers they are tens of megabytes: written and compressed side by side.
    auto const made_once = [launch](std::string_view media_type, auto write) {
        return std::async(launch,
                          [media_type, write] { return ready_for_many(document(media_type, write())); });
    };
    auto wmts = made_once("application/xml", [&] { return wmts_capabilities(*catalog, layers, ""); });
    auto wms_130 = made_once("text/xml", [&] { return wms_130_capabilities(*catalog, layers, ""); });
    auto wms_111 =
        made_once("application/vnd.ogc.wms_xml", [&] { return wms_111_capabilities(*catalog, layers, ""); });
    auto tms = made_once("text/xml", [&] { return tile_map_service(*catalog); });
    auto list = made_once("application/json", [&] { return layers_json(*catalog, layers).pretty_text(); });
    auto ogcapi = std::async(launch, [&] { return ogc_api_documents(*catalog); });
    site->wmts_capabilities = wmts.get();
    site->wms_130_capabilities = wms_130.get();
    site->wms_111_capabilities = wms_111.get();
    site->tile_map_service = tms.get();
    site->layers_json = list.get();
    site->ogcapi = ogcapi.get();
    site->first_for_maps = first_for_maps(layers);
    site->portal = std::move(portal_files);
    site->catalog = std::move(catalog);
    return site;
}

} // namespace ardoise
