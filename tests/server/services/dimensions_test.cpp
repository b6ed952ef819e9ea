// SPDX-License-Identifier: Apache-2.0
// TIME and ELEVATION by every protocol: what is drawn of a series is what its member is.
#include "pyramid/base/atomic_file.hpp"
#include "server/services/portal.hpp"
#include "tests/support/painted_site.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

using namespace ardoise;
using Catch::Contains;

namespace {

/// Layers "old" (2005) and "new" (2022), whose grounds overlap; their series "ortho"; "current-ortho", which
/// is the newest of them; "air", at elevations 10 and 100 in 2005 and at 10 in 2022.
class TemporalSite {
public:
    TemporalSite() : sites_{paint()}, router_{sites_, caches_} {}

    Response get(std::string const& target, std::string const& if_none_match = "") const
    {
        Request request;
        REQUIRE(assign_target(request, target));
        request.if_none_match = if_none_match;
        auto response = test::done(router_(request));
        finish(request, response);
        return response;
    }
    std::string text(std::string const& target) const { return test::text_of(get(target)); }
    std::string key_of(std::string const& target) const
    {
        Request request;
        REQUIRE(assign_target(request, target));
        auto const reply = router_(request);
        auto const* work = std::get_if<Work>(&reply);
        return work ? work->key : std::string{};
    }

private:
    std::shared_ptr<Site const> paint() const
    {
        auto const& store = folder_.path();
        auto const layer = [&](char const* name, std::uint8_t colour, TileRange const& tiles) {
            test::paint_pyramid(
                store, {.name = name, .bottom_tiles = tiles}, [colour](std::size_t, TileIndex tile) {
                    return std::array{colour, static_cast<std::uint8_t>(tile.col), std::uint8_t{9}};
                });
        };
        layer("old", 50, {{4, 3}, {6, 5}});
        layer("new", 220, {{5, 3}, {8, 6}});
        layer("high", 150, {{4, 3}, {6, 5}});
        describe("ortho",
                 R"({"title": "Vintages", "dimensions": {"members": [{"layer": "old", "time": "2005"},
                                                                              {"layer": "new", "time": "2022"}]}})");
        describe("current-ortho", R"({"alias": {"layer": "ortho", "time": "current"}})");
        describe(
            "near",
            R"({"dimensions": {"members": [{"layer": "old", "time": "2005"}, {"layer": "new", "time": "2022"}],
                                            "time": {"match": "nearest"}}})");
        describe("air", R"({"dimensions": {"members": [{"layer": "old", "time": "2005", "elevation": 10},
                                                       {"layer": "high", "time": "2005", "elevation": 100},
                                                       {"layer": "new", "time": "2022", "elevation": 10}]}})");
        CatalogOptions options;
        options.store = store;
        options.public_url = "https://tiles.example";
        auto const catalog = load_catalog(options);
        REQUIRE(catalog->troubles().empty());
        return make_site(catalog, read_portal(store / "no-portal"));
    }
    void describe(std::string const& name, std::string const& text) const
    {
        write_atomically(folder_.path() / "layers" / (name + ".json"), text);
    }

    test::TemporaryFolder folder_;
    mutable Caches caches_{CacheSizes{}};
    Published<Site> sites_;
    Router router_;
};

TemporalSite const& site()
{
    static TemporalSite const only;
    return only;
}

std::string map(std::string const& layers, std::string const& more = "", std::string const& version = "1.3.0")
{
    return "/wms?SERVICE=WMS&REQUEST=GetMap&VERSION=" + version + "&LAYERS=" + layers + "&STYLES=&" +
           (version == "1.3.0" ? "CRS" : "SRS") +
           "=EPSG:3857&BBOX=0,-5009377,10018754,5009377&WIDTH=64&HEIGHT=64&FORMAT=image/png" + more;
}

std::string info(std::string const& layer, std::string const& more)
{
    return map(layer, "&QUERY_LAYERS=" + layer + "&I=40&J=20&INFO_FORMAT=application/json" + more)
        .replace(std::string_view{"/wms?SERVICE=WMS&REQUEST="}.size(), 6, "GetFeatureInfo");
}

std::string kvp(std::string const& layer, std::string const& place, std::string const& more = "")
{
    return "/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=" + layer +
           "&STYLE=normal&FORMAT=image/png&" + place + more;
}

