// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/json.hpp"
#include "server/services/layer_order.hpp"
#include "server/services/wmts_capabilities.hpp"
#include "server/services/xml_writer.hpp"
#include "tests/support/french_locale.hpp"
#include "tests/support/painted_site.hpp"

#include <catch2/catch.hpp>

#include <regex>

using namespace ardoise;
using Catch::Contains;

TEST_CASE("WMTS capabilities keep the prefixes and spaces that QGIS looks for")
{
    auto const text = test::text_of(test::painted_site().get("/wmts?SERVICE=WMTS&REQUEST=GetCapabilities"));
    for (auto const* wanted :
         {"<ows:Identifier>city</ows:Identifier>",
          "<ows:SupportedCRS>urn:ogc:def:crs:EPSG::3857</ows:SupportedCRS>", "<ows:WGS84BoundingBox>",
          "isDefault=\"true\"", "<TileMatrixSetLimits>", "https://tiles.example/wmts?",
          "{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}.jpg"})
        CHECK_THAT(text, Contains(wanted));
    std::regex const corners{"<(ows:LowerCorner|ows:UpperCorner|TopLeftCorner)>([^<]*)<"};
    int count = 0;
    for (std::sregex_iterator it{text.begin(), text.end(), corners}, end; it != end; ++it, ++count)
        CHECK(std::regex_match((*it)[2].str(), std::regex{"-?[0-9.e+-]+ -?[0-9.e+-]+"}));
    CHECK(count > 50);
}

TEST_CASE("one format is published for a layer of pictures, so that no client picks a heavier one")
{
    auto const text = test::text_of(test::painted_site().get("/city/wmts/1.0.0/WMTSCapabilities.xml"));
    CHECK(text.find("<Format>") == text.rfind("<Format>"));
    CHECK_THAT(text, Contains("<Format>image/jpeg</Format>"));
}

TEST_CASE("a client may choose the format in which WMTS capabilities and TileJSON publish tiles")
{
    struct {
        char const *format, *media_type, *extension;
    } const rows[] = {{"image/png", "image/png", "png"},   {"image%2Fwebp", "image/webp", "webp"},
                      {"IMAGE/JPEG", "image/jpeg", "jpg"}, {"png", "image/png", "png"},
                      {"application/xml", nullptr, "jpg"}, {"text/xml", nullptr, "jpg"},
                      {"image/png8", nullptr, "jpg"},      {"", nullptr, "jpg"},
                      {"%3Cx%3E", nullptr, "jpg"}};
    auto const& site = test::painted_site();
    for (auto const& [format, media_type, extension] : rows)
        for (auto const* path :
             {"/city/wmts/1.0.0/WMTSCapabilities.xml?", "/city/wmts?SERVICE=WMTS&REQUEST=GetCapabilities&",
              "/xyz/city/tilejson.json?"}) {
            INFO(path << format);
            auto const text = test::text_of(site.get(fmt::format("{}FORMAT={}", path, format)));
            if (path[1] == 'x') {
                CHECK_THAT(text, Contains(fmt::format("{{y}}.{}\"", extension)));
                continue;
            }
            CHECK(text.find("<Format>") == text.rfind("<Format>"));
            CHECK_THAT(text,
                       Contains(fmt::format("<Format>{}</Format>", media_type ? media_type : "image/jpeg")));
            CHECK_THAT(text, Contains(fmt::format("{{TileRow}}/{{TileCol}}.{}\"", extension)));
            auto const query = media_type ? fmt::format("?format={}", media_type) : std::string{};
            CHECK_THAT(text, Contains(fmt::format("/WMTSCapabilities.xml{}\"", query)));
        }
    auto const usual = site.get("/wmts/1.0.0/WMTSCapabilities.xml");
    CHECK(site.get("/wmts/1.0.0/WMTSCapabilities.xml?format=application/xml").etag == usual.etag);
    CHECK(site.get("/wmts/1.0.0/WMTSCapabilities.xml?format=image/png").etag != usual.etag);
}

