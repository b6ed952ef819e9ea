// SPDX-License-Identifier: Apache-2.0
// OGC API: the same tiles and maps as elsewhere, and what clients get wrong.
#include "tests/server/services/ogcapi_client.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

using namespace ardoise;
using Catch::Contains;
using test::get;
using test::get_as;
using test::header;

namespace {

void check_same(Response const& one, Response const& other)
{
    CHECK(one.status == 200);
    CHECK(one.media_type == other.media_type);
    CHECK(one.etag == other.etag);
    CHECK(test::text_of(one) == test::text_of(other));
    CHECK(header(one, "OATiles-hint") == header(other, "OATiles-hint"));
}

std::string const city = "/collections/city";

} // namespace

TEST_CASE("a map tile is that of the other protocols, tag and all")
{
    auto const& site = test::painted_site();
    struct {
        std::string ours, theirs;
    } const rows[] = {
        {city + "/map/tiles/PM/5/12/18?f=jpg", "/wmts/1.0.0/city/normal/PM/5/12/18.jpg"},
        {city + "/map/tiles/PM/5/12/18", "/xyz/city/5/18/12.jpg"},
        {city + "/map/tiles/PM/5/12/18?f=png", "/xyz/city/5/18/12.png"},
        {city + "/map/tiles/PM/5/12/18?f=image/webp", "/xyz/city/5/18/12.webp"},
        {city + "/styles/normal/map/tiles/PM/5/12/18?f=jpeg", "/xyz/city/5/18/12.jpg"},
        {city + "/map/tiles/WebMercatorQuad/5/12/18", "/wmts/1.0.0/city/normal/WebMercatorQuad/5/12/18.jpg"},
        {"/collections/grey/map/tiles/4326/2/1/3", "/wmts/1.0.0/grey/normal/4326/2/1/3.png"},
        {"/collections/relief/map/tiles/PM/3/4/5", "/wmts/1.0.0/relief/elevation/PM/3/4/5.png"},
        {"/collections/relief/styles/normal/map/tiles/PM/3/4/5", "/wmts/1.0.0/relief/normal/PM/3/4/5.png"},
        {"/collections/relief/map/tiles/PM/3/4/5?f=bil", "/wmts/1.0.0/relief/normal/PM/3/4/5.bil"},
        {city + "/map/tiles/PM/5/12/19", "/xyz/city/5/19/12.jpg"}, // filled from level 4
        {city + "/map/tiles/PM/5/0/0", "/xyz/city/5/0/0.jpg"}};    // nothing is published there
    for (auto const& [ours, theirs] : rows) {
        INFO(ours);
        check_same(get(ours), site.get(theirs));
    }
}

TEST_CASE("a map is that of WMS, tag and all")
{
    auto const& site = test::painted_site();
    std::string const wms = "/wms?SERVICE=WMS&REQUEST=GetMap&VERSION=1.3.0&STYLES=";
    std::string const mercator = "bbox-crs=http://www.opengis.net/def/crs/EPSG/0/3857";
    struct {
        std::string ours, theirs;
    } const rows[] = {
        {city + "/map?bbox=1500000,3500000,5000000,7000000&width=200&height=200&f=png&" + mercator,
         "&LAYERS=city&CRS=EPSG:3857&BBOX=1500000,3500000,5000000,7000000&WIDTH=200&HEIGHT=200"
         "&FORMAT=image/png&TRANSPARENT=TRUE"},
        {city + "/map?bbox=20,30,45,45&crs=[OGC:CRS84]&width=100&height=60&f=jpg&bgcolor=0x00ff00",
         "&LAYERS=city&CRS=CRS:84&BBOX=20,30,45,45&WIDTH=100&HEIGHT=60&FORMAT=image/jpeg&BGCOLOR=0x00ff00"},
        {city + "/map?bbox=30,20,45,45&bbox-crs=[EPSG:4326]&crs=EPSG:4326&width=100&height=60&f=png",
         "&LAYERS=city&CRS=EPSG:4326&BBOX=30,20,45,45&WIDTH=100&HEIGHT=60&FORMAT=image/png"
         "&TRANSPARENT=TRUE"},
        {city + "/map?subset=Lat(30:45),Lon(20:45)&crs=https://www.opengis.net/def/crs/OGC/1.3/CRS84"
                "&width=100&height=60&f=png&transparent=false",
         "&LAYERS=city&CRS=CRS:84&BBOX=20,30,45,45&WIDTH=100&HEIGHT=60&FORMAT=image/png"},
        {city + "/map?subset=latitude(30:45)&subset=lon(20:45)&crs=CRS:84&width=100&height=60&f=png"
                "&datetime=2022-05-01T00:00:00Z/..",
         "&LAYERS=city&CRS=CRS:84&BBOX=20,30,45,45&WIDTH=100&HEIGHT=60&FORMAT=image/png"
         "&TRANSPARENT=TRUE"},
        {"/map?collections=city,https://tiles.example/ogcapi/collections/relief&bbox=-40,0,45,45&width=90"
         "&height=50&f=png",
         "&LAYERS=city,relief&CRS=CRS:84&BBOX=-40,0,45,45&WIDTH=90&HEIGHT=50&FORMAT=image/png"
         "&TRANSPARENT=TRUE"},
        {"/styles/normal/map?collections=relief&bbox=-40,0,45,45&width=90&height=50&f=png",
         "normal&LAYERS=relief&CRS=CRS:84&BBOX=-40,0,45,45&WIDTH=90&HEIGHT=50&FORMAT=image/png"
         "&TRANSPARENT=TRUE"}};
    for (auto const& [ours, theirs] : rows) {
        INFO(ours);
        check_same(get(ours), site.get(wms + theirs));
    }
}

