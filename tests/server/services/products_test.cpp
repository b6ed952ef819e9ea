// SPDX-License-Identifier: Apache-2.0
// Products: styles that show another layer.
#include "pyramid/base/json.hpp"
#include "pyramid/raster/codec.hpp"
#include "tests/server/services/product_store.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <cmath>

using namespace ardoise;
using Catch::Contains;
using test::box_of;
using test::info_of;
using test::Products;
using test::replace;

namespace {

/// The tile of level 3 at (5, 4) by every protocol that has a name for styles.
std::vector<std::string> addresses(std::string const& layer, std::string const& style)
{
    auto const name = layer + "/" + style;
    return {
        fmt::format("/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={}&STYLE={}&FORMAT=image/jpeg&"
                    "TILEMATRIXSET=PM&TILEMATRIX=3&TILEROW=4&TILECOL=5",
                    layer, style),
        fmt::format("/wmts/1.0.0/{}/PM/3/4/5.jpg", name),
        fmt::format("/ogcapi/collections/{}/styles/{}/map/tiles/PM/3/4/5?f=jpg", layer, style),
        fmt::format("/wms?SERVICE=WMS&REQUEST=GetMap&VERSION=1.3.0&LAYERS={}&STYLES={}&CRS=EPSG:3857&BBOX={}&"
                    "WIDTH=256&HEIGHT=256&FORMAT=image/jpeg",
                    layer, style, box_of(3, 5, 4)),
        fmt::format("/xyz/{}/3/5/4.jpg?style={}", layer, style)};
}

} // namespace

TEST_CASE("a product is the other layer's stored bytes, with its tag, by every protocol")
{
    Products store;
    CHECK(store.trouble().empty());
    auto const expected = store.get("/wmts/1.0.0/infra/normal/PM/3/4/5.jpg");
    REQUIRE(expected.body.view.size() > 100);
    for (auto const& address : addresses("ortho", "irc")) {
        INFO(address);
        auto const tile = store.get(address);
        CHECK(tile.etag == expected.etag);
        CHECK(test::text_of(tile) == test::text_of(expected));
    }
    auto const own = store.get("/wmts/1.0.0/ortho/rgb/PM/3/4/5.jpg");
    CHECK(own.etag != expected.etag);
    CHECK(store.get("/xyz/ortho/3/5/4.jpg").etag == own.etag);
    CHECK(store.get("/wmts/1.0.0/ortho/ndvi/PM/3/4/5.jpg").etag != expected.etag);
}

TEST_CASE("an index of a product is drawn from the product's values")
{
    Products store;
    store.describe("infra", R"({"styles": ["normal", "ndvi-irc"]})");
    store.load();
    auto const expected = store.get("/wmts/1.0.0/infra/ndvi-irc/PM/3/4/5.png");
    auto const tile = store.get("/wmts/1.0.0/ortho/ndvi/PM/3/4/5.png");
    CHECK(test::text_of(tile) == test::text_of(expected));
    CHECK(tile.etag == expected.etag);
}

TEST_CASE("of a series each member shows its own product")
{
    Products store;
    store.describe("vintages", R"({"styles": [{"style": "normal", "identifier": "rgb"},
                                              {"style": "normal", "identifier": "irc"}],
        "dimensions": {"members": [{"layer": "old", "time": "2005"}, {"layer": "ortho", "time": "2022"}]}})");
    CHECK(store.trouble().empty());
    auto const tag = [&](std::string const& path) {
        return store.get("/wmts/1.0.0/" + path + "/PM/3/4/5.jpg").etag;
    };
    CHECK(tag("vintages/irc/2005") == tag("old-infra/normal"));
    CHECK(tag("vintages/irc/2022") == tag("infra/normal"));
    CHECK(tag("vintages/rgb/2005") == tag("old/rgb"));
}