TEST_CASE("a layer's own documents speak of that layer only, under its own address")
{
    auto const& site = test::painted_site();
    auto const wmts = test::text_of(site.get("/city/wmts/1.0.0/WMTSCapabilities.xml"));
    CHECK_THAT(wmts, Contains("https://tiles.example/city/wmts?") && !Contains("relief"));
    CHECK(wmts == test::text_of(site.get("/city/wmts?SERVICE=WMTS&REQUEST=GetCapabilities")));
    auto const wms = test::text_of(site.get("/city/wms?SERVICE=WMS&REQUEST=GetCapabilities"));
    CHECK_THAT(wms, Contains("https://tiles.example/city/wms?") && !Contains("relief"));
    CHECK(site.get("/city/"
                   "wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=relief&STYLES=&CRS=EPSG:3857&BBOX=0,"
                   "0,1,1&WIDTH=1&"
                   "HEIGHT=1&FORMAT=image/png")
              .status == 400);
}

TEST_CASE("corners of geographic sets are latitude first where the authority says so")
{
    auto const text = test::text_of(test::painted_site().get("/wmts/1.0.0/WMTSCapabilities.xml"));
    CHECK_THAT(text, Contains("<TopLeftCorner>90 -180</TopLeftCorner>")); // EPSG:4326
    CHECK_THAT(text, Contains("<TopLeftCorner>-20037508.342789244 20037508.342789244</TopLeftCorner>"));
}

TEST_CASE("every matrix that has tiles of the layer has its limits, inside the matrix")
{
    for (auto const& layer : test::painted_site().site().catalog->layers())
        for (auto const& link : layer->links)
            for (std::size_t i = 0; i < link.limits.size(); ++i) {
                INFO(layer->name << " " << link.set->id << " " << i);
                CHECK_FALSE(link.limits[i].empty());
                CHECK(intersect(link.limits[i], link.set->matrices[i].range()) == link.limits[i]);
            }
}

TEST_CASE("WMS negotiates its version as the standards say")
{
    auto const& site = test::painted_site();
    auto const version_of = [&](std::string const& query) {
        auto const text = test::text_of(site.get("/wms?SERVICE=WMS&REQUEST=GetCapabilities" + query));
        return text.find("<WMS_Capabilities version=\"1.3.0\"") != std::string::npos      ? "1.3.0"
               : text.find("<WMT_MS_Capabilities version=\"1.1.1\"") != std::string::npos ? "1.1.1"
                                                                                          : "none";
    };
    struct {
        char const *query, *version;
    } const rows[] = {{"", "1.3.0"},
                      {"&VERSION=1.3.0", "1.3.0"},
                      {"&VERSION=100.0.0", "1.3.0"},
                      {"&VERSION=1.1.1", "1.1.1"},
                      {"&VERSION=1.1.0", "1.1.1"},
                      {"&VERSION=0.0.0", "1.1.1"},
                      {"&VERSION=1.2.0", "1.1.1"},
                      {"&VERSION=", "1.3.0"},
                      {"&WMTVER=1.1.1", "1.1.1"},
                      {"&WMTVER=100.0.0&VERSION=1.1.1", "1.1.1"},
                      {"&VERSION=1.3.0&WMTVER=0.0.0", "1.3.0"}};
    for (auto const& row : rows) {
        INFO(row.query);
        CHECK(std::string{version_of(row.query)} == row.version);
    }
}

TEST_CASE("WMS documents have the media types of their versions")
{
    auto const& site = test::painted_site();
    CHECK(site.get("/wms?REQUEST=GetCapabilities&VERSION=1.3.0").media_type == "text/xml");
    CHECK(site.get("/wms?REQUEST=GetCapabilities&VERSION=1.1.1").media_type == "application/vnd.ogc.wms_xml");
    CHECK(site.get("/wms?REQUEST=GetCapabilities&FORMAT=XXX").media_type == "text/xml");
}

TEST_CASE("addresses of operations end in ? so that clients can add to them")
{
    auto const& site = test::painted_site();
    for (auto const* document :
         {"/wms?REQUEST=GetCapabilities", "/wms?REQUEST=GetCapabilities&VERSION=1.1.1"}) {
        auto const text = test::text_of(site.get(document));
        std::regex const hrefs{"OnlineResource[^>]*xlink:href=\"([^\"]*)\""};
        int count = 0;
        for (std::sregex_iterator it{text.begin(), text.end(), hrefs}, end; it != end; ++it)
            if (auto const href = (*it)[1].str(); href.find("GetLegendGraphic") == std::string::npos) {
                CHECK_THAT(href, Catch::EndsWith("?"));
                ++count;
            }
        CHECK(count == 5);
    }
}

