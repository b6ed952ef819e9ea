// SPDX-License-Identifier: Apache-2.0
// Who asks for the same map at the same time gets the same one: so keys are equal for equal maps alone.
#include "pyramid/base/atomic_file.hpp"
#include "tests/support/painted_site.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

using namespace ardoise;

namespace {

/// Parameters by their names; what a test says stands in for what is usual.
using Parameters = std::map<std::string, std::string>;

Parameters usual_map()
{
    return {{"SERVICE", "WMS"},
            {"REQUEST", "GetMap"},
            {"VERSION", "1.3.0"},
            {"LAYERS", "grain"},
            {"STYLES", ""},
            {"CRS", "EPSG:4326"},
            {"BBOX", "20.5,30.25,30.5,45.25"},
            {"WIDTH", "200"},
            {"HEIGHT", "150"},
            {"FORMAT", "image/png"}};
}

std::string wms(Parameters const& changed)
{
    auto parameters = usual_map();
    for (auto const& [name, value] : changed)
        parameters[name] = value;
    std::string target = "/wms?";
    for (auto const& [name, value] : parameters)
        target += name + "=" + value + "&";
    return target;
}

std::string key_of(std::string const& target)
{
    INFO(target);
    auto const key = test::painted_site().key_of(target);
    REQUIRE_FALSE(key.empty());
    return key;
}

} // namespace

TEST_CASE("maps that differ in anything that shows have keys that differ")
{
    std::map<std::string, std::string> targets; // by key
    for (auto const& target : std::vector<std::string>{
             wms({}),
             wms({{"LAYERS", "city"}}),
             wms({{"LAYERS", "grain,relief"}}),
             wms({{"LAYERS", "relief,grain"}}),
             wms({{"LAYERS", "relief"}}),
             wms({{"LAYERS", "relief"}, {"STYLES", "normal"}}),
             wms({{"LAYERS", "grain,relief"}, {"STYLES", ",normal"}}),
             wms({{"CRS", "EPSG:3857"}}), // the same numbers elsewhere
             wms({{"BBOX", "20.500001,30.25,30.5,45.25"}}),
             wms({{"BBOX", "20.5,30.250001,30.5,45.25"}}),
             wms({{"BBOX", "20.5,30.25,30.500001,45.25"}}),
             wms({{"BBOX", "20.5,30.25,30.5,45.250001"}}),
             wms({{"BBOX", "20.500000000000004,30.25,30.5,45.25"}}), // the next number that there is
             wms({{"WIDTH", "201"}}),
             wms({{"HEIGHT", "151"}}),
             wms({{"WIDTH", "20"}, {"HEIGHT", "0150"}}),
             wms({{"WIDTH", "150"}, {"HEIGHT", "200"}}),
             wms({{"FORMAT", "image/jpeg"}}),
             wms({{"FORMAT", "image/webp"}}),
             wms({{"FORMAT", "image/png8"}}),
             wms({{"FORMAT", "image/tiff"}}),
             wms({{"FORMAT", "image/x-bil;bits=8"}}),
             wms({{"FORMAT", "image/vnd.jpeg-png"}, {"TRANSPARENT", "TRUE"}}),
             wms({{"TRANSPARENT", "TRUE"}}),
             wms({{"BGCOLOR", "0x0000FF"}}),
             wms({{"BGCOLOR", "0x00FF00"}}),
             wms({{"BGCOLOR", "0xFF0000"}}),
             "/xyz/grain/5/20/13.png", // drawn: JPEG is what is stored
             "/xyz/grain/5/20/14.png",
             "/xyz/grain/5/21/13.png",
             "/xyz/grain/6/40/26.png",
             "/xyz/grain/5/20/13.webp",
             "/xyz/grain/5/20/13@2x.png",
             "/xyz/grain/5/20/13@2x.jpg",
             "/xyz/city/5/20/13.png",
             "/wmts/1.0.0/relief/elevation/PM/5/13/20.png",
             "/wmts/1.0.0/relief/normal/PM/5/13/20.png",
         }) {
        auto const [place, is_new] = targets.emplace(key_of(target), target);
        INFO(target << " and " << place->second);
        CHECK(is_new);
    }
}