std::string const stored = "TILEMATRIXSET=PM&TILEMATRIX=3&TILEROW=3&TILECOL=5";
std::string const drawn = "TILEMATRIXSET=PM&TILEMATRIX=5&TILEROW=13&TILECOL=21";

void check_same(std::string const& target, std::string const& as)
{
    INFO(target);
    auto const here = site().get(target), there = site().get(as);
    REQUIRE(here.status == 200);
    CHECK(here.media_type == there.media_type);
    CHECK(here.etag == there.etag);
    CHECK(test::text_of(here) == test::text_of(there));
    CHECK(site().get(target, "\"" + there.etag + "\"").status == 304);
}

std::vector<std::string> warnings_of(Response const& response)
{
    std::vector<std::string> texts;
    for (auto const& [name, value] : response.headers)
        if (name == "Warning")
            texts.push_back(value);
    return texts;
}

} // namespace

TEST_CASE("a tile of a series is by bytes and ETag that of the member, by every protocol")
{
    for (auto const& place : {stored, drawn})
        for (auto const& [time, member] : {std::pair{"&TIME=2005", "old"},
                                           {"&time=2005-06-01", "old"},
                                           {"&Time=2022", "new"},
                                           {"&TIME=current", "new"},
                                           {"&TIME=default", "new"},
                                           {"&TIME=", "new"},
                                           {"", "new"}})
            check_same(kvp("ortho", place, time), kvp(member, place));
    for (auto const* tile : {"PM/3/3/5.png", "PM/5/13/21.png", "WebMercatorQuad/5/13/21.webp"}) {
        check_same(fmt::format("/wmts/1.0.0/ortho/normal/2005/{}", tile),
                   fmt::format("/wmts/1.0.0/old/normal/{}", tile));
        check_same(fmt::format("/wmts/1.0.0/ortho/normal/{}", tile),
                   fmt::format("/wmts/1.0.0/new/normal/{}", tile));
        check_same(fmt::format("/ortho/wmts/1.0.0/ortho/normal/2005/{}", tile),
                   fmt::format("/wmts/1.0.0/old/normal/{}", tile));
        check_same(fmt::format("/wmts/1.0.0/air/normal/2005/100/{}", tile),
                   fmt::format("/wmts/1.0.0/high/normal/{}", tile));
        check_same(fmt::format("/wmts/1.0.0/air/normal/{}", tile),
                   fmt::format("/wmts/1.0.0/new/normal/{}", tile));
    }
    for (auto const* tile : {"3/5/3.png", "5/21/13.png", "5/21/13@2x.webp"}) {
        check_same(fmt::format("/xyz/ortho/{}?time=2005", tile), fmt::format("/xyz/old/{}", tile));
        check_same(fmt::format("/xyz/ortho/{}", tile), fmt::format("/xyz/new/{}", tile));
        check_same(fmt::format("/xyz/air/{}?time=2005&elevation=100", tile),
                   fmt::format("/xyz/high/{}", tile));
        check_same(fmt::format("/xyz/current-ortho/{}", tile), fmt::format("/xyz/new/{}", tile));
    }
    check_same("/tms/1.0.0/ortho@PM/3/5/4.png", "/tms/1.0.0/new@PM/3/5/4.png");
}

TEST_CASE("a tile that another member has is empty, and one that none has is out of range")
{
    for (auto const* target : {"/wmts/1.0.0/ortho/normal/2005/PM/3/3/7.png", "/xyz/ortho/3/7/3.png?time=2005",
                               "/wmts/1.0.0/ortho/normal/2005/PM/5/13/30.png"}) {
        INFO(target);
        auto const empty = site().get(target);
        CHECK(empty.status == 200);
        CHECK(std::find(empty.headers.begin(), empty.headers.end(),
                        std::pair<std::string, std::string>{"OATiles-hint", "empty"}) != empty.headers.end());
    }
    CHECK_THAT(site().text("/wmts/1.0.0/ortho/normal/2005/PM/3/3/2.png"), Contains("TileOutOfRange"));
}