TEST_CASE("documents list products as the styles that they are")
{
    Products store;
    store.load();
    for (auto const* address : {"/ortho/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.3.0",
                                "/ortho/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.1.1"})
        CHECK_THAT(store.text(address), Contains("<Name>irc</Name>") &&
                                            Contains("<Title>Colour infrared</Title>") &&
                                            Contains("<Name>ndvi</Name>"));
    CHECK_THAT(store.text("/ortho/wmts/1.0.0/WMTSCapabilities.xml"),
               Contains("<ows:Identifier>irc</ows:Identifier>") && Contains("Colour infrared"));
    CHECK_THAT(store.text("/ogcapi/collections/ortho/styles?f=json"), Contains("Colour infrared"));
    CHECK_THAT(store.text("/ogcapi/styles?f=json"), Contains("\"id\": \"irc\"") &&
                                                        Contains("\"title\": \"Colour infrared\"") &&
                                                        Contains("\"title\": \"Vegetation index (NDVI)\""));
    CHECK_THAT(store.text("/vintages/wms?SERVICE=WMS&REQUEST=GetCapabilities"),
               Contains("<Name>irc</Name>") && !Contains("<Name>ndvi</Name>")); // which "old" has not
    CHECK_THAT(store.text("/xyz/ortho/tilejson.json?style=irc"), Contains("{y}.jpg?style=irc\""));
    CHECK_THAT(store.text("/xyz/ortho/tilejson.json?style=rgb"), Contains("{y}.jpg\""));
    CHECK_THAT(store.text("/xyz/vintages/tilejson.json?style=irc&time=2005"),
               Contains("?time=2005&style=irc\""));
}

TEST_CASE("values are those of the product that STYLES names for the layer")
{
    Products store;
    store.load();
    auto const band = [&](std::string const& target) {
        auto const text = store.text(target);
        auto const at = text.find("band_1 = ");
        REQUIRE(at != std::string::npos);
        return std::stoi(text.substr(at + 9));
    };
    CHECK(band(info_of("ortho", "")) == Approx(10).margin(3)); // through JPEG
    CHECK(band(info_of("ortho", "rgb")) == Approx(10).margin(3));
    CHECK(band(info_of("ortho", "irc")) == Approx(90).margin(3));
    CHECK(band(info_of("ortho", "ndvi")) == Approx(90).margin(3));
    CHECK(band(info_of("old,ortho", "irc,rgb")) == Approx(60).margin(3));
    CHECK(band(info_of("ortho", "", "&QUERY_LAYERS=ortho")) == Approx(10).margin(3));
    CHECK(band("/wmts/1.0.0/ortho/irc/PM/3/4/5/9/9.txt") == Approx(90).margin(3));

    store.describe("infra", R"({"queryable": false})");
    store.load();
    CHECK_THAT(store.mistake(info_of("ortho", "irc")), Contains("LayerNotQueryable"));
    CHECK_THAT(store.mistake(info_of("ortho", "heat")), Contains("StyleNotDefined"));
}

TEST_CASE("a product that cannot be shown is refused when the layer is read, with the reason")
{
    struct {
        char const *style, *reason;
    } const rows[] = {
        {R"({"style": "normal", "layer": "nowhere"})", "styles[0].layer: there is no pyramid \"nowhere\""},
        {R"({"style": "normal", "layer": "ortho"})",
         "ortho.json: styles: layers that show one another in a circle (ortho, ortho) show nothing"},
        {R"({"style": "normal", "layer": "degrees"})",
         "styles[0].layer: degrees is cut by 4326, this layer by PM"},
        {R"({"style": "ndvi", "layer": "infra"})",
         "styles[0]: the style ndvi shows band 4; this layer has 3"},
        {R"({"style": "normal", "layer": 3})", "styles[0].layer: expected a string"}};
    for (auto const& [style, reason] : rows) {
        Products store;
        test::paint_pyramid(store.store(), {.name = "degrees", .set = "4326"});
        store.describe("ortho", fmt::format(R"({{"styles": [{}]}})", style));
        std::filesystem::remove(store.file("vintages"));
        CHECK_THAT(store.trouble(), Contains("layer is not described: ") && Contains(reason));
    }
}