TEST_CASE("a map on a stored tile's ground is that tile")
{
    auto const stored = get(city + "/map/tiles/PM/5/12/18");
    auto const map = get(city + "/map?width=256&height=256&f=jpg&bbox-crs=EPSG:3857&bbox=2504688.542848654,"
                                "3757032.814272983,3757032.8142729755,5009377.085697312");
    CHECK(map.status == 200);
    CHECK(map.etag == stored.etag);
    CHECK(test::text_of(map) == test::text_of(stored));
    CHECK(header(map, "Content-Crs") == "<http://www.opengis.net/def/crs/EPSG/0/3857>");
}

TEST_CASE("a map says what it shows, in its own axes")
{
    struct {
        char const *query, *crs, *box;
    } const rows[] = {
        {"bbox=20,30,45,45&crs=CRS:84", "OGC/1.3/CRS84", "20,30,45,45"},
        {"bbox=20,30,45,45&crs=EPSG:4326", "EPSG/0/4326", "30,20,45,45"},
        {"bbox=20,30,1,45,45,99&crs=EPSG:4326", "EPSG/0/4326", "30,20,45,45"},
        {"bbox=1e6,2e6,3e6,4e6&bbox-crs=EPSG:3857", "EPSG/0/3857", "1000000,2000000,3000000,4000000"},
        {"subset=X(1e6:3e6),N(2e6:4e6)&subset-crs=EPSG:3857", "EPSG/0/3857",
         "1000000,2000000,3000000,4000000"},
        {"center=10,0&crs=CRS:84&width=200&height=100&scale-denominator=1000000", "OGC/1.3/CRS84", ""}};
    for (auto const& [query, crs, box] : rows) {
        INFO(query);
        auto const map = get(city + "/map?" + query);
        CHECK(map.status == 200);
        CHECK(header(map, "Content-Crs") == fmt::format("<http://www.opengis.net/def/crs/{}>", crs));
        if (*box)
            CHECK(header(map, "Content-Bbox") == box);
    }
}

TEST_CASE("the size of a map follows from its ground")
{
    auto const size_of = [](std::string const& query) {
        auto const map = get(city + "/map?f=png&" + query);
        INFO(query);
        REQUIRE(map.status == 200);
        auto const at = [&](std::size_t i) {
            std::uint32_t value = 0;
            for (auto const byte : map.body.view.subspan(i, 4))
                value = value << 8 | std::to_integer<std::uint32_t>(byte);
            return value;
        };
        return std::pair{at(16), at(20)}; // of PNG's IHDR
    };
    using Size = std::pair<std::uint32_t, std::uint32_t>;
    std::string const square = "bbox-crs=EPSG:3857&bbox=-1000000,-500000,1000000,500000";
    CHECK(size_of(square) == Size{1024, 512});
    CHECK(size_of(square + "&width=100") == Size{100, 50});
    CHECK(size_of(square + "&height=100") == Size{200, 100});
    CHECK(size_of(square + "&width=10&height=100") == Size{10, 100});
    // Over both axes, a metre of Mercator is 0.99665 m at the equator.
    CHECK(size_of(square + "&scale-denominator=35594500") == Size{200, 100});
    CHECK(size_of(square + "&scale-denominator=35594500&mm-per-pixel=0.56") == Size{100, 50});
    // A degree to the east is half as long at 60 degrees north, and so is Mercator's metre in both
    // directions.
    CHECK(size_of("crs=CRS:84&bbox=0,59.9,0.4,60.1&width=100") == Size{100, 100});
    CHECK(size_of(
              "bbox-crs=EPSG:3857&bbox=-10000,8389737,10000,8409737&scale-denominator=357142.85714285716") ==
          Size{100, 100});
    CHECK(size_of("center=20,35&width=300&height=200&scale-denominator=1e6") == Size{300, 200});
}