TEST_CASE("a map of a series is that of the member, with a warning where nobody asked for it")
{
    for (auto const* version : {"1.3.0", "1.1.1"}) {
        check_same(map("ortho", "&TIME=2005", version), map("old", "", version));
        check_same(map("ortho", "", version), map("new", "", version));
        check_same(map("air", "&TIME=2005&ELEVATION=100", version), map("high", "", version));
    }
    struct {
        std::string target;
        std::vector<std::string> warnings;
    } const rows[] = {
        {map("ortho", "&TIME=2005"), {}},
        {map("ortho", "&TIME=current"), {}},
        {map("ortho"), {"99 Default value used: time=2022 units=ISO8601"}},
        {map("near", "&TIME=1999"), {"99 Nearest value used: time=2005 units=ISO8601"}},
        {map("ortho", "&TIME=2000/2030"), {"99 Nearest value used: time=2022 units=ISO8601"}},
        {map("air"),
         {"99 Default value used: time=2022 units=ISO8601",
          "99 Default value used: elevation=10 units=EPSG:5030"}},
        {map("air", "&TIME=2005"), {"99 Default value used: elevation=10 units=EPSG:5030"}},
        {map("old"), {}},
        {map("old", "&TIME=1999"), {}},
        {map("current-ortho", "&TIME=1999"), {}},
    };
    for (auto const& [target, warnings] : rows) {
        INFO(target);
        auto const answer = site().get(target);
        CHECK(answer.status == 200);
        CHECK(warnings_of(answer) == warnings);
    }
    CHECK(site().key_of(map("ortho")) != site().key_of(map("ortho", "&TIME=2022")));
    CHECK(site().key_of(map("ortho", "&TIME=2022")) == site().key_of(map("new")));
}

TEST_CASE("each series of a map takes the values that are asked for")
{
    check_same(map("old,ortho,high", "&TIME=2005"), map("old,old,high"));
}

TEST_CASE("values are asked of the member")
{
    CHECK_THAT(site().text(info("ortho", "&TIME=2005")), Contains("\"band_1\": 50"));
    CHECK_THAT(site().text(info("ortho", "")), Contains("\"band_1\": 220"));
    for (auto const& [more, member] : {std::pair{"&TIME=2005", "old"}, {"", "new"}})
        CHECK(site().text(info("ortho", more)) == site().text(info(member, "")));
    auto const rest = "/PM/3/3/5/100/100.json";
    CHECK(site().text(std::string{"/wmts/1.0.0/ortho/normal/2005"} + rest) ==
          site().text(std::string{"/wmts/1.0.0/old/normal"} + rest));
    CHECK(site().text(std::string{"/wmts/1.0.0/air/normal/2005/100"} + rest) ==
          site().text(std::string{"/wmts/1.0.0/high/normal"} + rest));
    CHECK(site().text(std::string{"/wmts/1.0.0/air/normal"} + rest) ==
          site().text(std::string{"/wmts/1.0.0/new/normal"} + rest));
}

TEST_CASE("a value that there is none of is told as the protocol tells it")
{
    for (auto const* version : {"1.3.0", "1.1.1"}) {
        auto const answer = site().get(map("ortho", "&TIME=1999", version));
        CHECK(answer.status == 400);
        CHECK_THAT(test::text_of(answer),
                   Contains("code=\"InvalidDimensionValue\"") && Contains("there is 2005, 2022"));
    }
    for (auto const* time : {"yesterday", "2005,2022", "2022/2005", "%3Cb%3E", "2005/2030/P1Y"})
        CHECK_THAT(site().text(map("ortho", std::string{"&TIME="} + time)),
                   Contains("code=\"InvalidDimensionValue\""));
    CHECK_THAT(site().text(map("air", "&ELEVATION=current")), Contains("code=\"InvalidDimensionValue\""));
    CHECK_THAT(site().text(info("ortho", "&TIME=1999")), Contains("code=\"InvalidDimensionValue\""));
    CHECK_THAT(site().text(kvp("ortho", stored, "&TIME=1999")),
               Contains("exceptionCode=\"InvalidParameterValue\" locator=\"Time\""));
    CHECK_THAT(site().text(kvp("air", stored, "&ELEVATION=7")),
               Contains("exceptionCode=\"InvalidParameterValue\" locator=\"Elevation\""));
    CHECK(site().get("/wmts/1.0.0/ortho/normal/1999/PM/3/3/5.png").status == 404);
    CHECK(site().get("/wmts/1.0.0/ortho/normal/2005/10/PM/3/3/5.png").status == 404);
    CHECK(site().get("/wmts/1.0.0/air/normal/2005/PM/3/3/5.png").status == 404);
    CHECK(site().get("/wmts/1.0.0/old/normal/2005/PM/3/3/5.png").status == 404);
    CHECK(site().get("/wmts/1.0.0/ortho/normal/2005").status == 404);
    CHECK(site().get("/wmts/1.0.0/ortho/").status == 404);
    CHECK(site().get("/xyz/ortho/3/5/3.png?time=1999").status == 400);
    CHECK(site().get("/xyz/ortho/tilejson.json?time=1999").status == 400);
}

