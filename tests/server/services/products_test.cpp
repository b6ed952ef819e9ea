// SPDX-License-Identifier: Apache-2.0
// One layer, several products: styles that show another layer, bands of one pyramid, and classes.
#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/json.hpp"
#include "pyramid/raster/codec.hpp"
#include "server/services/portal.hpp"
#include "tests/support/painted_site.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <cmath>

using namespace ardoise;
using Catch::Contains;

namespace {

constexpr double half = 20037508.342789244;

std::string box_of(int level, int col, int row)
{
    double const side = 2 * half / std::exp2(level);
    return fmt::format("{},{},{},{}", -half + col * side, half - (row + 1) * side, -half + (col + 1) * side,
                       half - row * side);
}

/// A store that can be changed, and what is served of it.
class Products {
public:
    Products()
    {
        paint("ortho", 10);
        paint("infra", 90);
        paint("old", 50);
        paint("old-infra", 60);
        describe("ortho", R"({"styles": [{"style": "normal", "identifier": "rgb", "title": "True colour"},
            {"style": "normal", "identifier": "irc", "title": "Colour infrared", "layer": "infra"},
            {"style": "ndvi-irc", "identifier": "ndvi", "layer": "infra"}]})");
        describe("old", R"({"styles": [{"style": "normal", "identifier": "rgb"},
            {"style": "normal", "identifier": "irc", "title": "Colour infrared", "layer": "old-infra"}]})");
        describe("vintages", R"({"dimensions": {"members": [{"layer": "old", "time": "2005"},
                                                            {"layer": "ortho", "time": "2022"}]}})");
    }

    void paint(std::string const& name, std::uint8_t red) const
    {
        test::paint_pyramid(folder_.path(), {.name = name, .format = "TIFF_JPG_UINT8"},
                            [red](std::size_t level, TileIndex tile) {
                                return std::array{red, static_cast<std::uint8_t>(20 + 30 * level),
                                                  static_cast<std::uint8_t>(20 * tile.col)};
                            });
    }
    void describe(std::string const& name, std::string const& text) const
    {
        write_atomically(file(name), text);
    }
    std::filesystem::path file(std::string const& name) const
    {
        return folder_.path() / "layers" / (name + ".json");
    }
    std::filesystem::path const& store() const { return folder_.path(); }

    std::shared_ptr<Catalog const> load()
    {
        CatalogOptions options;
        options.store = folder_.path();
        options.public_url = "https://tiles.example";
        auto const before = sites_ ? sites_->current()->catalog : nullptr;
        auto const catalog = load_catalog(options, before.get());
        auto site = make_site(catalog, read_portal(folder_ / "no-portal"));
        if (sites_) {
            sites_->publish(std::move(site));
        } else {
            sites_ = std::make_unique<Published<Site>>(std::move(site));
            router_ = std::make_unique<Router>(*sites_, caches_);
        }
        return catalog;
    }
    std::string trouble()
    {
        auto const catalog = load();
        return catalog->troubles().empty()
                   ? ""
                   : catalog->troubles().front().consequence + ": " + catalog->troubles().front().reason;
    }

    Response get(std::string const& target) const
    {
        auto response = ask(target);
        INFO(target);
        CHECK(response.status == 200);
        return response;
    }
    std::string text(std::string const& target) const { return test::text_of(get(target)); }
    std::string mistake(std::string const& target) const { return test::text_of(ask(target)); }

private:
    Response ask(std::string const& target) const
    {
        Request request;
        REQUIRE(assign_target(request, target));
        auto response = test::done((*router_)(request));
        finish(request, response);
        return response;
    }

    test::TemporaryFolder folder_;
    mutable Caches caches_{CacheSizes{}};
    std::unique_ptr<Published<Site>> sites_;
    std::unique_ptr<Router> router_;
};

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

std::string info_of(std::string const& layers, std::string const& styles, std::string const& more = "")
{
    return fmt::format("/wms?SERVICE=WMS&REQUEST=GetFeatureInfo&VERSION=1.3.0&LAYERS={0}&QUERY_LAYERS={0}&"
                       "STYLES={1}&CRS=EPSG:3857&BBOX={2}&WIDTH=256&HEIGHT=256&I=9&J=9{3}",
                       layers, styles, box_of(3, 5, 4), more);
}