TEST_CASE("the two boxes in degrees of a WMS layer are the same numbers")
{
    auto const text = test::text_of(test::painted_site().get("/city/wms?REQUEST=GetCapabilities"));
    std::smatch west, box;
    auto const layer = text.substr(text.find("<Name>city</Name>"));
    REQUIRE(std::regex_search(layer, west, std::regex{"<westBoundLongitude>([^<]*)<"}));
    REQUIRE(std::regex_search(layer, box, std::regex{"CRS=\"CRS:84\" minx=\"([^\"]*)\""}));
    CHECK(west[1] == box[1]);
    REQUIRE(std::regex_search(layer, box, std::regex{"CRS=\"EPSG:4326\" minx=\"[^\"]*\" miny=\"([^\"]*)\""}));
    CHECK(west[1] == box[1]);
}

TEST_CASE("documents are the same under any locale, and from one time to the next")
{
    auto const& site = test::painted_site();
    auto const plain = wmts_capabilities(*site.site().catalog, site.site().catalog->layers(), "");
    {
        test::FrenchLocale const french;
        CHECK(wmts_capabilities(*site.site().catalog, site.site().catalog->layers(), "") == plain);
    }
    CHECK(test::text_of(site.get("/wmts/1.0.0/WMTSCapabilities.xml")) == plain);
}

TEST_CASE("TileJSON holds what its clients need, in Web Mercator's levels")
{
    auto const response = test::painted_site().get("/xyz/city/tilejson.json");
    CHECK(response.media_type == "application/json");
    auto const json = parse_json(test::text_of(response), "tilejson");
    JsonReader const reader{json, "tilejson"};
    CHECK(reader.at("tilejson").string() == "3.0.0");
    CHECK(reader.at("tiles").items()[0].string() == "https://tiles.example/xyz/city/{z}/{x}/{y}.jpg");
    CHECK(reader.at("maxzoom").integer() == 5);
    CHECK(reader.at("bounds").items().size() == 4);
    CHECK(reader.at("bounds").items()[0].number() == Approx(11.25));
    CHECK_THAT(test::text_of(test::painted_site().get("/xyz/words/tilejson.json")),
               Contains("/{y}.png")); // raw tiles are no pictures
}

TEST_CASE("the list of layers names each with its addresses")
{
    auto const json = parse_json(test::text_of(test::painted_site().get("/layers.json")), "layers");
    auto const layers = JsonReader{json, "layers"}.at("layers").items();
    REQUIRE(layers.size() == 5);
    CHECK(layers[0].at("name").string() == "city");
    CHECK(layers[0].at("wmts").string() == "https://tiles.example/city/wmts/1.0.0/WMTSCapabilities.xml");
}

TEST_CASE("the list of layers says in which systems maps come, and by which operations")
{
    auto const json = parse_json(test::text_of(test::painted_site().get("/layers.json")), "layers");
    JsonReader const list{json, "layers"};
    auto const city = list.at("layers").items()[0];
    CHECK_FALSE(city.at("systems").find("EPSG:3857")); // null: its own
    auto const number = static_cast<std::size_t>(city.at("systems").at("EPSG:3035").integer());
    auto const operation = list.at("operations").items().at(number);
    CHECK(operation.at("from").string() == "EPSG:3035");
    CHECK(operation.at("to").string() == "EPSG:3857");
    CHECK_THAT(operation.at("name").string(), Contains("ETRS89 to WGS 84"));
    CHECK(operation.at("accuracy").number() == 1);
    CHECK_FALSE(operation.at("ballpark").boolean());
    auto const system = list.at("systems").at("EPSG:3035");
    CHECK(system.at("name").string() == "ETRS89-extended / LAEA Europe");
    CHECK(system.at("area_of_use").items()[0].number() == -35.58);
}