TEST_CASE("the format is that of f, or the best that Accept leaves, the layer's own first")
{
    struct {
        char const *accept, *media_type;
    } const rows[] = {{"", "image/jpeg"},
                      {"*/*", "image/jpeg"},
                      {"image/avif,image/webp,image/*,*/*;q=0.8", "image/jpeg"},
                      {"image/png", "image/png"},
                      {"image/webp;q=0.4, image/png;q=0.2, image/jpeg;q=0", "image/webp"},
                      {"text/html,image/png;q=0.1", "image/png"}};
    for (auto const& [accept, media_type] : rows) {
        INFO(accept);
        for (auto const& path : {city + "/map?width=8&height=8", city + "/map/tiles/PM/5/12/18"}) {
            auto const response = get_as(path, accept);
            CHECK(response.status == 200);
            CHECK(response.media_type == media_type);
            CHECK(header(response, "Vary") == "Accept");
        }
        CHECK(get_as(city + "/map?width=8&height=8&f=webp", accept).media_type == "image/webp");
    }
    for (auto const& path : {city + "/map?width=8&height=8", city + "/map/tiles/PM/5/12/18"})
        CHECK(get_as(path, "text/html, image/gif").status == 406);
}

TEST_CASE("what is not there is 404, and says what")
{
    struct {
        std::string path, what;
    } const rows[] = {{"/nothing", "nothing at this address"},
                      {"/collections/none", "collection \\\"none\\\""},
                      {"/collections/none/map", "collection \\\"none\\\""},
                      {"/collections//map", "nothing at this address"},
                      {"/collections/city/tiles", "holds pixels"},
                      {"/collections/city/styles/none/map", "style \\\"none\\\""},
                      {"/styles/none/map?collections=city", "style \\\"none\\\""},
                      {"/collections/city/map/tiles/none", "\\\"none\\\""},
                      {"/collections/city/map/tiles/PM/99/0/0", "tileMatrix \\\"99\\\""},
                      {"/collections/city/map/tiles/PM/5/32/0", "tileRow must be from 0 to 31"},
                      {"/collections/city/map/tiles/PM/5/0/-1", "tileCol from 0 to 31"},
                      {"/tileMatrixSets/none", "tile matrix set \\\"none\\\""},
                      {"/tileMatrixSets/..", "tile matrix set \\\"..\\\""}};
    for (auto const& [path, what] : rows) {
        INFO(path);
        auto const response = get(path);
        CHECK(response.status == 404);
        CHECK(response.media_type == "application/problem+json");
        CHECK_THAT(test::text_of(response), Contains(what));
    }
}

