// SPDX-License-Identifier: Apache-2.0
// Documents of OGC API: their forms, where their links lead, and what they say.
#include "pyramid/base/atomic_file.hpp"
#include "pyramid/grid/tile_matrix_set_library.hpp"
#include "server/services/ogcapi/html.hpp"
#include "server/services/ogcapi/resources.hpp"
#include "tests/server/services/ogcapi_client.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <functional>
#include <set>

using namespace ardoise;
using Catch::Contains;
using Catch::StartsWith;
using test::get;
using test::get_as;
using test::header;

namespace {

Json json_at(std::string const& path)
{
    auto const response = get(path);
    INFO(path);
    REQUIRE(response.status == 200);
    return parse_json(test::text_of(response), path);
}

/// The address of the first link with that relation.
std::string address_linked(Json const& document, std::string_view relation)
{
    for (auto const& link : JsonReader{document, "document"}.at("links").items())
        if (link.at("rel").string().ends_with(relation))
            return link.at("href").string();
    FAIL("there is no link " << relation);
    return {};
}

/// The same within OGC API, without the public address.
std::string linked(Json const& document, std::string_view relation)
{
    auto const url = address_linked(document, relation);
    CHECK_THAT(url, StartsWith("https://tiles.example/ogcapi"));
    return url.substr(std::string_view{"https://tiles.example/ogcapi"}.size());
}

/// Layers that `add` puts into a store.
class SmallSite {
public:
    explicit SmallSite(std::function<void(std::filesystem::path const&)> const& add)
        : sites_{paint(add)}, router_{sites_, caches_}
    {
    }

    Response get(std::string const& target) const
    {
        Request request;
        REQUIRE(assign_target(request, "/ogcapi" + target));
        return test::done(router_(request));
    }

private:
    std::shared_ptr<Site const> paint(std::function<void(std::filesystem::path const&)> const& add) const
    {
        add(folder_.path());
        CatalogOptions options;
        options.store = folder_.path();
        options.public_url = "https://tiles.example";
        return make_site(load_catalog(options), {});
    }

    test::TemporaryFolder folder_;
    mutable Caches caches_;
    Published<Site> sites_;
    Router router_;
};

std::string const city = "/collections/city";

} // namespace

TEST_CASE("a document is JSON or a page, as f or Accept have it")
{
    struct {
        char const *query, *accept, *media_type;
    } const rows[] = {{"", "", "application/json"},
                      {"", "*/*", "application/json"},
                      {"", "text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"},
                      {"", "text/html;q=0.3,application/json;q=0.4", "application/json"},
                      {"", "application/xml", "application/json"},
                      {"?f=html", "application/json", "text/html; charset=utf-8"},
                      {"?f=json", "text/html", "application/json"}};
    for (auto const& path : {std::string{"/"}, std::string{"/conformance"}, std::string{"/collections"}, city,
                             city + "/map/tiles", city + "/map/tiles/PM", city + "/styles",
                             std::string{"/styles"}, std::string{"/tileMatrixSets/PM"}})
        for (auto const& [query, accept, media_type] : rows) {
            INFO(path << query << " " << accept);
            CHECK(get_as(path + query, accept).media_type == media_type);
        }
    CHECK(get_as("/conformance", "image/png").status == 406);
    CHECK(get_as("/api", "").media_type == "application/vnd.oai.openapi+json;version=3.0");
    CHECK(get_as("/api?f=html", "").media_type == "text/html; charset=utf-8");
}

