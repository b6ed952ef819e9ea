// SPDX-License-Identifier: Apache-2.0
// What is drawn of bands: alpha or not, classes, tones.
#include "pyramid/base/json.hpp"
#include "pyramid/raster/codec.hpp"
#include "tests/server/services/product_store.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <cmath>

using namespace ardoise;
using Catch::Contains;
using test::half;
using test::info_of;
using test::Products;
using test::replace;

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