TEST_CASE("layers that show one another in a circle are told so, and no others suffer from it")
{
    Products store;
    auto const shows = [&](std::string const& name, std::string const& other) {
        store.describe(name, fmt::format(R"({{"styles": [{{"style": "normal", "identifier": "product",
            "layer": "{}"}}]}})",
                                         other));
    };
    shows("infra", "old");
    shows("old", "old-infra");
    shows("old-infra", "infra");
    shows("ortho", "infra"); // waits for the circle, and stands in none
    auto const catalog = store.load();
    REQUIRE(catalog->troubles().size() == 1);
    CHECK_THAT(catalog->troubles().front().reason,
               Contains("infra.json: styles: ") && Contains("circle (infra, old, old-infra, infra)"));
    CHECK_FALSE(catalog->find_layer("infra")->find_style("product"));
    for (auto const* name : {"old", "old-infra", "ortho"})
        CHECK(catalog->find_layer(name)->find_style("product"));
}

TEST_CASE("a layer that shows one that shows nothing is described, whichever name comes first")
{
    Products store;
    store.describe("ortho", R"({"styles": [{"style": "normal", "layer": "nowhere"}]})");
    store.describe("infra",
                   R"({"styles": [{"style": "normal", "identifier": "colours", "layer": "ortho"}]})");
    auto const catalog = store.load();
    for (auto const& trouble : catalog->troubles())
        CHECK_THAT(trouble.reason, Contains("ortho.json"));
    CHECK(catalog->find_layer("infra")->find_style("colours"));
}

TEST_CASE("a product is asked for in no set that its own layer is not offered in")
{
    Products store;
    auto const describe_ortho = [&](std::string const& sets) {
        store.describe("ortho", R"({"extra_tilematrixsets": [)" + sets + R"(], "styles": [
            {"style": "normal"}, {"style": "normal", "identifier": "irc", "layer": "infra"}]})");
    };
    std::filesystem::remove(store.file("vintages"));
    describe_ortho(R"("WorldCRS84Quad")");
    CHECK_THAT(store.trouble(), Contains("extra_tilematrixsets: infra, which the style irc shows, is not "
                                         "offered in WorldCRS84Quad: name it in layers/infra.json"));
    store.describe("infra", R"({"extra_tilematrixsets": ["WorldCRS84Quad"]})");
    CHECK(store.trouble().empty());
    CHECK(test::text_of(store.get("/wmts/1.0.0/ortho/irc/WorldCRS84Quad/2/1/5.png")) ==
          test::text_of(store.get("/wmts/1.0.0/infra/normal/WorldCRS84Quad/2/1/5.png")));

    describe_ortho("");
    store.describe("twin", R"({"dimensions": {"members": [{"layer": "infra", "time": "2022"}]},
        "styles": [{"style": "normal"}, {"style": "normal", "identifier": "irc", "layer": "ortho"}]})");
    CHECK(store.trouble().empty());
    CHECK_THAT(store.mistake("/wmts/1.0.0/twin/irc/WorldCRS84Quad/2/1/5.png"),
               Contains("The style is not offered in &quot;WorldCRS84Quad&quot;"));
}

TEST_CASE("a product that is classified brings its own classes")
{
    Products store;
    auto const paint_classes = [&](char const* name, char const* colour) {
        test::paint_pyramid(store.store(), {.name = name, .format = "TIFF_ZIP_UINT8", .channels = 1},
                            [](std::size_t, TileIndex) {
                                return std::array<std::uint8_t, 3>{1, 1, 1};
                            });
        replace(store.store() / (std::string{name} + ".json"), "\"revision\": 1",
                fmt::format(R"("revision": 1, "classes": [{{"value": 1, "colour": {}}}])", colour));
    };
    paint_classes("cover", "[0, 0, 255, 255]");
    paint_classes("soil", "[90, 40, 0, 255]");
    store.describe("cover",
                   R"({"styles": ["classes", {"style": "classes", "identifier": "soil", "layer": "soil"}]})");
    store.describe("infra", R"({"styles": ["normal", {"style": "classes", "layer": "soil"}]})");
    CHECK(store.trouble().empty());
    for (auto const* address :
         {"/wmts/1.0.0/cover/soil/PM/3/4/5.png", "/wmts/1.0.0/infra/classes/PM/3/4/5.png"}) {
        auto const picture = png::decode(store.get(address).body.view);
        CHECK(std::vector<int>{picture.row(9), picture.row(9) + 3} == std::vector<int>{90, 40, 0});
    }
}

