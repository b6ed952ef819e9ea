// SPDX-License-Identifier: Apache-2.0
// TMS: what it says of layers, the same tiles from the bottom up, and what clients get wrong.
#include "pyramid/base/atomic_file.hpp"
#include "tests/support/painted_site.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <regex>

using namespace ardoise;
using Catch::Contains;

namespace {

std::string matrices(std::vector<std::tuple<double, int, int>> const& levels)
{
    std::string text;
    for (auto const& [cell, width, height] : levels)
        text += fmt::format(
            R"({}{{"id": "L{}", "cellSize": {}, "pointOfOrigin": [400000, 6800000], "tileWidth": 256,)"
            R"("tileHeight": 256, "matrixWidth": {}, "matrixHeight": {}}})",
            text.empty() ? "" : ",", cell, cell, width, height);
    return text;
}

void write_set(std::filesystem::path const& folder, std::string const& id, std::string const& matrices)
{
    write_atomically(folder / (id + ".json"),
                     fmt::format(R"({{"id": "{}", "crs": "EPSG:2154", "orderedAxes": ["X", "Y"],)"
                                 R"("tileMatrices": [{}]}})",
                                 id, matrices));
}

/// Layers "lambert" (of a shipped set), "TRIMMED" (of a set of its own, whose finer matrices stop before the
/// coarsest one does), "ROUND" (of one that does not halve), "WIDE" (of 2^31 pixels from edge to edge) and
/// "roads" (vector tiles, none of which is there), by a service that wants escaping.
class LocalSite {
public:
    LocalSite() : sites_{paint()}, router_{sites_, caches_} {}

    Response get(std::string const& path) const
    {
        Request request;
        request.path = path;
        auto response = test::done(router_(request));
        finish(request, response);
        return response;
    }
    std::string text(std::string const& path) const { return test::text_of(get(path)); }

private:
    std::shared_ptr<Site const> paint() const
    {
        auto const& store = folder_.path();
        auto const sets = store / "tilematrixsets";
        write_set(sets, "TRIMMED", matrices({{64, 5, 6}, {32, 9, 11}, {16, 17, 21}}));
        write_set(sets, "ROUND", matrices({{50, 5, 6}, {25, 10, 12}, {10, 25, 30}}));
        write_set(sets, "WIDE", matrices({{0.2, 1 << 22, 1 << 22}, {0.1, 1 << 23, 1 << 23}}));
        test::paint_pyramid(store, {.name = "lambert",
                                    .set = "2154_5cm",
                                    .top = "18",
                                    .bottom = "20",
                                    .bottom_tiles = {{8412, 103263}, {8416, 103267}}});
        struct {
            char const *set, *top, *bottom;
        } const own[] = {{"TRIMMED", "L64", "L16"}, {"ROUND", "L10", "L10"}, {"WIDE", "L0.1", "L0.1"}};
        for (auto const& [set, top, bottom] : own)
            test::paint_pyramid(store, {.name = set, .set = set, .top = top, .bottom = bottom});
        write_atomically(
            store / "roads.json",
            R"({"tile_matrix_set":"PM","format":"TIFF_PBF_MVT","levels":[{"id":"5","tiles_per_width":2,)"
            R"("tiles_per_height":2,"tile_limits":{"min_row":0,"max_row":31,"min_col":0,"max_col":31},)"
            R"("storage":{"type":"FILE","image_directory":"roads/DATA/5","path_depth":2}}]})");
        write_atomically(store / "layers/lambert.json", R"({"title": "A & <B>", "abstract": "\"C\" & D"})");
        CatalogOptions options;
        options.store = store;
        options.tile_matrix_set_folders = {sets};
        options.public_url = "https://tiles.example/?a&b";
        options.service.title = "Maps & <more>";
        return make_site(load_catalog(options), {});
    }

    test::TemporaryFolder folder_;
    mutable Caches caches_;
    Published<Site> sites_;
    Router router_;
};

LocalSite const& local_site()
{
    static LocalSite const site;
    return site;
}