TEST_CASE("links lead from the landing page to tiles and maps")
{
    auto const landing = json_at("");
    CHECK(json_at(linked(landing, "conformance")).find("conformsTo"));
    CHECK(json_at(linked(landing, "service-desc")).find("openapi"));
    CHECK(get(linked(landing, "1.0/map")).media_type == "image/png");
    auto const collections = json_at(linked(landing, "data"));
    JsonReader const reader{collections, "collections"};
    CHECK(reader.at("numberMatched").integer() == 5);
    for (auto const& each : reader.at("collections").items()) {
        INFO(each.at("id").string());
        auto const collection = json_at(linked(each.json(), "self"));
        CHECK(collection.text() == each.json().text());
        CHECK(get(linked(collection, "1.0/map")).status == 200);
        auto const tilesets = json_at(linked(collection, "tilesets-map"));
        for (auto const& item : JsonReader{tilesets, "tilesets"}.at("tilesets").items()) {
            auto const tileset = json_at(linked(item.json(), "self"));
            CHECK(json_at(linked(tileset, "tiling-scheme")).find("tileMatrices"));
            auto const limits = JsonReader{tileset, "tileset"}.at("tileMatrixSetLimits").items().back();
            auto address = linked(tileset, "item");
            for (auto const& [place, value] :
                 {std::pair<std::string, std::string>{"{tileMatrix}", limits.at("tileMatrix").string()},
                  {"{tileRow}", fmt::format("{}", limits.at("minTileRow").integer())},
                  {"{tileCol}", fmt::format("{}", limits.at("minTileCol").integer())}})
                address.replace(address.find(place), place.size(), value);
            CHECK(get(address).status == 200);
        }
        auto const styles = json_at(linked(collection, "styles"));
        for (auto const& style : JsonReader{styles, "styles"}.at("styles").items()) {
            CHECK(get(linked(style.json(), "1.0/map")).status == 200);
            CHECK(address_linked(style.json(), "1.0/legend") ==
                  fmt::format("https://tiles.example/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&"
                              "LAYER={}&STYLE={}&FORMAT=image%2Fpng",
                              each.at("id").string(), style.at("id").string()));
        }
    }
}

TEST_CASE("collections are chosen by box, and handed out some at a time")
{
    auto const ids = [](std::string const& path) {
        std::vector<std::string> found;
        auto const json = json_at(path);
        for (auto const& each : JsonReader{json, path}.at("collections").items())
            found.push_back(each.at("id").string());
        return found;
    };
    auto const all = ids("/collections");
    CHECK(ids("/collections?bbox=-180,-90,180,90") == all);
    CHECK(ids("/collections?bbox=170,-80,175,-75").empty());
    CHECK(ids("/collections?datetime=2022-01-01T00:00:00Z/2023-01-01") == all);
    std::vector<std::string> pieces;
    std::string path = "/collections?limit=2";
    for (int i = 0; i < 3; ++i) {
        for (auto const& id : ids(path))
            pieces.push_back(id);
        if (i < 2)
            path = linked(json_at(path), "next");
    }
    CHECK(pieces == all);
    CHECK_THAT(test::text_of(get(path)), !Contains("\"next\""));
}

TEST_CASE("a tile matrix set reads back as what it is")
{
    auto const json = json_at("/tileMatrixSets");
    std::size_t count = 0;
    TileMatrixSetLibrary const library;
    for (auto const& item : JsonReader{json, "sets"}.at("tileMatrixSets").items()) {
        auto const& id = item.at("id").string();
        auto const document = json_at(linked(item.json(), "self"));
        auto const set = parse_tile_matrix_set({document, id}, id);
        CHECK(set.id == id);
        CHECK(same_place(set.crs, library.get(id)->crs));
        REQUIRE(set.matrices.size() == library.get(id)->matrices.size());
        for (std::size_t i = 0; i < set.matrices.size(); ++i) {
            CHECK(set.matrices[i].origin_x == library.get(id)->matrices[i].origin_x);
            CHECK(set.matrices[i].origin_y == library.get(id)->matrices[i].origin_y);
            CHECK(set.matrices[i].cell_size == library.get(id)->matrices[i].cell_size);
        }
        ++count;
    }
    CHECK(count == 3); // 4326, and those that all are offered in
}

