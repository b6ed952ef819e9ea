// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/json.hpp"
#include "pyramid/raster/codec.hpp"
#include "server/services/portal.hpp"
#include "tests/support/painted_site.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <regex>
#include <set>

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

/// Depths in steps, published by a service that speaks French.
class FrenchSite {
public:
    FrenchSite() : sites_{site_over(folder_)}, router_{sites_, caches_} {}

    Response get(std::string const& target) const
    {
        Request request;
        REQUIRE(assign_target(request, target));
        return test::done(router_(request));
    }

private:
    static std::shared_ptr<Site const> site_over(test::TemporaryFolder const& folder)
    {
        test::paint_pyramid(folder.path(), {.name = "river", .format = "TIFF_ZIP_FLOAT32", .channels = 1});
        write_atomically(folder / "styles/depth.json", R"({"identifier": "depth", "title": "Profondeur",
            "palette": {"rgb_continuous": false, "alpha_continuous": false, "no_alpha": false, "colours": [
            {"value": 0, "red": 0, "green": 0, "blue": 0, "alpha": 0},
            {"value": 0.5, "red": 200, "green": 220, "blue": 255, "alpha": 255},
            {"value": 2, "red": 0, "green": 0, "blue": 128, "alpha": 128}]}})");
        write_atomically(
            folder / "styles/shade.json",
            R"({"identifier": "shade", "title": {"fr": "<Ombrage>", "en": "Shade"}, "abstract": {"fr": "Lumière", "en": "Light"}, "estompage": {}})");
        test::paint_pyramid(folder.path(), {.name = "sonar", .format = "TIFF_ZIP_FLOAT32", .channels = 1});
        write_atomically(folder / "layers/sonar.json", R"({"unit": "cm"})");
        write_atomically(folder / "layers/river.json", R"({"unit": "m", "styles": ["depth", "shade",
            {"style": "depth", "identifier": "sounded", "layer": "sonar"}]})");
        CatalogOptions options;
        options.store = folder.path();
        options.public_url = "https://tiles.example";
        options.service.inspire = {.language = "fre", .metadata_url = "https://catalogue.example/1"};
        options.service.contact = Contact{.organisation = "Ville", .email = "a@ville.example"};
        return make_site(load_catalog(options), read_portal(folder / "no-portal"));
    }

    test::TemporaryFolder folder_;
    mutable Caches caches_{CacheSizes{}};
    Published<Site> sites_;
    Router router_;
};