/// Every tag is closed by its own, in order.
bool is_well_formed(std::string const& text)
{
    static std::regex const tag{R"re(<(/?)([A-Za-z_]+)(?: [A-Za-z-]+="[^"<]*")*(/?)>)re"};
    std::vector<std::string> open;
    std::size_t tags = 0;
    for (std::sregex_iterator it{text.begin(), text.end(), tag}, end; it != end; ++it, ++tags) {
        auto const& found = *it;
        if (found[1].length() == 0 && found[3].length() == 0)
            open.push_back(found[2]);
        else if (found[1].length() != 0) {
            if (open.empty() || open.back() != found[2])
                return false;
            open.pop_back();
        }
    }
    auto const starts = std::count(text.begin(), text.end(), '<');
    auto const naked = std::regex_search(text, std::regex{"&(?!(amp|lt|gt|quot|#39);)"});
    auto const declarations = text.starts_with("<?xml ") ? 1U : 0U;
    return open.empty() && !naked && static_cast<std::size_t>(starts) == tags + declarations;
}

std::string document_at(std::string const& path)
{
    auto const response = test::painted_site().get(path);
    INFO(path);
    CHECK(response.status == 200);
    CHECK(response.media_type == "text/xml");
    CHECK_FALSE(response.etag.empty());
    auto const text = test::text_of(response);
    CHECK(is_well_formed(text));
    return text;
}

} // namespace

TEST_CASE("TMS leads from the service to its tile maps")
{
    CHECK_THAT(document_at("/tms"),
               Contains("version=\"1.0.0\" href=\"https://tiles.example/tms/1.0.0/\"/>"));
    CHECK(document_at("/tms/") == document_at("/tms"));
    auto const service = document_at("/tms/1.0.0");
    CHECK(document_at("/tms/1.0.0/") == service);
    CHECK_THAT(service,
               Contains("<TileMapService version=\"1.0.0\" services=\"https://tiles.example/tms/\">"));
    for (auto const* wanted :
         {R"x(title="city (PM)" srs="EPSG:3857" profile="global-mercator" )x"
          R"x(href="https://tiles.example/tms/1.0.0/city@PM"/>)x",
          R"x(title="city (WebMercatorQuad)" srs="EPSG:3857" profile="global-mercator")x",
          R"x(title="grey (4326)" srs="EPSG:4326" profile="global-geodetic")x"})
        CHECK_THAT(service, Contains(wanted));
}