TEST_CASE("the API's definition has each resource and each parameter that is checked")
{
    auto const json = json_at("/api");
    JsonReader const definition{json, "api"};
    auto const paths = definition.at("paths");
    std::set<std::string> ids;
    for (auto const& resource : ogcapi::resources()) {
        INFO(resource.path);
        auto const operation = paths.at(resource.path).at("get");
        CHECK(ids.insert(operation.at("operationId").string()).second);
        std::set<std::string> names;
        for (auto const& reference : operation.at("parameters").items()) {
            auto const& target = reference.at("$ref").string();
            auto const key = target.substr(target.rfind('/') + 1);
            auto const parameter = definition.at("components").at("parameters").at(key);
            CHECK(names.insert(parameter.at("name").string()).second);
        }
        for (auto const* parameter : resource.parameters)
            CHECK(names.count(std::string{parameter->name}) == 1);
    }
    CHECK(definition.at("servers").items()[0].at("url").string() == "https://tiles.example/ogcapi");
}

TEST_CASE("what pages say is escaped, and only http leads anywhere")
{
    auto const page = ogcapi::page(Json::object(
        {{"title", "<script>&"},
         {"<b>", "\"quoted\" <i>"},
         {"home", "https://example.org/?a&b\"c"},
         {"numbers", Json::array({1, 2.5})},
         {"links", Json::array({Json::object({{"rel", "x"}, {"href", "javascript:alert(1)"}}),
                                Json::object({{"rel", "item"}, {"href", "https://example.org/{x}"}})})}}));
    CHECK_THAT(page, !Contains("<script") && !Contains("<b>") && !Contains("<i>") &&
                         !Contains("href=\"javascript") && !Contains("\"quoted\""));
    CHECK_THAT(page, Contains("<title>&lt;script&gt;&amp;</title>") && Contains("1, 2.5") &&
                         Contains("href=\"https://example.org/?a&amp;b&quot;c\"") &&
                         Contains("<code>https://example.org/{x}</code>"));
}

TEST_CASE("vector layers have vector tiles, and no maps")
{
    SmallSite const site{[](auto const& store) {
        write_atomically(
            store / "roads.json",
            R"({"tile_matrix_set":"PM","format":"TIFF_PBF_MVT","levels":[{"id":"5","tiles_per_width":2,)"
            R"("tiles_per_height":2,"tile_limits":{"min_row":0,"max_row":31,"min_col":0,"max_col":31},)"
            R"("storage":{"type":"FILE","image_directory":"roads/DATA/5","path_depth":2}}]})");
        std::filesystem::create_directories(store / "roads/DATA/5");
    }};
    auto const collection = parse_json(test::text_of(site.get("/collections/roads")), "roads");
    auto const tilesets =
        parse_json(test::text_of(site.get(linked(collection, "tilesets-vector"))), "tilesets");
    auto const item = JsonReader{tilesets, "tilesets"}.at("tilesets").items()[0];
    CHECK(item.at("dataType").string() == "vector");
    auto const tileset = parse_json(test::text_of(site.get(linked(item.json(), "self"))), "tileset");
    CHECK(linked(tileset, "item") == "/collections/roads/tiles/PM/{tileMatrix}/{tileRow}/{tileCol}?f=mvt");
    for (auto const* query : {"", "?f=mvt", "?f=application/vnd.mapbox-vector-tile"}) {
        auto const tile = site.get(fmt::format("/collections/roads/tiles/PM/5/7/7{}", query));
        CHECK(tile.status == 200);
        CHECK(tile.media_type == "application/vnd.mapbox-vector-tile");
        CHECK(header(tile, "OATiles-hint") == "empty");
    }
    CHECK(site.get("/collections/roads/tiles/PM/5/7/7?f=png").status == 400);
    CHECK(site.get("/map?collections=roads").status == 400);
    for (auto const* path : {"/collections/roads/map", "/collections/roads/map/tiles", "/map",
                             "/collections/roads/styles", "/collections/roads/map/tiles/PM/5/7/7"}) {
        INFO(path);
        CHECK(site.get(path).status == 404);
    }
}

TEST_CASE("a store without layers has documents all the same")
{
    SmallSite const site{[](auto const&) {}};
    for (auto const* path : {"", "/", "/conformance", "/api", "/collections", "/collections?limit=3",
                             "/tileMatrixSets", "/styles", "/collections?f=html"}) {
        INFO(path);
        CHECK(site.get(path).status == 200);
    }
    CHECK(site.get("/map").status == 404);
}