TEST_CASE("documents say what there is to choose")
{
    auto const part = [](std::string const& text, std::string const& name, std::string const& tag) {
        auto const start = text.find("<" + tag + ">" + name + "<");
        REQUIRE(start != std::string::npos);
        return text.substr(start, text.find("</Layer>", start) - start);
    };
    auto const wmts = site().text("/wmts/1.0.0/WMTSCapabilities.xml");
    auto const layer = part(wmts, "ortho", "ows:Identifier");
    CHECK_THAT(
        layer,
        Contains("<ows:Identifier>Time</ows:Identifier>") && Contains("<ows:UOM>ISO8601</ows:UOM>") &&
            Contains("<Default>2022</Default>") && Contains("<Current>true</Current>") &&
            Contains("<Value>2005</Value>") && Contains("<Value>2022</Value>") &&
            Contains(
                "/wmts/1.0.0/ortho/{Style}/{Time}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}.png"));
    CHECK_THAT(part(wmts, "air", "ows:Identifier"), Contains("{Style}/{Time}/{Elevation}/{TileMatrixSet}") &&
                                                        Contains("<UnitSymbol>m</UnitSymbol>"));
    for (auto const* name : {"old", "current-ortho"})
        CHECK_THAT(part(wmts, name, "ows:Identifier"), !Contains("Dimension"));

    auto const now = site().text("/wms?SERVICE=WMS&REQUEST=GetCapabilities");
    CHECK_THAT(part(now, "near", "Name"), Contains("<Dimension name=\"time\" units=\"ISO8601\" "
                                                   "unitSymbol=\"\" default=\"2022\" multipleValues=\"0\" "
                                                   "nearestValue=\"1\" current=\"1\">2005,2022</Dimension>"));
    CHECK_THAT(part(now, "air", "Name"), Contains("<Dimension name=\"elevation\" units=\"EPSG:5030\" "
                                                  "unitSymbol=\"m\" default=\"10\" multipleValues=\"0\" "
                                                  "nearestValue=\"0\" current=\"0\">10,100</Dimension>"));
    auto const before =
        part(site().text("/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.1.1"), "air", "Name");
    CHECK_THAT(before,
               Contains("<Dimension name=\"elevation\" units=\"EPSG:5030\" unitSymbol=\"m\"/>") &&
                   Contains("<Extent name=\"time\" default=\"2022\" nearestValue=\"0\">2005,2022</Extent>"));
    CHECK(before.rfind("<Dimension") < before.find("<Extent"));

    CHECK_THAT(site().text("/xyz/ortho/tilejson.json"),
               Contains("/xyz/ortho/{z}/{x}/{y}.png\"") && Contains("\"2005\""));
    CHECK_THAT(site().text("/xyz/ortho/tilejson.json?time=2005-07-14"),
               Contains("/xyz/ortho/{z}/{x}/{y}.png?time=2005\""));
    CHECK_THAT(site().text("/xyz/air/tilejson.json?time=2005&elevation=100"),
               Contains(".png?time=2005&elevation=100\""));
    CHECK_THAT(site().text("/xyz/old/tilejson.json"), !Contains("dimensions"));
    CHECK_THAT(site().text("/layers.json"), Contains("\"default\": \"2022\""));
}