TEST_CASE("a product that changes changes the style, and nothing else")
{
    Products store;
    store.load();
    auto const infrared = store.get("/wmts/1.0.0/ortho/irc/PM/3/4/5.jpg"),
               colours = store.get("/wmts/1.0.0/ortho/rgb/PM/3/4/5.jpg"),
               index = store.get("/wmts/1.0.0/ortho/ndvi/PM/3/4/5.png");
    std::filesystem::remove_all(store.store() / "infra");
    store.paint("infra", 200);
    CHECK(store.trouble().empty());
    auto const now = store.get("/wmts/1.0.0/ortho/irc/PM/3/4/5.jpg");
    CHECK(now.etag != infrared.etag);
    CHECK(test::text_of(now) != test::text_of(infrared));
    CHECK(test::text_of(now) == store.text("/wmts/1.0.0/infra/normal/PM/3/4/5.jpg"));
    CHECK(store.get("/wmts/1.0.0/ortho/rgb/PM/3/4/5.jpg").etag == colours.etag);
    auto const other_index = store.get("/wmts/1.0.0/ortho/ndvi/PM/3/4/5.png");
    CHECK(other_index.etag != index.etag);
    CHECK(test::text_of(other_index) != test::text_of(index));
}

TEST_CASE("when a product goes the layer stays as it was, and the reason is told")
{
    Products store;
    store.load();
    auto const infrared = store.get("/wmts/1.0.0/ortho/irc/PM/3/4/5.jpg").etag;
    std::filesystem::remove(store.store() / "infra.json");
    CHECK_THAT(store.trouble(),
               Contains("layer stays described as it was: ") && Contains("no pyramid \"infra\""));
    CHECK(store.get("/wmts/1.0.0/ortho/irc/PM/3/4/5.jpg").etag == infrared);
}

TEST_CASE("values of a product are checked against the product's")
{
    Products products;
    test::paint_pyramid(products.store(), {.name = "heights", .format = "TIFF_ZIP_FLOAT32", .channels = 1});
    products.describe("ortho", R"({"styles": ["normal", {"style": "elevation", "layer": "heights"}]})");
    products.load();
    auto const map = [](int bits) {
        return fmt::format(
            "/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=ortho&STYLES=elevation&CRS=EPSG:3857"
            "&BBOX={}&WIDTH=16&HEIGHT=16&FORMAT=image/x-bil;bits={}",
            box_of(5, 15, 11), bits);
    };
    CHECK_THAT(products.mistake(map(8)), Contains("InvalidFormat"));
    CHECK(products.get(map(32)).body.size() == 16 * 16 * 4);
}

TEST_CASE("layers may show layers that show others, in any order; a circle is broken")
{
    Products store;
    test::paint_pyramid(store.store(), {.name = "a-relief", .format = "TIFF_ZIP_FLOAT32", .channels = 1});
    store.describe("a-relief", R"({"styles": [{"style": "hillshade", "draped": "ortho"}]})");
    CHECK(store.trouble().empty()); // ortho has products itself

    store.describe("infra", R"({"styles": [{"style": "normal", "layer": "ortho"}]})");
    auto const catalog = store.load();
    std::vector<std::string> refused;
    for (auto const& trouble : catalog->troubles())
        refused.push_back(trouble.file.stem().string());
    CHECK(refused == std::vector<std::string>{"infra"}); // ortho shows it, and is draped, as before
}