FrenchSite const& french_site()
{
    static FrenchSite const only;
    return only;
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
    CHECK(wide.height == plain.height + 10 * 16);
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

TEST_CASE("a legend as SVG has the size of the others, and its text as text")
{
    auto const answer = legend("&LAYER=relief&FORMAT=image/svg%2Bxml&LANGUAGE=fre");
    CHECK(answer.media_type == "image/svg+xml");
    auto const svg = test::text_of(answer);
    auto const shape = shape_of(legend("&LAYER=relief"));
    CHECK_THAT(svg, Contains(fmt::format("width=\"{}\" height=\"{}\"", shape.width, shape.height)));
    for (auto const* part : {"<linearGradient id=\"ramp1\"", "fill=\"url(#ramp1)\"", ">4800</text>",
                             "<title>Altitude</title>", "fill=\"#ffffff\" fill-opacity=\"1\"/>"})
        CHECK_THAT(svg, Contains(part));
    CHECK_THAT(test::text_of(legend("&LAYER=relief&FORMAT=image/svg%2Bxml&BGCOLOR=0x102030")),
               Contains("fill=\"#102030\""));
    CHECK_THAT(test::text_of(legend("&LAYER=city&FORMAT=image/svg%2Bxml&TRANSPARENT=TRUE")),
               Contains("<image x=\"0\" y=\"0\"") &&
                   Contains("xlink:href=\"data:image/png;base64,iVBORw0KGgo") && !Contains("<rect"));
}

TEST_CASE("a picture in a legend as SVG has no more pixels than parsers take, whatever its size")
{
    auto const svg = test::text_of(legend("&LAYER=city&FORMAT=image/svg%2Bxml&WIDTH=512&HEIGHT=512&DPI=600"));
    std::string const header =
        "base64,iVBORw0KGgoAAAANSUhEUgAA"; // of PNG; its next three bytes end the width
    auto const place = svg.find(header);
    REQUIRE(place != std::string::npos);
    CHECK(svg.substr(place + header.size(), 4) == "BAAA"); // 1024
    CHECK_THAT(svg, !Contains("width=\"1024\""));
}

TEST_CASE("an interval of a legend of programs ends at its quantity, and the last one nowhere")
{
    auto const response =
        french_site().get("/wms?REQUEST=GetLegendGraphic&LAYER=river&STYLE=depth&FORMAT=application/json");
    auto const json = parse_json(test::text_of(response), "legend");
    auto const rule = JsonReader{json, "legend"}.at("Legend").items().at(0).at("rules").items().at(0);
    auto const map = rule.at("symbolizers").items().at(0).at("Raster").at("colormap");
    CHECK(map.at("type").string() == "intervals");
    struct {
        char const *quantity, *label, *opacity;
    } const rows[] = {{"0.5", "< 0,5 m", "0"}, {"2", "0,5 – 2 m", "1"}, {"Infinity", "≥ 2 m", "0.5"}};
    auto const entries = map.at("entries").items();
    REQUIRE(entries.size() == std::size(rows));
    for (std::size_t i = 0; i < entries.size(); ++i) {
        CHECK(entries[i].at("quantity").string() == rows[i].quantity);
        CHECK(entries[i].at("label").string() == rows[i].label);
        CHECK(entries[i].at("opacity").string() == rows[i].opacity);
    }
}

TEST_CASE("a legend is in the language that it is asked in, or else in the service's own")
{
    auto const svg = [](std::string const& style, std::string const& more) {
        return test::text_of(french_site().get(
            "/wms?REQUEST=GetLegendGraphic&LAYER=river&FORMAT=image/svg%2Bxml&STYLE=" + style + more));
    };
    for (auto const* more : {"", "&LANGUAGE=fre", "&LANGUAGE=fr", "&LANGUAGE=ger", "&language="})
        CHECK_THAT(svg("shade", more), Contains(">lumière</text>") && Contains(">ombre</text>"));
    for (auto const* more : {"&LANGUAGE=eng", "&LANGUAGE=en", "&language=EN"})
        CHECK_THAT(svg("shade", more), Contains(">light</text>") && Contains(">shade</text>"));
    CHECK_THAT(svg("shade", ""), Contains("<title>&lt;Ombrage&gt;</title>"));
    CHECK_THAT(svg("depth", ""), Contains(">0,5 – 2 m</text>") && Contains("fill-opacity=\"0.502\""));
    CHECK_THAT(svg("depth", "&LANGUAGE=eng"), Contains(">0.5 – 2 m</text>"));
}

TEST_CASE("titles of styles are in the language of the answer")
{
    for (auto const* document : {"/wms?SERVICE=WMS&REQUEST=GetCapabilities",
                                 "/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.1.1",
                                 "/wmts?SERVICE=WMTS&REQUEST=GetCapabilities"}) {
        auto const text = test::text_of(french_site().get(document));
        CHECK_THAT(text, Contains("Title>&lt;Ombrage&gt;</") && Contains("Abstract>Lumière</"));
        CHECK_THAT(text, !Contains("Shade") && !Contains("Light"));
    }
    for (auto const* document : {"/ogcapi/styles", "/ogcapi/collections/river/styles"})
        CHECK_THAT(test::text_of(french_site().get(document)),
                   Contains("<Ombrage>") && Contains("Lumière") && !Contains("Shade"));
    auto const json = [](std::string const& more) {
        return test::text_of(french_site().get(
            "/wms?REQUEST=GetLegendGraphic&LAYER=river&STYLE=shade&FORMAT=application/json" + more));
    };
    CHECK_THAT(json(""), Contains("<Ombrage>"));
    CHECK_THAT(json("&LANGUAGE=eng"), Contains("Shade"));
}

TEST_CASE("the legend of a product is that of its layer")
{
    auto const river = [](std::string const& style) {
        return "/wms?REQUEST=GetLegendGraphic&LAYER=river&FORMAT=image/svg%2Bxml&STYLE=" + style;
    };
    CHECK_THAT(test::text_of(french_site().get(river("depth"))), Contains(">≥ 2 m</text>"));
    CHECK_THAT(test::text_of(french_site().get(river("sounded"))), Contains(">≥ 2 cm</text>"));
}

TEST_CASE("documents say how large legends are in the service's own language")
{
    auto const text = test::text_of(french_site().get("/wms?REQUEST=GetCapabilities"));
    std::regex const width{"<LegendURL width=\"(\\d+)\"[^&]*&amp;[^\"]*STYLE=shade&amp;"};
    std::smatch found;
    REQUIRE(std::regex_search(text, found, width));
    auto const width_in = [](std::string const& language) {
        return shape_of(french_site().get("/wms?REQUEST=GetLegendGraphic&LAYER=river&STYLE=shade&LANGUAGE=" +
                                          language))
            .width;
    };
    CHECK(std::stoi(found[1]) == width_in("fre"));
    CHECK(width_in("eng") < width_in("fre"));
}

TEST_CASE("a legend has another tag in each format and language")
{
    std::set<std::string> tags;
    for (auto const* more : {"", "&FORMAT=image/svg%2Bxml", "&FORMAT=image/jpeg", "&LANGUAGE=fr"})
        tags.insert(legend(std::string{"&LAYER=relief"} + more).etag);
    CHECK(tags.size() == 4);
    CHECK(legend("&LAYER=relief&LANGUAGE=ger").etag == legend("&LAYER=relief").etag);
    CHECK(legend("&LAYER=relief&LANGUAGE=eng").etag == legend("&LAYER=relief").etag);
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