TEST_CASE("a wrong parameter is 400, and named")
{
    std::string const map = city + "/map?", tile = city + "/map/tiles/PM/5/12/18?";
    struct {
        std::string path, name;
    } const rows[] = {{"/?f=xml", "f must"},
                      {"/collections?limit=0", "limit"},
                      {"/collections?limit=x", "limit"},
                      {"/collections?offset=-1", "offset"},
                      {"/collections?bbox=1,2,3", "bbox"},
                      {"/collections?bbox=1,2,nan,4", "bbox"},
                      {"/collections?datetime=yesterday", "datetime"},
                      {map + "bbox=1,2,3", "bbox"},
                      {map + "bbox=1,2,3,4,5", "bbox"},
                      {map + "bbox=3,2,1,4", "bbox"},
                      {map + "bbox=inf,2,3,4", "bbox"},
                      {map + "bbox=0,0,1e300,1", "bbox"},
                      {map + "bbox=0,0,1,1&bbox-crs=EPSG:1", "bbox-crs"},
                      {map + "bbox=0,0,1,1&bbox-crs=+proj=longlat", "bbox-crs"},
                      {map + "crs=/etc/passwd", "crs"},
                      {map + "bbox=0,0,1,1&subset=Lat(0:1)", "subset cannot stand beside bbox"},
                      {map + "bbox=0,0,1,1&center=0,0", "center cannot stand beside bbox"},
                      {map + "subset=Lat(0:1", "subset"},
                      {map + "subset=Lat", "subset"},
                      {map + "subset=Lat(0)", "subset"},
                      {map + "subset=Lat(0:x)", "subset"},
                      {map + "subset=Height(0:1)", "axis \\\"Height\\\""},
                      {map + "subset=E(0:1)", "axis \\\"E\\\""},
                      {map + "subset=Lat(1:0)", "subset"},
                      {map + "subset=time(yesterday)", "subset must be an instant"},
                      {map + "subset=time(%222022%22:%22then%22)", "subset must be an instant"},
                      {map + "subset=time(%222022%22", "subset must be an instant"},
                      {map + "subset=time()", "subset must be an instant"},
                      {map + "center=0", "center"},
                      {map + "center=0,x", "center"},
                      {map + "center=0,0&scale-denominator=1e300", "center"},
                      {map + "width=0", "width"},
                      {map + "width=4097", "width"},
                      {map + "width=1.5", "width"},
                      {map + "height=-1", "height"},
                      {map + "height=99999999999999999999", "height"},
                      {map + "bbox=0,0,1,1&scale-denominator=1", "scale-denominator makes"},
                      {map + "bbox=0,0,1,1&scale-denominator=0", "scale-denominator"},
                      {map + "bbox=0,0,1,1&scale-denominator=1e7&width=9", "scale-denominator"},
                      {map + "mm-per-pixel=-1", "mm-per-pixel"},
                      {map + "bbox=0,0,1,80&width=4000", "width makes"},
                      {map + "bgcolor=red%00", ""},
                      {map + "bgcolor=mauve", "bgcolor"},
                      {map + "transparent=maybe", "transparent"},
                      {map + "datetime=2022-13", "datetime"},
                      {map + "datetime=2022-01-01/2022-01-02/2022-01-03", "datetime"},
                      {map + "f=gif", "\\\"gif\\\""},
                      {map + "f=bil", "\\\"bil\\\""},
                      {"/map?collections=none", "\\\"none\\\""},
                      {"/map?collections=city,,city", "collections"},
                      {"/map?collections=city,city,city,city,city,city,city,city,city,city,city,city,city,"
                       "city,city,city,city",
                       "at most 16"},
                      {tile + "f=gif", "\\\"gif\\\""},
                      {tile + "datetime=x", "datetime"},
                      {city + "/map/tiles/PM/5/x/18", "tileRow"},
                      {city + "/map/tiles/PM/5/12/18.jpg", "tileCol"},
                      {city + "/map/tiles/PM/5/99999999999999999999/18", "tileRow"},
                      {"/collections/relief/map/tiles/PM/5/1/1?f=bil", "PM only"}};
    for (auto const& [path, name] : rows) {
        INFO(path);
        auto const response = get(path);
        CHECK(response.status == 400);
        if (name.empty())
            continue;
        CHECK(response.media_type == "application/problem+json");
        CHECK_THAT(test::text_of(response), Contains(name));
    }
}

TEST_CASE("parameters that a resource does not have are passed over")
{
    for (auto const& path :
         {std::string{"/?g=json"}, std::string{"/conformance?bbox=1,2,3,4&_=1732291200"},
          city + "/map?width=9&collections=grain&token=x", city + "/map/tiles/PM/5/12/18?bbox=1,2,3,4"}) {
        INFO(path);
        CHECK(get(path).status == 200);
    }
    CHECK(get(city + "/map?width=9&token=x").etag == get(city + "/map?width=9").etag);
}

TEST_CASE("a map that is too costly is refused when it is about to be drawn")
{
    auto const response = get("/map?collections=city,grain,city&width=4096&height=4096");
    CHECK(response.status == 400);
    CHECK(response.media_type == "application/problem+json");
    CHECK_THAT(test::text_of(response), Contains("too costly"));
}

TEST_CASE("parameters are known in capitals, too")
{
    CHECK(get(city + "/map?WIDTH=8&HEIGHT=8&F=png").media_type == "image/png");
}

TEST_CASE("those who ask for the same map share one, whatever the order of parameters")
{
    auto const& site = test::painted_site();
    auto const plain = site.key_of("/ogcapi/collections/grain/map?width=9&height=9&f=png");
    CHECK_FALSE(plain.empty());
    CHECK(site.key_of("/ogcapi/collections/grain/map?height=9&WIDTH=9&f=png") == plain);
    CHECK(site.key_of("/ogcapi/collections/grain/map?width=9&height=9&f=webp") != plain);
    CHECK(site.key_of("/ogcapi/collections/grain/map?width=9%26height=9&f=png") != plain);
    CHECK(site.key_of("/ogcapi/collections/city/map?width=9&height=9&f=png") != plain);
}

TEST_CASE("where a map lies is said by those who draw, so that no connection waits for PROJ")
{
    auto const& site = test::painted_site();
    for (std::string const asked : {"?bbox=20,10,30,20&width=9", "?center=25,15&f=png", "?subset=Lat(10:*)",
                                    "?bbox=20,10,30,20&width=9&height=9&crs=[EPSG:3857]", "?bbox=somewhere"})
        CHECK_FALSE(site.key_of("/ogcapi/collections/city/map" + asked).empty());
    CHECK(site.key_of("/ogcapi/collections/city/styles/none/map").empty()); // what can be said at once is
}