TEST_CASE("each tile map of TMS that is listed is there, with a level for each matrix")
{
    auto const service = document_at("/tms/1.0.0");
    std::regex const href{R"re(href="https://tiles\.example([^"]*)")re"};
    int maps = 0;
    for (std::sregex_iterator it{service.begin(), service.end(), href}, end; it != end; ++it, ++maps) {
        auto const path = (*it)[1].str();
        auto const map = document_at(path);
        CHECK_THAT(
            map, Contains("<TileMap version=\"1.0.0\" tilemapservice=\"https://tiles.example/tms/1.0.0/\">"));
        CHECK_THAT(map, Contains(path + "/0\"") && Contains("order=\"0\"/>"));
        CHECK(document_at(path + "/") == map);
        CHECK_THAT(document_at(path + "/gdal.xml"), Contains(path + "/${z}/${x}/${y}."));
    }
    CHECK(maps >= 10);
}

TEST_CASE("a tile map of TMS says where its rows begin and what its tiles are")
{
    auto const map = document_at("/tms/1.0.0/city@PM");
    for (auto const* wanted :
         {"<Title>city (PM)</Title>", "<SRS>EPSG:3857</SRS>",
          R"(<BoundingBox minx="-20037508.342789244" miny="-20037508.342789244" )"
          R"(maxx="20037508.342789244" maxy="20037508.342789244"/>)",
          R"(<Origin x="-20037508.342789244" y="-20037508.342789244"/>)",
          R"(<TileFormat width="256" height="256" mime-type="image/jpeg" extension="jpg"/>)",
          R"(<TileSets profile="global-mercator">)",
          R"(<TileSet href="https://tiles.example/tms/1.0.0/city@PM/1" )"
          R"(units-per-pixel="78271.51696402048" order="1"/>)",
          R"(order="21"/>)"})
        CHECK_THAT(map, Contains(wanted));
    CHECK_THAT(map, !Contains("order=\"22\""));
    CHECK_THAT(document_at("/tms/1.0.0/relief@PM"), Contains("mime-type=\"image/png\" extension=\"png\""));
    auto const degrees = document_at("/tms/1.0.0/grey@4326");
    CHECK_THAT(degrees, Contains(R"(<BoundingBox minx="-180" miny="-90" maxx="180" maxy="90"/>)"));
    CHECK_THAT(degrees, Contains(R"(units-per-pixel="0.703125" order="0"/>)"));
}

TEST_CASE("a tile map of TMS in a local system has the lower edge of its coarsest matrix for origin")
{
    auto const map = local_site().text("/tms/1.0.0/TRIMMED@TRIMMED");
    CHECK(is_well_formed(map));
    for (auto const* wanted : {"<SRS>EPSG:2154</SRS>",
                               R"(<BoundingBox minx="400000" miny="6701696" maxx="481920" maxy="6800000"/>)",
                               R"(<Origin x="400000" y="6701696"/>)", R"(<TileSets profile="local">)",
                               R"(units-per-pixel="16" order="2"/>)"})
        CHECK_THAT(map, Contains(wanted));
    auto const gdal = local_site().text("/tms/1.0.0/TRIMMED@TRIMMED/gdal.xml");
    CHECK(is_well_formed(gdal));
    CHECK_THAT(gdal, Catch::StartsWith("<GDAL_WMS>"));
    for (auto const* wanted :
         {"<Service name=\"TMS\">",
          "<ServerUrl>https://tiles.example/?a&amp;b/tms/1.0.0/TRIMMED@TRIMMED/${z}/${x}/${y}.png</"
          "ServerUrl>",
          "<UpperLeftX>400000</UpperLeftX>", "<UpperLeftY>6800000</UpperLeftY>",
          "<LowerRightX>481920</LowerRightX>", "<LowerRightY>6701696</LowerRightY>",
          "<TileLevel>2</TileLevel>", "<TileCountX>5</TileCountX>", "<TileCountY>6</TileCountY>",
          "<YOrigin>bottom</YOrigin>", "<Projection>EPSG:2154</Projection>", "<BlockSizeX>256</BlockSizeX>",
          "<BlockSizeY>256</BlockSizeY>", "<BandsCount>3</BandsCount>"})
        CHECK_THAT(gdal, Contains(wanted));
}

TEST_CASE("GDAL is sent to no level whose pixels it cannot count")
{
    auto const& site = local_site();
    CHECK_THAT(site.text("/tms/1.0.0/WIDE@WIDE"), Contains("units-per-pixel=\"0.1\" order=\"1\"/>"));
    CHECK_THAT(site.text("/tms/1.0.0/WIDE@WIDE/gdal.xml"), Contains("<TileLevel>0</TileLevel>"));
    CHECK_THAT(site.text("/tms/1.0.0/lambert@2154_5cm/gdal.xml"), Contains("<TileLevel>20</TileLevel>"));
    CHECK_THAT(site.text("/tms/1.0.0/lambert@PM/gdal.xml"),
               Contains("<TileLevel>19</TileLevel>") && Contains("<BandsCount>4</BandsCount>"));
}

TEST_CASE("titles and addresses are escaped in TMS")
{
    auto const& site = local_site();
    CHECK_THAT(site.text("/tms"), Contains("title=\"Maps &amp; &lt;more&gt;\""));
    CHECK_THAT(site.text("/tms/1.0.0"), Contains("title=\"A &amp; &lt;B&gt; (2154_5cm)\""));
    auto const map = site.text("/tms/1.0.0/lambert@2154_5cm");
    CHECK_THAT(map, Contains("<Abstract>&quot;C&quot; &amp; D</Abstract>"));
    for (auto const* path : {"/tms", "/tms/1.0.0", "/tms/1.0.0/lambert@2154_5cm"})
        CHECK(is_well_formed(site.text(path)));
}

TEST_CASE("a tile of TMS is that of WMTS and XYZ, counted from the bottom")
{
    auto const& site = test::painted_site();
    struct {
        char const* tms;
        char const* other;
    } const rows[] = {{"/tms/1.0.0/city@PM/5/18/19.jpg", "/xyz/city/5/18/12.jpg"},
                      {"/tms/1.0.0/city@PM/5/18/19.png", "/xyz/city/5/18/12.png"},
                      {"/tms/1.0.0/city@PM/0/0/0.jpg", "/xyz/city/0/0/0.jpg"},
                      {"/tms/1.0.0/city@PM/7/74/77.jpg", "/xyz/city/7/74/50.jpg"},
                      {"/tms/1.0.0/city@WebMercatorQuad/5/18/19.jpg",
                       "/wmts/1.0.0/city/normal/WebMercatorQuad/5/12/18.jpg"},
                      {"/tms/1.0.0/city@PM/5/0/31.jpg", "/xyz/city/5/0/0.jpg"},
                      {"/tms/1.0.0/grey@4326/3/5/3.png", "/wmts/1.0.0/grey/normal/4326/3/4/5.png"},
                      {"/tms/1.0.0/relief@PM/3/4/3.bil", "/xyz/relief/3/4/4.bil"},
                      {"/tms/1.0.0/relief@PM/3/4/3.png", "/xyz/relief/3/4/4.png"}};
    for (auto const& row : rows) {
        INFO(row.tms);
        auto const tile = site.get(row.tms), same = site.get(row.other);
        CHECK(tile.status == 200);
        CHECK(tile.etag == same.etag);
        CHECK(tile.media_type == same.media_type);
        CHECK((test::text_of(tile) == test::text_of(same)));
        CHECK(site.get(row.tms, "\"" + tile.etag + "\"").status == 304);
    }
    CHECK(site.get(rows[0].tms).etag != site.get("/xyz/city/5/18/13.jpg").etag);
}

TEST_CASE("rows of TMS are counted from the ground's edge, though a matrix stops before it")
{
    auto const& site = local_site();
    auto const check_same = [&](std::string const& tms, std::string const& wmts) {
        INFO(tms);
        auto const tile = site.get(tms), same = site.get(wmts);
        CHECK(tile.status == 200);
        CHECK(tile.etag == same.etag);
        CHECK((test::text_of(tile) == test::text_of(same)));
    };
    check_same("/tms/1.0.0/lambert@2154_5cm/20/8413/945311.png",
               "/wmts/1.0.0/lambert/normal/2154_5cm/20/103264/8413.png");
    for (int row = 3; row < 6; ++row)
        check_same(fmt::format("/tms/1.0.0/TRIMMED@TRIMMED/2/5/{}.png", 23 - row),
                   fmt::format("/wmts/1.0.0/TRIMMED/normal/TRIMMED/L16/{}/5.png", row));
    CHECK(site.get("/tms/1.0.0/TRIMMED@TRIMMED/1/0/1.png").status == 200); // row 10 of 11, of 12
    CHECK(site.get("/tms/1.0.0/TRIMMED@TRIMMED/1/0/0.png").status == 404);
    CHECK_THAT(site.text("/tms/1.0.0/TRIMMED@TRIMMED/1/0/0.png"),
               Contains("x must be from 0 to 8 and y from 1 to 11 in level 1"));
}

TEST_CASE("an address that TMS does not have is answered in its own words")
{
    struct {
        std::string path;
        int status;
        char const* words;
    } const rows[] = {
        {"/tms/1.0.1", 404, "version"},
        {"/tms/2.0.0/city@PM", 404, "version"},
        {"/tms//", 404, "version"},
        {"/tms/city@PM", 404, "version"},
        {"/tms/1.0.0/city", 404, "{layer}@{tilematrixset}"},
        {"/tms/1.0.0/city/PM/5/18/19.jpg", 404, "{layer}@{tilematrixset}"},
        {"/tms/1.0.0//", 404, "{layer}@{tilematrixset}"},
        {"/tms/1.0.0/@", 404, "no layer"},
        {"/tms/1.0.0/@PM", 404, "no layer"},
        {"/tms/1.0.0/nope@PM", 404, "no layer &quot;nope&quot;"},
        {"/tms/1.0.0/City@PM", 404, "no layer"},
        {"/tms/1.0.0/%3Cb%3E&@PM", 404, "&quot;&lt;b&gt;&amp;&quot;"},
        {"/tms/1.0.0/city@", 404, "not offered in"},
        {"/tms/1.0.0/city@nope", 404, "not offered in &quot;nope&quot;"},
        {"/tms/1.0.0/city@pm", 404, "not offered in"},
        {"/tms/1.0.0/city@2154_5cm", 404, "not offered in"},
        {"/tms/1.0.0/city@PM/5", 404, "{z}/{x}/{y}.{ext}"},
        {"/tms/1.0.0/city@PM/5/18", 404, "{z}/{x}/{y}.{ext}"},
        {"/tms/1.0.0/city@PM/5/18/19", 404, "{z}/{x}/{y}.{ext}"},
        {"/tms/1.0.0/city@PM/5/18/19.jpg/", 404, "{z}/{x}/{y}.{ext}"},
        {"/tms/1.0.0/city@PM/tilemap.xml", 404, "{z}/{x}/{y}.{ext}"},
        {"/tms/1.0.0/city@PM/22/0/0.jpg", 404, "z must be from 0 to 21"},
        {"/tms/1.0.0/city@PM/-1/0/0.jpg", 404, "z must be from 0 to 21"},
        {"/tms/1.0.0/city@PM/9223372036854775807/0/0.jpg", 404, "z must be"},
        {"/tms/1.0.0/city@PM/5/32/0.jpg", 404, "x must be from 0 to 31 and y from 0 to 31 in level 5"},
        {"/tms/1.0.0/city@PM/5/-1/0.jpg", 404, "x must be"},
        {"/tms/1.0.0/city@PM/5/0/32.jpg", 404, "y from 0 to 31"},
        {"/tms/1.0.0/city@PM/5/0/-1.jpg", 404, "y from 0 to 31"},
        {"/tms/1.0.0/city@PM/5/0/-9223372036854775808.jpg", 404, "y from 0 to 31"},
        {"/tms/1.0.0/city@PM/5/0/9223372036854775807.jpg", 404, "y from 0 to 31"},
        {"/tms/1.0.0/city@PM/z/0/0.jpg", 400, "z must be an integer, not &quot;z&quot;"},
        {"/tms/1.0.0/city@PM/5/%3Cx%3E/0.jpg", 400, "x must be an integer, not &quot;&lt;x&gt;&quot;"},
        {"/tms/1.0.0/city@PM/5/18/1.9.jpg", 400, "y must be an integer"},
        {"/tms/1.0.0/city@PM/5/18/19@2x.jpg", 400, "y must be an integer"},
        {"/tms/1.0.0/city@PM///.jpg", 400, "z must be an integer"},
        {"/tms/1.0.0/city@PM/5/99999999999999999999/0.jpg", 400, "x must be an integer"},
        {"/tms/1.0.0/city@PM/5/18/19.gif", 404, "not offered as &quot;gif&quot;"},
        {"/tms/1.0.0/city@PM/5/18/19.", 404, "not offered as"},
        {"/tms/1.0.0/relief@WebMercatorQuad/7/70/57.bil", 404, "offered in PM only"}};
    for (auto const& row : rows) {
        INFO(row.path);
        auto const response = test::painted_site().get(row.path);
        auto const text = test::text_of(response);
        CHECK(response.status == row.status);
        CHECK(response.media_type == "text/xml");
        CHECK(response.cache_control == "no-store");
        CHECK(is_well_formed(text));
        CHECK_THAT(text, Contains("<TileMapServerError>") && Contains(row.words));
    }
}

TEST_CASE("a set that does not halve is no tile map of TMS, and it is said who has it")
{
    auto const& site = local_site();
    CHECK_THAT(site.text("/tms/1.0.0"), !Contains("@ROUND\"") && Contains("ROUND@WebMercatorQuad\""));
    for (auto const* path :
         {"/tms/1.0.0/ROUND@ROUND", "/tms/1.0.0/ROUND@ROUND/2/4/4.png", "/tms/1.0.0/ROUND@ROUND/gdal.xml"}) {
        INFO(path);
        CHECK(site.get(path).status == 404);
        CHECK_THAT(site.text(path), Contains("ROUND does not halve") && Contains("WMTS has its tiles"));
    }
    CHECK(site.get("/tms/1.0.0/ROUND@WebMercatorQuad/0/0/0.png").status == 200);
}

TEST_CASE("vector tiles are no tile map of TMS, and it is said who has them")
{
    auto const& site = local_site();
    REQUIRE(site.get("/xyz/roads/tilejson.json").status == 200);
    CHECK_THAT(site.text("/tms/1.0.0"), !Contains("roads"));
    for (auto const* path : {"/tms/1.0.0/roads@PM", "/tms/1.0.0/roads@PM/5/0/0.pbf"}) {
        INFO(path);
        CHECK(site.get(path).status == 404);
        CHECK_THAT(site.text(path), Contains("roads holds no pixels: WMTS and XYZ have its tiles"));
    }
}
