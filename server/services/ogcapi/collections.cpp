// SPDX-License-Identifier: Apache-2.0
#include "server/services/ogcapi/collections.hpp"

#include "pyramid/base/number.hpp"
#include "server/catalog/ground.hpp"
#include "server/services/layer_order.hpp"
#include "server/services/ogcapi/time.hpp"
#include "server/services/parameters.hpp"
#include "server/services/tiles.hpp"

#include <algorithm>

namespace ardoise::ogcapi {

namespace {

/// Which collections a client wants to hear of.
struct Selection {
    std::optional<BoundingBox> degrees;
    std::string time;
    std::int64_t limit = most_collections, offset = 0;
    std::string query; // what selects, as it comes again in links: "?bbox=..."
};

void add_links_to_data(Links& links, Layer const& layer)
{
    constexpr std::string_view json = "application/json";
    auto const path = path_of(layer);
    if (layer.is_vector()) {
        links.add(ogc_relation("tilesets-vector"), json, path + "/tiles", "vector tilesets");
        return;
    }
    auto const map = fmt::format("{}/map?f={}", path, published_extension(layer));
    links.add(ogc_relation("map"), published_format(layer), map, "map");
    // GDAL 3.6 takes the last one for a map in degrees, and never says crs.
    links.add(ogc_relation("map"), published_format(layer),
              fmt::format("{}&crs={}", map, url_encode(uri_of(geographic_crs()))), "map in degrees");
    links.add(ogc_relation("tilesets-map"), json, path + "/map/tiles", "map tilesets");
    links.add(ogc_relation("styles"), json, path + "/styles", "styles");
}

Json links_of(Catalog const& catalog, Layer const& layer, Form form)
{
    Links links{catalog, path_of(layer), form};
    add_links_to_data(links, layer);
    for (auto const& metadata : layer.description.metadata)
        links.add_other("describedby", metadata.format, metadata.url);
    for (auto const& data : layer.description.data)
        links.add_other("enclosure", data.format, data.url);
    return std::move(links).json();
}

Json texts(std::vector<std::string> const& list)
{
    auto json = Json::array();
    for (auto const& text : list)
        json.add(text);
    return json;
}

void add_description(Json& json, Catalog const& catalog, Layer const& layer)
{
    auto const& said = layer.description;
    if (!said.abstract.empty())
        json.set("description", said.abstract);
    if (!said.keywords.empty())
        json.set("keywords", texts(said.keywords));
    json.set("attribution", attribution_of(catalog, layer).title);
    if (said.min_scale)
        json.set("minScaleDenominator", *said.min_scale);
    if (said.max_scale)
        json.set("maxScaleDenominator", *said.max_scale);
}

Json collection_document(Catalog const& catalog, Layer const& layer, Form form)
{
    auto const& own = layer.pyramid.set->crs;
    auto json = Json::object({{"id", layer.name}, {"title", layer.title()}});
    add_description(json, catalog, layer);
    auto systems = Json::array();
    for (auto const& crs : layer.crs_list)
        systems.add(uri_of(crs));
    auto extent = extent_of(layer.geographic_extent);
    auto spatial = *extent.find("spatial");
    spatial.set("storageCrsBbox", Json::array({corners_of(layer.pyramid.extent(), own)}));
    extent.set("spatial", std::move(spatial));
    add_temporal_extent(extent, layer);
    json.set("extent", std::move(extent));
    json.set("dataType", layer.is_vector() ? "vector" : "map");
    json.set("crs", std::move(systems));
    json.set("storageCrs", uri_of(own));
    json.set("minCellSize", layer.pyramid.matrix(layer.pyramid.finest()).cell_size);
    json.set("links", links_of(catalog, layer, form));
    return json;
}

Result<std::int64_t> number_in(Query const& query, Parameter const& parameter, std::int64_t lowest,
                               std::int64_t otherwise)
{
    if (!find(query, parameter))
        return otherwise;
    return integer(query, parameter.name, lowest, std::max<std::int64_t>(otherwise, 1'000'000'000));
}

Result<Selection> parse_selection(Query const& query)
{
    Selection selection;
    if (auto const text = find(query, parameter::bbox)) {
        auto const degrees = stated_box(*text, parameter::bbox, geographic_crs());
        if (!degrees)
            return degrees.error();
        selection.degrees = *degrees;
        selection.query = fmt::format("?bbox={}", url_encode(*text));
    }
    auto const time = stated_time(query);
    if (!time)
        return time.error();
    selection.time = time->text;
    if (!time->text.empty())
        selection.query +=
            fmt::format("{}datetime={}", selection.query.empty() ? '?' : '&', url_encode(time->text));
    auto const limit = number_in(query, parameter::limit, 1, most_collections);
    if (!limit)
        return limit.error();
    auto const offset = number_in(query, parameter::offset, 0, 0);
    if (!offset)
        return offset.error();
    selection.limit = std::min(*limit, most_collections);
    selection.offset = *offset;
    if (find(query, parameter::limit))
        selection.query += fmt::format("{}limit={}", selection.query.empty() ? '?' : '&', selection.limit);
    return selection;
}

std::string page_of(Selection const& selection, std::int64_t offset)
{
    if (offset == 0)
        return "/collections" + selection.query;
    return fmt::format("/collections{}{}offset={}", selection.query, selection.query.empty() ? '?' : '&',
                       offset);
}

bool is_selected(Selection const& selection, Layer const& layer)
{
    bool const is_there =
        !selection.degrees || !intersect(*selection.degrees, layer.geographic_extent).empty();
    return is_there && intersects(layer, selection.time);
}

Json selected_collections(Catalog const& catalog, Selection const& selection, Form form)
{
    auto list = Json::array();
    std::int64_t matched = 0, returned = 0;
    for (auto const& layer : in_order_for_people(catalog.layers())) {
        if (!is_selected(selection, *layer))
            continue;
        if (matched++ < selection.offset || returned == selection.limit)
            continue;
        ++returned;
        list.add(collection_document(catalog, *layer, form));
    }
    Links links{catalog, page_of(selection, selection.offset), form};
    if (auto const next = selection.offset + selection.limit; next < matched)
        links.add("next", "application/json", page_of(selection, next), "further collections");
    return Json::object({{"title", "Collections"},
                         {"numberMatched", matched},
                         {"numberReturned", returned},
                         {"collections", std::move(list)},
                         {"links", std::move(links).json()}});
}

} // namespace

Result<std::shared_ptr<Layer const>> find_collection(Asked const& asked)
{
    auto layer = asked.site.catalog->find_layer(asked.names.collection);
    if (!layer)
        return not_found(fmt::format("There is no collection \"{}\".", asked.names.collection));
    return layer;
}

Result<std::shared_ptr<Layer const>> find_mapped_collection(Asked const& asked)
{
    auto layer = find_collection(asked);
    if (layer && (*layer)->is_vector())
        return not_found(fmt::format("{} holds no pixels: its vector tiles are at {}/tiles.", (*layer)->name,
                                     address_of(*asked.site.catalog, path_of(**layer))));
    return layer;
}

Json extent_of(BoundingBox const& degrees)
{
    auto const& crs84 = geographic_crs();
    auto const box = Json::array({degrees.min_x, degrees.min_y, degrees.max_x, degrees.max_y});
    return Json::object({{"spatial", Json::object({{"bbox", Json::array({box})}, {"crs", uri_of(crs84)}})}});
}

Json corners_of(BoundingBox const& box, Crs const& crs)
{
    return crs.northing_first() ? Json::array({box.min_y, box.min_x, box.max_y, box.max_x})
                                : Json::array({box.min_x, box.min_y, box.max_x, box.max_y});
}

Reply answer_collections(Asked const& asked)
{
    auto const& query = asked.request.query;
    auto const selection = parse_selection(query);
    if (!selection)
        return refuse(selection.error());
    auto const form = wanted_form(asked.request);
    if (!form)
        return refuse(form.error());
    auto list = [&catalog = *asked.site.catalog, selection = *selection](Form wanted) {
        return selected_collections(catalog, selection, wanted);
    };
    if (selection->query.empty() && selection->offset == 0)
        return send_kept(asked, std::move(list));
    // Selections are as many as boxes, and not kept.
    return send(asked.request, Work{[list, form = *form] { return write(list(form), form); }});
}

Reply answer_collection(Asked const& asked)
{
    auto const layer = find_collection(asked);
    if (!layer)
        return refuse(layer.error());
    auto const& catalog = *asked.site.catalog;
    return send_kept(
        asked, [&catalog, layer = *layer](Form form) { return collection_document(catalog, *layer, form); });
}

} // namespace ardoise::ogcapi