void replace(std::filesystem::path const& file, std::string const& from, std::string const& to)
{
    auto text = read_text(file);
    auto const at = text.find(from);
    REQUIRE(at != std::string::npos);
    write_atomically(file, text.replace(at, from.size(), to));
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

TEST_CASE("the fourth band of a layer is not taken for alpha where its sources say that it is none")
{
    Products store;
    test::paint_pyramid(store.store(), {.name = "rgbn", .channels = 4});
    auto const stored = [&] {
        store.load();
        return store.get("/wmts/1.0.0/rgbn/normal/PM/3/4/5.png");
    };
    auto const with_alpha = stored();
    CHECK(png::decode(with_alpha.body.view).shape().channels == 4);
    replace(store.store() / "rgbn.json", "\"revision\": 1", "\"revision\": 1, \"alpha\": false");
    store.describe("rgbn", R"({"styles": ["normal", "rgb", "irc", "ndvi", "grey"]})");
    auto const plain = stored();
    CHECK(plain.etag != with_alpha.etag);
    auto const normal = png::decode(plain.body.view),
               rgb = png::decode(store.get("/wmts/1.0.0/rgbn/rgb/PM/3/4/5.png").body.view),
               irc = png::decode(store.get("/wmts/1.0.0/rgbn/irc/PM/3/4/5.png").body.view);
    auto const [red, green, blue] = test::colour_of(3, {5, 4});
    REQUIRE(normal.shape().channels == 3);
    CHECK(std::vector<int>{normal.row(9), normal.row(9) + 3} == std::vector<int>{red, green, blue});
    REQUIRE(rgb.shape().channels == 3);
    CHECK(std::vector<int>{rgb.row(9), rgb.row(9) + 3} == std::vector<int>{red, green, blue});
    REQUIRE(irc.shape().channels == 3);
    CHECK(std::vector<int>{irc.row(9), irc.row(9) + 3} == std::vector<int>{255, red, green});
}

TEST_CASE("what alpha hides stays hidden in styles that look at colours alone")
{
    Products store;
    test::paint_pyramid(store.store(), {.name = "glass", .channels = 4, .fourth = 100});
    store.describe("glass", R"({"styles": ["normal", "rgb", "grey", "irc"]})");
    CHECK(store.trouble().empty());
    auto const alpha_in = [&](std::string const& style) {
        auto const picture =
            png::decode(store.get(fmt::format("/wmts/1.0.0/glass/{}/PM/3/4/5@2x.png", style)).body.view);
        auto const channels = picture.shape().channels;
        return channels % 2 == 0 ? static_cast<int>(picture.row(9)[9 * channels + channels - 1]) : 255;
    };
    for (auto const* style : {"normal", "rgb", "grey"})
        CHECK(alpha_in(style) == 100);
    CHECK(alpha_in("irc") == 255); // which shows the fourth band, so it is none to hide by
}

TEST_CASE("a classified layer is drawn in exact colours at every scale, and its values have labels")
{
    Products store;
    test::paint_pyramid(store.store(), {.name = "cover", .format = "TIFF_ZIP_UINT8", .channels = 1},
                        [](std::size_t, TileIndex tile) {
                            auto const value = static_cast<std::uint8_t>(1 + (tile.col + tile.row) % 2);
                            return std::array{value, value, value};
                        });
    replace(store.store() / "cover.json", "\"revision\": 1",
            R"("revision": 1, "classes": [{"value": 1, "colour": [0, 0, 255, 255], "label": "Water <deep>"},
                                          {"value": 2, "colour": [0, 255, 0, 255]}])");
    CHECK(store.trouble().empty());
    CHECK_THAT(store.text("/cover/wms?SERVICE=WMS&REQUEST=GetCapabilities"),
               Contains("<Name>classes</Name>"));
    auto const map = [&](std::string const& crs, std::string const& box) {
        return png::decode(
            store
                .get("/wms?SERVICE=WMS&REQUEST=GetMap&VERSION=1.3.0&LAYERS=cover&STYLES=&CRS=" + crs +
                     "&BBOX=" + box + "&WIDTH=300&HEIGHT=230&FORMAT=image/png")
                .body.view);
    };
    auto const count_others = [](Raster const& picture) {
        std::size_t others = 0, seen = 0;
        auto const channels = picture.shape().channels;
        for (std::int32_t y = 0; y < picture.shape().height; ++y)
            for (std::int32_t x = 0; x < picture.shape().width; ++x) {
                auto const* c = picture.row(y) + x * channels;
                bool const is_water = c[0] == 0 && c[1] == 0 && c[2] == 255;
                bool const is_wood = c[0] == 0 && c[1] == 255 && c[2] == 0;
                others += !is_water && !is_wood;
                seen += is_water;
            }
        CHECK(seen > 1000);
        return others;
    };
    CHECK(count_others(map("EPSG:3857", "1000,-4000000,9000000,4000000")) == 0);
    CHECK(count_others(map("EPSG:4326", "-30,5,30,80")) == 0);
    CHECK(count_others(map("EPSG:3857", "4950000,-60000,5060000,50000")) == 0); // where four tiles meet

    store.describe("cover", R"({"styles": ["classes", "cover"]})");
    std::filesystem::create_directories(store.store() / "styles");
    write_atomically(store.store() / "styles/cover.json", R"({"identifier": "named", "title": "Cover",
        "classes": [{"value": 2, "colour": "#00ff00", "label": {"en": "Wood", "fr": "Bois"}},
                    {"value": 1, "colour": "#0000ff", "label": {"en": "Water", "fr": "Eau"}}]})");
    CHECK(store.trouble().empty());
    CHECK_THAT(store.text(info_of("cover", "")), Contains("  band_1 = 2\n") && !Contains("label"));
    CHECK_THAT(store.text(info_of("cover", "named")), Contains("  band_1 = 2\n  label = Wood\n"));
    for (auto const* french : {"fr", "fre", "fra", "FR", "fr-FR"})
        CHECK_THAT(store.text(info_of("cover", "named", std::string{"&LANGUAGE="} + french)),
                   Contains("  label = Bois\n"));
    CHECK_THAT(store.text(info_of("cover", "named", "&LANGUAGE=ger")), Contains("  label = Wood\n"));
    CHECK_THAT(store.text("/wmts/1.0.0/cover/named/PM/3/4/4/7/7.txt?LANGUAGE=fr"),
               Contains("  label = Eau\n"));
    auto const in = [&](std::string const& format) {
        return store.text("/wmts?SERVICE=WMTS&VERSION=1.0.0&REQUEST=GetFeatureInfo&LAYER=cover&STYLE=classes&"
                          "TILEMATRIXSET=PM&TILEMATRIX=3&TILEROW=4&TILECOL=4&I=7&J=7&INFOFORMAT=" +
                          format);
    };
    CHECK_THAT(in("text/plain"), Contains("  band_1 = 1\n  label = Water <deep>\n"));
    CHECK_THAT(in("text/html"), Contains("<tr><th>label</th><td>Water &lt;deep&gt;</td></tr>"));
    CHECK_THAT(in("application/json"), Contains("\"label\": \"Water <deep>\""));
    for (auto const* gml : {"application/vnd.ogc.gml", "application/vnd.ogc.gml/3.1.1"})
        CHECK_THAT(in(gml), Contains("<ardoise:label>Water &lt;deep&gt;</ardoise:label>"));
}