TEST_CASE("OGC API draws the member of a time, the same as everybody")
{
    TemporalSite const site;
    std::string const series = "/ogcapi/collections/ortho", old = "/ogcapi/collections/old",
                      young = "/ogcapi/collections/new";
    std::string const map = "/map?bbox=-45,45,45,80&width=90&f=png", tile = "/map/tiles/PM/3/3/5?f=png";
    for (auto const* time :
         {"datetime=2005-07-14", "datetime=2005-01-01T00:00:00Z/2006-01-01", "datetime=../2010-01-01",
          "datetime=2005", "subset=time(%222005%22)", "subset=time(%222004%22:%222006%22)",
          "subset=time(*:%222010%22)", "subset=time(2005-03)"}) {
        INFO(time);
        for (auto const& asked : {map, tile}) {
            auto const drawn = site.get(series + asked + "&" + time), expected = site.get(old + asked);
            REQUIRE(drawn.status == 200);
            CHECK(drawn.etag == expected.etag);
            CHECK(drawn.body.size() == expected.body.size());
        }
    }
    for (auto const* time :
         {"", "&datetime=2022-06-15", "&datetime=2006-01-01/..", "&subset=time(%222010%22:*)"})
        for (auto const& asked : {map, tile}) {
            INFO(time);
            CHECK(site.get(series + asked + time).etag == site.get(young + asked).etag);
        }
    for (auto const* time :
         {"&datetime=2010-01-01", "&datetime=1990-01-01/2000-01-01", "&subset=time(%221999%22)"})
        for (auto const& asked : {map, tile}) {
            INFO(time);
            auto const refused = site.get(series + asked + time);
            CHECK(refused.status == 400);
            CHECK_THAT(test::text_of(refused), Contains("datetime"));
        }
    CHECK(site.get(series + "/map?bbox=-45,45,45,80&subset=time(%222005%22)").status == 200);
    CHECK(site.get(series + "/map?subset=Lat(45:80),time(%222005%22),Lon(-45:45)").status == 200);
}

TEST_CASE("OGC API says when a series is, and finds it by that")
{
    TemporalSite const site;
    auto const document = site.text("/ogcapi/collections/ortho?f=json");
    CHECK_THAT(document, Contains("2005-01-01T00:00:00Z") && Contains("2022-12-31T23:59:59Z"));
    CHECK_THAT(site.text("/ogcapi/collections/old?f=json"), !Contains("temporal"));
    auto const found = [&](std::string const& time) {
        return site.text("/ogcapi/collections?f=json&datetime=" + time).find("\"id\": \"ortho\"") !=
                   std::string::npos ||
               site.text("/ogcapi/collections?f=json&datetime=" + time).find("\"id\":\"ortho\"") !=
                   std::string::npos;
    };
    CHECK(found("2005-05-05"));
    CHECK(found("2000-01-01/2030-01-01"));
    CHECK(found("2022-12-31/.."));
    CHECK_FALSE(found("2010-01-01"));
    CHECK_FALSE(found("2006-01-01/2021-12-31"));
    CHECK_FALSE(found("../2004-12-31"));
    CHECK_THAT(site.text("/ogcapi/collections?f=json&datetime=2010-01-01&limit=1"),
               Contains("datetime=2010-01-01"));
}

TEST_CASE("the legend of a series is that of a member, in the size that documents say")
{
    TemporalSite const site;
    std::string const legend = "/wms?SERVICE=WMS&REQUEST=GetLegendGraphic&LAYER=ortho";
    CHECK(site.get(legend).etag == site.get("/wms?SERVICE=WMS&REQUEST=GetLegendGraphic&LAYER=new").etag);
    CHECK(site.get(legend + "&TIME=2005").etag ==
          site.get("/wms?SERVICE=WMS&REQUEST=GetLegendGraphic&LAYER=old").etag);
    CHECK(site.get(legend + "&TIME=1999").status == 400);
}

TEST_CASE("a series that a map names many times is chosen of once, and lists have an end")
{
    TemporalSite const site;
    auto const map = [](std::string const& layers, std::string const& more) {
        return "/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&STYLES=&CRS=EPSG:3857&BBOX=0,0,10018754,"
               "5009377&WIDTH=64&"
               "HEIGHT=32&FORMAT=image/png&LAYERS=" +
               layers + more;
    };
    auto const twice = site.get(map("ortho,ortho,ortho", ""));
    CHECK(twice.status == 200);
    CHECK(std::count_if(twice.headers.begin(), twice.headers.end(),
                        [](auto const& header) { return header.first == "Warning"; }) == 1);
    std::string list = "2005";
    for (int i = 1; i < 16; ++i)
        list += ",2005";
    CHECK(site.get(map("ortho", "&TIME=" + list)).etag == site.get(map("old", "")).etag);
    auto const longer = site.get(map("ortho", "&TIME=" + list + ",2005"));
    CHECK(longer.status == 400);
    CHECK_THAT(test::text_of(longer), Contains("InvalidDimensionValue") && Contains("at most 16"));
}
