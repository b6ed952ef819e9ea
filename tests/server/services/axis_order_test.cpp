// SPDX-License-Identifier: Apache-2.0
// Layers whose system puts northing first: each protocol and version has its own word on the order of axes.
#include "pyramid/base/atomic_file.hpp"
#include "server/services/router.hpp"
#include "tests/support/painted_site.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;
using Catch::Contains;

namespace {

/// A layer of 2 x 2 tiles of 256 pixels in `crs`, whose upper left corner is (x, y), x to the east.
class SquareIn {
public:
    SquareIn(std::string const& crs, double x, double y, double cell)
        : crs_{crs}, x_{x}, y_{y}, side_{256 * cell}
    {
        write_atomically(folder_ / "tilematrixsets/mine.json",
                         fmt::format(R"({{"id": "mine", "crs": "{}", "tileMatrices": [
                             {{"id": "0", "cellSize": {}, "pointOfOrigin": [{}, {}], "tileWidth": 256,
                               "tileHeight": 256, "matrixWidth": 2, "matrixHeight": 2}}]}})",
                                     crs, cell, x, y));
        test::paint_pyramid(
            folder_.path(),
            {.set = "mine", .bottom = "0", .bottom_tiles = {{0, 0}, {2, 2}}, .grained = true});
        CatalogOptions options;
        options.store = folder_.path();
        sites_.publish(make_site(load_catalog(options), {}, std::launch::deferred));
    }

    Response get(std::string const& target) const
    {
        Request request;
        REQUIRE(assign_target(request, target));
        return test::done(router_(request));
    }

    /// The box of the tile at (1, 0), as the version wants it.
    std::string box(bool northing_first) const
    {
        double const west = x_ + side_, south = y_ - side_, east = x_ + 2 * side_, north = y_;
        return northing_first ? fmt::format("{},{},{},{}", south, west, north, east)
                              : fmt::format("{},{},{},{}", west, south, east, north);
    }

    std::string map(char const* version, std::string const& box) const
    {
        return fmt::format("/wms?SERVICE=WMS&VERSION={}&REQUEST=GetMap&LAYERS=painted&STYLES=&{}={}&BBOX={}"
                           "&WIDTH=256&HEIGHT=256&FORMAT=image/png",
                           version, std::string_view{version} == "1.3.0" ? "CRS" : "SRS", crs_, box);
    }

private:
    std::string crs_;
    double x_, y_, side_;
    test::TemporaryFolder folder_;
    Caches caches_;
    Published<Site> sites_{std::make_shared<Site const>()};
    Router router_{sites_, caches_};
};

struct Row {
    char const* crs;
    double x, y, cell;
    bool northing_first;
};
constexpr double step = 1.0 / 8192; // of which sums are exact, and so is their text
constexpr Row rows[] = {
    {"EPSG:3035", 3'450'000, 2'750'000, 5, true}, {"EPSG:2193", 1'750'000, 5'430'000, 5, true},
    {"EPSG:4258", -1.5, 47.25, step, true},       {"EPSG:4326", -1.5, 47.25, step, true},
    {"EPSG:2154", 355'000, 6'690'000, 5, false},  {"CRS:84", -1.5, 47.25, step, false}};

} // namespace

TEST_CASE("WMS 1.3.0 has the authority's order of axes, 1.1.1 has x first, and both show the tile")
{
    for (auto const& row : rows) {
        INFO(row.crs);
        SquareIn const square{row.crs, row.x, row.y, row.cell};
        auto const tile = test::text_of(square.get("/wmts/1.0.0/painted/normal/mine/0/0/1.png"));
        REQUIRE(tile.size() > 1000);
        CHECK((test::text_of(square.get(square.map("1.3.0", square.box(row.northing_first)))) == tile));
        CHECK((test::text_of(square.get(square.map("1.1.1", square.box(false)))) == tile));
        CHECK((test::text_of(square.get(square.map("1.3.0", square.box(!row.northing_first)))) != tile));
        CHECK((test::text_of(square.get(square.map("1.1.1", square.box(true)))) != tile));
    }
}

TEST_CASE("documents write boxes and corners in the order in which requests are read")
{
    for (auto const& row : rows) {
        INFO(row.crs);
        SquareIn const square{row.crs, row.x, row.y, row.cell};
        auto const x = row.x, y = row.y;
        auto const west = fmt::format("{}", x), south = fmt::format("{}", y - 512 * row.cell);
        auto const first_two = [&](char const* name, bool northing_first) {
            return fmt::format(R"(<BoundingBox {}="{}" minx="{}" miny="{}")", name, row.crs,
                               northing_first ? south : west, northing_first ? west : south);
        };
        auto const wms = [&](char const* version) {
            return test::text_of(
                square.get(fmt::format("/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION={}", version)));
        };
        CHECK_THAT(wms("1.3.0"), Contains(first_two("CRS", row.northing_first)));
        if (std::string_view{row.crs} != "CRS:84") // a name of 1.3.0
            CHECK_THAT(wms("1.1.1"), Contains(first_two("SRS", false)));
        CHECK_THAT(test::text_of(square.get("/wmts/1.0.0/WMTSCapabilities.xml")),
                   Contains(row.northing_first ? fmt::format("<TopLeftCorner>{} {}</TopLeftCorner>", y, x)
                                               : fmt::format("<TopLeftCorner>{} {}</TopLeftCorner>", x, y)));
    }
}

TEST_CASE("the point of a pixel is told in the order of its system, and x first to GML 2")
{
    for (auto const& row : rows) {
        INFO(row.crs);
        SquareIn const square{row.crs, row.x, row.y, row.cell};
        auto const info = [&](char const* format) {
            auto target = square.map("1.3.0", square.box(row.northing_first));
            target.replace(target.find("GetMap"), 6, "GetFeatureInfo");
            return test::text_of(square.get(
                target + "&QUERY_LAYERS=painted&I=0&J=0&INFO_FORMAT=application/vnd.ogc.gml" + format));
        };
        auto const x = fmt::format("{}", row.x + 256.5 * row.cell),
                   y = fmt::format("{}", row.y - 0.5 * row.cell);
        CHECK_THAT(info("/3.1.1"), Contains("<gml:pos>" + (row.northing_first ? y : x)));
        CHECK_THAT(info(""), Contains(">" + x));
    }
}
