// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/json.hpp"
#include "pyramid/raster/codec.hpp"
#include "tests/support/painted_site.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <regex>

using namespace ardoise;
using Catch::Contains;

namespace {

Response legend(std::string const& more)
{
    return test::painted_site().get("/wms?SERVICE=WMS&REQUEST=GetLegendGraphic" + more);
}

RasterShape shape_of(Response const& response)
{
    REQUIRE(response.status == 200);
    REQUIRE(response.media_type == "image/png");
    return png::decode(response.body.view).shape();
}

std::string unescaped(std::string const& text)
{
    return std::regex_replace(text, std::regex{"&amp;"}, "&");
}

} // namespace

TEST_CASE("every legend that documents name is there, in the size and format that they say")
{
    auto const& site = test::painted_site();
    std::regex const wms{"<LegendURL width=\"(\\d+)\" height=\"(\\d+)\">\\s*<Format>image/png</Format>\\s*"
                         "<OnlineResource[^>]*xlink:href=\"https://tiles.example([^\"]*)\""};
    std::regex const wmts{"<LegendURL format=\"image/png\" xlink:href=\"https://tiles.example([^\"]*)\" "
                          "width=\"(\\d+)\" height=\"(\\d+)\"/>"};
    struct {
        char const* document;
        std::regex const& link;
        std::size_t width, height, address;
        int count;
    } const rows[] = {{"/wms?REQUEST=GetCapabilities", wms, 1, 2, 3, 6},
                      {"/wms?REQUEST=GetCapabilities&VERSION=1.1.1", wms, 1, 2, 3, 6},
                      {"/city/wms?REQUEST=GetCapabilities", wms, 1, 2, 3, 1},
                      {"/wmts/1.0.0/WMTSCapabilities.xml", wmts, 2, 3, 1, 6},
                      {"/city/wmts/1.0.0/WMTSCapabilities.xml", wmts, 2, 3, 1, 1}};
    for (auto const& row : rows) {
        INFO(row.document);
        auto const text = test::text_of(site.get(row.document));
        int count = 0;
        for (std::sregex_iterator it{text.begin(), text.end(), row.link}, end; it != end; ++it, ++count) {
            auto const shape = shape_of(site.get(unescaped((*it)[row.address])));
            CHECK(shape.width == std::stoi((*it)[row.width]));
            CHECK(shape.height == std::stoi((*it)[row.height]));
        }
        CHECK(count == row.count);
    }
}

TEST_CASE("legends are given without width, height and version, and to those who send what they need not")
{
    CHECK(legend("&LAYER=relief").media_type == "image/png");
    CHECK(legend("&LAYER=relief&STYLE=elevation&FORMAT=image/jpeg").media_type == "image/jpeg");
    // As QGIS asks for the part of a legend that a map shows.
    CHECK(legend("&VERSION=1.3.0&SLD_VERSION=1.1.0&LAYER=relief&STYLE=&FORMAT=image/"
                 "png&TRANSPARENT=true&CRS=EPSG:2154&"
                 "BBOX=0,0,1,1&SCALE=25000&SRCWIDTH=800&SRCHEIGHT=600&RULE=&REMOTE_OWS=")
              .status == 200);
}

TEST_CASE("WIDTH and HEIGHT are those of a swatch, and are cut to what is sensible")
{
    auto const plain = shape_of(legend("&LAYER=relief")),
               wide = shape_of(legend("&LAYER=relief&WIDTH=64&HEIGHT=32"));
    CHECK(wide.width == plain.width + 40);
    CHECK(wide.height == plain.height + 9 * 16);
    CHECK(shape_of(legend("&LAYER=city&WIDTH=20&HEIGHT=20")).width <= 20);
    CHECK(shape_of(legend("&LAYER=city&WIDTH=99999&HEIGHT=99999")).width <= 512);
}