TEST_CASE("people are shown true colour first, and of each kind the newest vintage")
{
    test::TemporaryFolder const folder;
    auto const paint = [&](std::string const& name, std::string const& bands, int channels = 3,
                           std::string const& format = "TIFF_PNG_UINT8") {
        test::paint_pyramid(folder.path(), {.name = name,
                                            .format = format,
                                            .bottom = "0",
                                            .bottom_tiles = {{0, 0}, {1, 1}},
                                            .channels = channels});
        auto const file = folder / (name + ".json");
        auto text = read_text(file);
        text.replace(text.find("\"revision\""), 0, "\"bands\": " + bands + ", ");
        write_atomically(file, text);
    };
    paint("a-infrared-2022", "[4, 1, 2]");
    paint("b-heights-2023", "[1]", 1, "TIFF_ZIP_FLOAT32");
    paint("c-ortho-1950", "[1, 2, 3]");
    paint("d-ortho-2022-2154", "[1, 2, 3]");
    paint("e-ortho", "[]");
    paint("f-ortho-5cm-2005", "[1, 2, 3, 4]", 4);
    paint("g-grey-1950", "[1]", 1);
    CatalogOptions options;
    options.store = folder.path();
    std::vector<std::string> names;
    for (auto const& layer : in_order_for_people(load_catalog(options)->layers()))
        names.push_back(layer->name);
    CHECK(names == std::vector<std::string>{"d-ortho-2022-2154", "f-ortho-5cm-2005", "c-ortho-1950",
                                            "e-ortho", "a-infrared-2022", "g-grey-1950", "b-heights-2023"});
}

TEST_CASE("the server says that it is well, and how much it serves")
{
    auto const response = test::painted_site().get("/health");
    CHECK(response.status == 200);
    CHECK_THAT(test::text_of(response), Contains("\"layers\":5"));
}

TEST_CASE("XML is escaped where it is written")
{
    XmlWriter xml;
    xml.open("a", {{"b", "\"<&'>"}});
    xml.element("c", "x < y & \"z\" \x01");
    CHECK(
        xml.finish() ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a b=\"&quot;&lt;&amp;&#39;&gt;\">\n  <c>x &lt; y &amp; "
        "&quot;z&quot; \xef\xbf\xbd</c>\n</a>\n");
}

TEST_CASE("documents have tags that change with their text only")
{
    CHECK(document("text/plain", "a").etag == document("text/plain", "a").etag);
    CHECK(document("text/plain", "a").etag != document("text/plain", "b").etag);
}

TEST_CASE("other methods than GET and HEAD are refused with what is allowed")
{
    auto const site = make_site(std::make_shared<Catalog const>(CatalogOptions{}, LayerList{}), {});
    Caches caches;
    Published<Site> const sites{site};
    Router const router{sites, caches};
    for (auto const method : {Method::post, Method::put, Method::delete_, Method::other}) {
        Request request;
        request.method = method;
        request.path = "/wms";
        auto const response = std::get<Response>(router(request));
        CHECK(response.status == 405);
        CHECK(response.headers.front() == std::pair<std::string, std::string>{"Allow", "GET, HEAD, OPTIONS"});
    }
}

TEST_CASE("an empty catalog has documents all the same")
{
    auto const site = make_site(std::make_shared<Catalog const>(CatalogOptions{}, LayerList{}), {});
    CHECK_THAT(test::text_of(site->wmts_capabilities), Contains("<Contents>"));
    CHECK_THAT(test::text_of(site->wms_130_capabilities), Contains("EX_GeographicBoundingBox"));
}

TEST_CASE("what describes one layer is made and compressed once")
{
    test::PaintedSite const site;
    for (auto const* path :
         {"/city/wmts/1.0.0/WMTSCapabilities.xml", "/city/wms?SERVICE=WMS&REQUEST=GetCapabilities",
          "/city/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.1.1", "/xyz/city/tilejson.json"}) {
        INFO(path);
        auto const first = site.get(path), again = site.get(path);
        REQUIRE(first.status == 200);
        CHECK(first.body.size() > 200);
        CHECK(again.body.view.data() == first.body.view.data());
        CHECK(first.gzipped.view.empty() == (first.body.size() < 1025));
    }
}
