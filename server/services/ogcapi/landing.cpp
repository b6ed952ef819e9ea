// SPDX-License-Identifier: Apache-2.0
#include "server/services/ogcapi/landing.hpp"

#include "server/services/layer_order.hpp"
#include "server/services/ogcapi/collections.hpp"
#include "server/services/ogcapi/openapi.hpp"

namespace ardoise::ogcapi {

namespace {

/// What the tests in tests/journeys/ogcapi.py show, no more.
constexpr std::string_view classes[] = {
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/landing-page",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/png",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/jpeg",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/oas30",
    "https://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/core",
    "https://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/tilesets",
    "https://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/collections-selection",
    "https://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/scaling",
    "https://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/display-resolution",
    "https://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/crs",
    "https://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/collection-map",
    "https://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/dataset-map",
    "https://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/styled-map",
    "https://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/png",
    "https://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/jpeg",
    "https://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/api-operations",
};

Json links(Catalog const& catalog, Form form)
{
    constexpr std::string_view json = "application/json";
    Links all{catalog, "", form};
    all.add("service-desc", api_media_type, "/api?f=json", "the API's definition");
    all.add("service-doc", "text/html", "/api?f=html", "the API's definition, as a page");
    all.add_known_as("conformance", json, "/conformance", "conformance classes");
    all.add_known_as("data", json, "/collections", "collections");
    all.add(ogc_relation("tiling-schemes"), json, "/tileMatrixSets", "tile matrix sets");
    all.add(ogc_relation("styles"), json, "/styles", "styles");
    if (first_for_maps(catalog.layers()))
        all.add(ogc_relation("map"), "image/png", "/map?f=png", "a map of the newest collection");
    return std::move(all).json();
}

} // namespace

Json landing_page(Catalog const& catalog, Form form)
{
    auto const& service = catalog.options().service;
    auto systems = Json::array();
    for (auto const& crs : catalog.common_crs())
        systems.add(uri_of(crs));
    BoundingBox everything;
    for (auto const& layer : catalog.layers())
        everything = join(everything, layer->geographic_extent);
    auto json = Json::object({{"title", service.title},
                              {"description", service.abstract},
                              {"attribution", service.provider.name}});
    if (!everything.empty())
        json.set("extent", extent_of(everything));
    json.set("crs", std::move(systems));
    json.set("links", links(catalog, form));
    return json;
}

Json conformance(Catalog const& catalog, Form form)
{
    auto uris = Json::array();
    for (auto const uri : classes)
        uris.add(uri);
    return Json::object({{"title", "Conformance classes"},
                         {"conformsTo", std::move(uris)},
                         {"links", Links{catalog, "/conformance", form}.json()}});
}

} // namespace ardoise::ogcapi