TEST_CASE("a legend is as large as the dots of an inch say, by whatever name")
{
    auto const plain = shape_of(legend("&LAYER=relief"));
    for (auto const* dpi :
         {"&DPI=181.43", "&MAP_RESOLUTION=181.43", "&FORMAT_OPTIONS=antialias:on;dpi:181.43"}) {
        INFO(dpi);
        CHECK(shape_of(legend(std::string{"&LAYER=relief"} + dpi)).width ==
              Approx(2 * plain.width).epsilon(0.05));
    }
    CHECK(shape_of(legend("&LAYER=relief&DPI=1e9")).width < 10 * plain.width);
}

TEST_CASE("a legend of programs names colours and values")
{
    auto const response = legend("&LAYER=relief&FORMAT=application/json");
    CHECK(response.media_type == "application/json");
    auto const json = parse_json(test::text_of(response), "legend");
    auto const layer = JsonReader{json, "legend"}.at("Legend").items().at(0);
    CHECK(layer.at("layerName").string() == "relief");
    auto const map =
        layer.at("rules").items().at(0).at("symbolizers").items().at(0).at("Raster").at("colormap");
    CHECK(map.at("type").string() == "ramp");
    CHECK(map.at("entries").items().size() == 9);
    CHECK(map.at("entries").items().at(0).at("quantity").string() == "4800");
    CHECK(map.at("entries").items().at(0).at("color").string() == "#FFFFFF");
    CHECK_THAT(test::text_of(legend("&LAYER=city&FORMAT=application/json")), Contains("\"symbolizers\":[]"));
}

TEST_CASE("a legend has a tag that is known without drawing it")
{
    auto const first = legend("&LAYER=relief");
    REQUIRE_FALSE(first.etag.empty());
    auto const again = test::painted_site().get("/wms?SERVICE=WMS&REQUEST=GetLegendGraphic&LAYER=relief",
                                                fmt::format("\"{}\"", first.etag));
    CHECK(again.status == 304);
    CHECK(legend("&LAYER=relief&DPI=200").etag != first.etag);
    CHECK(legend("&LAYER=words").etag != first.etag);
}

TEST_CASE("mistakes in requests for legends are exceptions that name what is wrong")
{
    struct {
        char const *query, *code;
    } const rows[] = {{"", "MissingParameterValue"},
                      {"&LAYER=", "MissingParameterValue"},
                      {"&LAYER=nothing", "LayerNotDefined"},
                      {"&LAYER=relief,city", "LayerNotDefined"},
                      {"&LAYER=relief&STYLE=nothing", "StyleNotDefined"},
                      {"&LAYER=relief&FORMAT=image/gif", "InvalidFormat"},
                      {"&LAYER=relief&FORMAT=png", "InvalidFormat"},
                      {"&LAYER=relief&FORMAT=text/html", "InvalidFormat"},
                      {"&LAYER=relief&WIDTH=0", "InvalidParameterValue"},
                      {"&LAYER=relief&WIDTH=-5", "InvalidParameterValue"},
                      {"&LAYER=relief&HEIGHT=12.5", "InvalidParameterValue"},
                      {"&LAYER=relief&HEIGHT=99999999999999999999", "InvalidParameterValue"},
                      {"&LAYER=relief&DPI=much", "InvalidParameterValue"},
                      {"&LAYER=relief&DPI=-96", "InvalidParameterValue"},
                      {"&LAYER=relief&DPI=nan", "InvalidParameterValue"},
                      {"&LAYER=relief&TRANSPARENT=perhaps", "InvalidParameterValue"},
                      {"&LAYER=relief&BGCOLOR=red", "InvalidParameterValue"},
                      {"&LAYER=relief&WIDTH=512&HEIGHT=512&DPI=600", "InvalidParameterValue"}};
    for (auto const& [query, code] : rows)
        for (auto const* version : {"", "&VERSION=1.1.1"}) {
            INFO(query << version);
            auto const response = legend(std::string{query} + version);
            CHECK(response.status == 400);
            CHECK_THAT(test::text_of(response), Contains(fmt::format("code=\"{}\"", code)));
            CHECK(response.media_type == (*version == 0 ? "text/xml" : "application/vnd.ogc.se_xml"));
        }
    CHECK(test::painted_site().get("/city/wms?SERVICE=WMS&REQUEST=GetLegendGraphic&LAYER=relief").status ==
          400);
}