TEST_CASE("maps that are spelled in different ways have one key")
{
    auto const usual = key_of(wms({}));
    for (auto const& target : std::vector<std::string>{
             "/wms?FORMAT=image/png&HEIGHT=150&WIDTH=200&BBOX=20.5,30.25,30.5,45.25&CRS=EPSG:4326&STYLES="
             "&LAYERS=grain&VERSION=1.3.0&REQUEST=GetMap&SERVICE=WMS",
             "/wms?service=wms&Request=getmap&version=1.3.0&layers=grain&styles=&crs=epsg:4326"
             "&bbox=20.5,30.25,30.5,45.25&width=200&height=150&format=IMAGE/PNG",
             wms({{"BBOX", "20.50,3.025e1,30.5,45.25"}}),
             wms({{"BBOX", "20.5%2C30.25%2C30.5%2C45.25"}}),
             wms({{"WIDTH", "0200"}}),
             wms({{"STYLES", "normal"}}),
             wms({{"STYLES", "default"}}),
             wms({{"FORMAT", "image/png;%20mode=24bit"}}),
             wms({{"TRANSPARENT", "FALSE"}}),
             wms({{"TRANSPARENT", "false"}, {"BGCOLOR", "0xffffff"}}),
             wms({{"BGCOLOR", "%23FFFFFF"}}),
             wms({{"DPI", "96"}, {"MAP_RESOLUTION", "96"}, {"FORMAT_OPTIONS", "dpi:96"}, {"TILED", "true"}}),
             wms({{"EXCEPTIONS", "XML"}, {"_", "1700000000"}}),
             "/grain" + wms({}),
         }) {
        INFO(target);
        CHECK(key_of(target) == usual);
    }
}

TEST_CASE("a map in the words of WMS 1.1.1 is that of 1.3.0, whatever the order of the axes")
{
    auto const in_130 = wms({});
    auto const in_111 = wms({{"VERSION", "1.1.1"}, {"SRS", "EPSG:4326"}, {"BBOX", "30.25,20.5,45.25,30.5"}});
    auto const& site = test::painted_site();
    CHECK(site.get(in_111).etag == site.get(in_130).etag);
    CHECK(test::text_of(site.get(in_111)) == test::text_of(site.get(in_130)));
    // Nobody waits with the other: of a map that is too costly each hears in the words of its version.
    CHECK(key_of(in_111) != key_of(in_130));
    CHECK(key_of(wms({{"VERSION", "1.1.0"}, {"SRS", "EPSG:4326"}, {"BBOX", "30.25,20.5,45.25,30.5"}})) ==
          key_of(in_111));
}

TEST_CASE("a tile that is drawn has one key, by whatever service it is asked for")
{
    auto const by_kvp = [](std::string const& set, std::string const& format) {
        return "/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=grain&STYLE=normal&TILEMATRIXSET=" +
               set + "&TILEMATRIX=5&TILEROW=13&TILECOL=20&FORMAT=" + format;
    };
    auto const usual = key_of("/xyz/grain/5/20/13.png");
    for (auto const& target : {by_kvp("PM", "image/png"), by_kvp("PM", "IMAGE/PNG") + "&TRANSPARENT=TRUE",
                               std::string{"/wmts/1.0.0/grain/normal/PM/5/13/20.png"},
                               std::string{"/wmts/1.0.0/grain/default/PM/5/13/20.png"},
                               std::string{"/grain/wmts/1.0.0/grain/normal/PM/5/13/20.png"}}) {
        INFO(target);
        CHECK(key_of(target) == usual);
    }
}

TEST_CASE("the same map of tiles that were read anew has another key")
{
    test::PaintedSite const anew;
    CHECK(anew.key_of(wms({})) != key_of(wms({})));
    CHECK(anew.key_of("/xyz/grain/5/20/13.png") != key_of("/xyz/grain/5/20/13.png"));
}

TEST_CASE("two grids alike in systems without a code are two places")
{
    test::TemporaryFolder const store;
    for (auto const& [id, longitude] : {std::pair{"west", -3}, {"east", 3}})
        write_atomically(store / fmt::format("tilematrixsets/{}.json", id),
                         fmt::format(R"({{"id": "{}", "crs": "+proj=laea +lat_0=47 +lon_0={} +type=crs",
                              "tileMatrices": [{{"id": "0", "cellSize": 4000, "pointOfOrigin": [-512000, 512000],
                                  "tileWidth": 256, "tileHeight": 256, "matrixWidth": 1, "matrixHeight": 1}}]}})",
                                     id, longitude));
    test::paint_pyramid(store.path(),
                        {.name = "painted", .bottom = "8", .bottom_tiles = {{126, 89}, {128, 91}}});
    write_atomically(store / "layers/painted.json", R"({"extra_tilematrixsets": ["west", "east"]})");
    CatalogOptions options;
    options.store = store.path();
    Caches caches;
    Published<Site> const sites{make_site(load_catalog(options), {})};
    Router const router{sites, caches};
    auto const ask = [&](std::string const& target) {
        Request request;
        REQUIRE(assign_target(request, target));
        return std::get<Work>(router(request));
    };
    auto const west = ask("/wmts/1.0.0/painted/normal/west/0/0/0.webp"),
               east = ask("/wmts/1.0.0/painted/normal/east/0/0/0.webp");
    CHECK(west.key != east.key);
    auto const west_tile = west(), east_tile = east();
    CHECK(west_tile.status == 200);
    CHECK(west_tile.etag != east_tile.etag);
    CHECK(test::text_of(west_tile) != test::text_of(east_tile)); // one was not taken for the other
    auto const at = [](std::string const& set) {
        return "/wmts/1.0.0/painted/normal/" + set + "/0/0/0/128/128.json";
    };
    CHECK(ask(at("west")).key != ask(at("east")).key);
}