TEST_CASE("percentiles are those of the layer, known before anything is asked")
{
    Products store;
    test::paint_pyramid(store.store(), {.name = "dark", .format = "TIFF_ZIP_UINT16", .channels = 1},
                        [](std::size_t level, TileIndex tile) {
                            auto const place =
                                level < 2 ? 0 : (tile.col >> (level - 2)) + (tile.row >> (level - 2));
                            auto const value = static_cast<std::uint8_t>(10 + 10 * place);
                            return std::array{value, value, value};
                        });
    std::filesystem::create_directories(store.store() / "styles");
    write_atomically(
        store.store() / "styles/bright.json",
        R"({"identifier": "bright", "title": "B", "tone": {"stretch": {"percentiles": [0, 100]}}})");
    store.describe("dark", R"({"styles": ["bright", "normal"]})");
    CHECK(store.trouble().empty());
    auto const shade = [&](std::string const& tile) {
        return int{png::decode(store.get("/xyz/dark/3/" + tile + ".png").body.view).row(9)[9]};
    };
    auto const all = store.get("/xyz/dark/3/4/3.png").etag;
    CHECK(shade("4/3") == 0);
    CHECK(shade("4/4") == 128);
    CHECK(shade("6/5") == 255);
    store.load();
    CHECK(store.get("/xyz/dark/3/4/3.png").etag == all);
}

TEST_CASE("a style that sharpens has no seams between tiles")
{
    Products store;
    test::paint_pyramid(store.store(), {.name = "grain", .grained = true});
    std::filesystem::create_directories(store.store() / "styles");
    write_atomically(store.store() / "styles/crisp.json",
                     R"({"identifier": "crisp", "title": "C", "tone": {"gamma": 1.4, "sharpen": 1.5}})");
    store.describe("grain", R"({"styles": ["crisp", "normal"]})");
    CHECK(store.trouble().empty());
    double const side = 2 * half / 8;
    auto const whole = png::decode(
        store
            .get(fmt::format(
                "/wms?SERVICE=WMS&REQUEST=GetMap&VERSION=1.3.0&LAYERS=grain&STYLES=&CRS=EPSG:3857&"
                "BBOX={},{},{},{}&WIDTH=512&HEIGHT=512&FORMAT=image/png",
                -half + 5 * side, half - 6 * side, -half + 7 * side, half - 4 * side))
            .body.view);
    std::size_t wrong = 0;
    for (int col = 0; col < 2; ++col)
        for (int row = 0; row < 2; ++row) {
            auto const tile =
                png::decode(store.get(fmt::format("/xyz/grain/3/{}/{}.png", 5 + col, 4 + row)).body.view);
            REQUIRE(tile.shape().channels == 3);
            for (std::int32_t y = 0; y < 256; ++y)
                wrong += !std::equal(tile.row(y), tile.row(y) + 768,
                                     whole.row(256 * row + y) + std::size_t{768} * col);
        }
    CHECK(wrong == 0);
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
