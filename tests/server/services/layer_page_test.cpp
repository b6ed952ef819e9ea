// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/json.hpp"
#include "tests/support/painted_site.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;
using Catch::Contains;

namespace {

std::string text_at(std::string const& address)
{
    auto const response = test::painted_site().get(address);
    INFO(address);
    CHECK(response.status == 200);
    return test::text_of(response);
}

} // namespace

TEST_CASE("a layer's own list says of it what the whole one does")
{
    auto const whole = parse_json(text_at("/layers.json"), "all"),
               alone = parse_json(text_at("/relief/layers.json"), "one");
    auto const layers = JsonReader{alone, "one"}.at("layers").items();
    REQUIRE(layers.size() == 1);
    for (auto const& layer : JsonReader{whole, "all"}.at("layers").items())
        if (layer.at("name").string() == "relief")
            for (auto const* member : {"title", "wmts", "gdal", "page", "qlr", "format", "tile_matrix_set"})
                CHECK(layers[0].at(member).string() == layer.at(member).string());
    CHECK(layers[0].at("page").string() == "https://tiles.example/relief");
    CHECK(layers[0].at("gdal").string() == "https://tiles.example/tms/1.0.0/relief@PM/gdal.xml");
    auto const scales = layers[0].at("scales").items();
    CHECK(scales[0].number() == Approx(559082264.03)); // of level 0
    CHECK(scales[0].number() > scales[1].number());
}

TEST_CASE("documents beside a layer's page come when they are asked for, and are known again")
{
    for (std::string const address :
         {"/city/layers.json", "/city/layer.qlr", "/qgis-connections.xml", "/qgis-xyz-connections.xml"}) {
        auto const& site = test::painted_site();
        auto const first = site.get(address);
        INFO(address);
        CHECK(first.status == 200);
        CHECK(site.get(address, '"' + first.etag + '"').status == 304);
    }
}

TEST_CASE("a layer's documents are made by those who draw, once, and then sent at once")
{
    test::PaintedSite const site;
    for (std::string const address :
         {"/city/layers.json", "/city/layer.qlr", "/qgis-connections.xml", "/qgis-xyz-connections.xml",
          "/city/wms?SERVICE=WMS&REQUEST=GetCapabilities",
          "/city/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.1.1",
          "/city/wmts/1.0.0/WMTSCapabilities.xml",
          "/wmts?SERVICE=WMTS&REQUEST=GetCapabilities&SECTIONS=Contents", "/xyz/city/tilejson.json",
          "/tms/1.0.0/city@PM", "/tms/1.0.0/city@PM/gdal.xml", "/ogcapi/collections",
          "/ogcapi/collections/city", "/ogcapi/collections/city/styles", "/ogcapi/collections/city/map/tiles",
          "/ogcapi/collections/city/map/tiles/PM"}) {
        INFO(address);
        CHECK_FALSE(site.key_of(address).empty());
        CHECK(site.get(address).status == 200);
        CHECK(site.key_of(address).empty());
    }
}

TEST_CASE("a layer definition names the layer's own set, system and format, encoded one by one")
{
    CHECK_THAT(text_at("/city/layer.qlr"),
               Contains("crs=EPSG%3A3857&amp;dpiMode=7&amp;format=image%2Fjpeg&amp;layers=city&amp;styles="
                        "normal&amp;tileMatrixSet=PM&amp;"
                        "url=https%3A%2F%2Ftiles.example%2Fcity%2Fwmts%2F1.0.0%2FWMTSCapabilities.xml<") &&
                   Contains("<authid>EPSG:3857</authid>") && Contains("<provider>wms</provider>"));
}

TEST_CASE("connections lead to both services and to each layer")
{
    CHECK_THAT(text_at("/qgis-connections.xml"),
               Contains("\"https://tiles.example/wmts/1.0.0/WMTSCapabilities.xml\"") &&
                   Contains("\"https://tiles.example/wms\""));
    auto const tiles = text_at("/qgis-xyz-connections.xml");
    CHECK_THAT(tiles, Contains("\"https://tiles.example/xyz/city/{z}/{x}/{y}.jpg\""));
    CHECK_THAT(tiles, Contains("\"https://tiles.example/xyz/grey/{z}/{x}/{y}.png\""));
}

TEST_CASE("a page has one address, which its address with a slash tells")
{
    auto const response = test::painted_site().get("/city/");
    CHECK(response.status == 308);
    CHECK(response.headers == decltype(response.headers){{"Location", "../city"}});
    for (auto const* address :
         {"/nothing", "/nothing/", "/nothing/layer.qlr", "/city/layer.html", "/city/nothing"})
        CHECK(test::painted_site().get(address).status == 404);
}
