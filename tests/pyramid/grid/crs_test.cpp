// SPDX-License-Identifier: Apache-2.0
#include "pyramid/grid/crs.hpp"
#include "tests/support/failure_text.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <thread>
#include <vector>

using namespace ardoise;
using test::failure_text;

TEST_CASE("a CRS is the same under all of its names")
{
    char const* const names[] = {"EPSG:2154", "urn:ogc:def:crs:EPSG::2154",
                                 "http://www.opengis.net/def/crs/EPSG/0/2154",
                                 "urn:ogc:def:crs:EPSG:9.0:2154"};
    for (auto const* name : names) {
        auto const crs = Crs::from_definition(name);
        CHECK(crs.code() == "EPSG:2154");
        CHECK(crs.urn() == "urn:ogc:def:crs:EPSG::2154");
        CHECK(crs.epsg() == 2154);
        CHECK_FALSE(crs.geographic());
    }
    CHECK(Crs::from_definition("CRS:84").urn() == "urn:ogc:def:crs:OGC:1.3:CRS84");
}

TEST_CASE("axis order follows the authority")
{
    struct {
        char const* code;
        bool northing_first;
    } const rows[] = {{"EPSG:4326", true},   {"CRS:84", false},    {"EPSG:2154", false},
                      {"EPSG:3947", false},  {"EPSG:3857", false}, {"EPSG:3035", true},
                      {"EPSG:4258", true},   {"EPSG:2193", true},  {"EPSG:2056", false},
                      {"EPSG:32611", false}, {"EPSG:3031", false}, {"EPSG:32661", true}};
    for (auto const& [code, northing_first] : rows) {
        INFO(code);
        CHECK(Crs::from_definition(code).northing_first() == northing_first);
    }
}

TEST_CASE("metres per unit are those of the standards")
{
    CHECK(Crs::from_definition("EPSG:2154").metres_per_unit() == 1);
    CHECK(Crs::from_definition("EPSG:4326").metres_per_unit() == Approx(111319.49079327358).epsilon(1e-12));
}

TEST_CASE("CRS:84 and EPSG:4326 are one place with two orders of axes")
{
    auto const a = Crs::from_definition("CRS:84"), b = Crs::from_definition("EPSG:4326");
    CHECK(same_place(a, b));
    CHECK_FALSE(a == b);
    CHECK(same_place(Crs::from_definition("IGNF:LAMB93"), Crs::from_definition("EPSG:2154")));
    CHECK_FALSE(same_place(Crs::from_definition("EPSG:3947"), Crs::from_definition("EPSG:2154")));
}

TEST_CASE("a definition that PROJ does not know is refused with a remedy")
{
    for (auto const* text : {"EPSG:999999", "nonsense", "", "EPSG:"})
        CHECK_THAT(failure_text([&] { Crs::from_definition(text); }), Catch::Contains("EPSG:2154"));
}

TEST_CASE("the WKT of a file is recognised as its EPSG code")
{
    auto const wkt =
        R"(PROJCS["RGF93 v1 / Lambert-93",GEOGCS["RGF93 v1",DATUM["Reseau_Geodesique_Francais_1993_v1",)"
        R"(SPHEROID["GRS 1980",6378137,298.257222101]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],)"
        R"(PROJECTION["Lambert_Conformal_Conic_2SP"],PARAMETER["latitude_of_origin",46.5],)"
        R"(PARAMETER["central_meridian",3],PARAMETER["standard_parallel_1",49],)"
        R"(PARAMETER["standard_parallel_2",44],PARAMETER["false_easting",700000],)"
        R"(PARAMETER["false_northing",6600000],UNIT["metre",1]])";
    CHECK(Crs::from_definition(wkt).epsg() == 2154);
}

TEST_CASE("points known to geodesists land where they must")
{
    // Published values: the origin of Lambert-93, the equator in Web Mercator, the centre of CC47.
    struct {
        char const* to;
        double lon, lat, x, y, within;
    } const rows[] = {{"EPSG:2154", 3, 46.5, 700000, 6600000, 1e-3},
                      {"EPSG:3857", 180, 0, 20037508.342789244, 0, 1e-3},
                      {"EPSG:3947", 3, 47, 1700000, 6200000, 1e-3},
                      {"EPSG:4326", -1.55, 47.2, -1.55, 47.2, 1e-12}};
    for (auto const& row : rows) {
        INFO(row.to);
        std::vector<double> x{row.lon}, y{row.lat};
        transform_between(Crs::from_definition("CRS:84"), Crs::from_definition(row.to)).apply(x, y);
        CHECK(std::abs(x[0] - row.x) < row.within);
        CHECK(std::abs(y[0] - row.y) < row.within);
    }
}

TEST_CASE("there and back again is where one was")
{
    auto const degrees = Crs::from_definition("CRS:84");
    for (auto const* code : {"EPSG:2154", "EPSG:3947", "EPSG:3857", "EPSG:32630", "EPSG:3035"}) {
        auto const crs = Crs::from_definition(code);
        std::vector<double> x{-1.5, 0.2, 2.3}, y{47.1, 47.5, 48.8};
        auto const x0 = x, y0 = y;
        transform_between(degrees, crs).apply(x, y);
        transform_between(crs, degrees).apply(x, y);
        for (std::size_t i = 0; i < x.size(); ++i) {
            CHECK(std::abs(x[i] - x0[i]) < 1e-8); // a millimetre
            CHECK(std::abs(y[i] - y0[i]) < 1e-8);
        }
    }
}

TEST_CASE("a point without counterpart becomes NaN")
{
    std::vector<double> x{0, 3}, y{90, 46.5};
    transform_between(Crs::from_definition("CRS:84"), Crs::from_definition("EPSG:3857")).apply(x, y);
    CHECK((std::isnan(y[0]) || std::abs(y[0]) > 1e8)); // the pole is infinitely far in Mercator
    CHECK(std::isfinite(x[1]));
}

TEST_CASE("the image of a box holds the images of its points")
{
    auto const lambert = Crs::from_definition("EPSG:2154"), degrees = Crs::from_definition("CRS:84");
    for (double const side : {10.0, 200.0, 3000.0, 20'000.0, 400'000.0}) {
        INFO(side << " m");
        BoundingBox const box{420000, 6700000, 420000 + side, 6700000 + side};
        auto const image = transform_between(lambert, degrees).apply(box);
        double const hair =
            std::max(1e-9, 3e-6 * image.height()); // as far as bounds of a few points may fall short
        for (double const u : {0.0, 0.1, 0.3, 0.5, 0.6, 1.0})
            for (double const v : {0.0, 0.4, 0.5, 1.0}) {
                std::vector<double> x{box.min_x + u * box.width()}, y{box.min_y + v * box.height()};
                transform_between(lambert, degrees).apply(x, y);
                CHECK(x[0] >= image.min_x - hair);
                CHECK(x[0] <= image.max_x + hair);
                CHECK(y[0] >= image.min_y - hair);
                CHECK(y[0] <= image.max_y + hair);
            }
    }
}

TEST_CASE("a transform tells its operation, how good it is, and whether it is a guess")
{
    auto const operation = [](char const* from, char const* to, Place place) {
        return transform_between(Crs::from_definition(from), Crs::from_definition(to), place).operation();
    };
    Place const nantes{-1.55, 47.2};
    auto const to_web = operation("EPSG:2154", "EPSG:3857", nantes);
    REQUIRE(to_web);
    CHECK_THAT(to_web->name, Catch::Contains("RGF93 v1 to WGS 84"));
    CHECK(to_web->accuracy == 1.0);
    CHECK_FALSE(to_web->is_ballpark);
    CHECK(operation("EPSG:2154", "EPSG:3947", nantes)->accuracy == 0.0); // one datum
    CHECK_FALSE(operation("EPSG:2154", "IGNF:LAMB93", nantes));
    auto const guess = operation("+proj=utm +zone=30 +ellps=intl +type=crs", "EPSG:3857", nantes);
    REQUIRE(guess);
    CHECK(guess->is_ballpark);
    CHECK_FALSE(guess->accuracy);
}

TEST_CASE("all points go by the operation of one place, also where PROJ has none but a guess for them")
{
    auto const lambert = Crs::from_definition("EPSG:2154"), swiss = Crs::from_definition("EPSG:2056");
    Place const geneva{6.14, 46.2};
    auto const& way = transform_between(lambert, swiss, geneva);
    CHECK_FALSE(way.operation()->is_ballpark);
    CHECK(&way == &transform_between(lambert, swiss, Place{6.3, 46.3})); // the same operation
    // Lyon, which no operation to Switzerland's datum is for: some 150 m from where a guess puts it.
    double x = 842'500, y = 6'519'500, guessed_x = x, guessed_y = y, back_x = x, back_y = y;
    way.apply({&x, 1}, {&y, 1});
    transform_between(lambert, swiss).apply({&guessed_x, 1}, {&guessed_y, 1});
    CHECK(std::hypot(x - guessed_x, y - guessed_y) > 50);
    back_x = x, back_y = y;
    transform_between(swiss, lambert, geneva).apply({&back_x, 1}, {&back_y, 1});
    CHECK(std::abs(back_x - 842'500) < 0.01);
    CHECK(std::abs(back_y - 6'519'500) < 0.01);
}

TEST_CASE("where there is an operation for each of several areas, the place says which")
{
    auto const degrees = Crs::from_definition("CRS:84"), ed50 = Crs::from_definition("EPSG:23030");
    auto const name = [&](Place place) { return transform_between(degrees, ed50, place).operation()->name; };
    Place const madrid{-3.7, 40.4}, leeds{-1.5, 53.8}, sevilla{-5.98, 37.4};
    CHECK(name(madrid) != name(leeds));
    CHECK(name(madrid) == name(sevilla));
}

TEST_CASE("every thread has transforms of its own")
{
    auto const degrees = Crs::from_definition("CRS:84"), lambert = Crs::from_definition("EPSG:2154");
    std::vector<std::jthread> threads;
    std::vector<double> results(4);
    for (std::size_t t = 0; t < results.size(); ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 200; ++i) {
                std::vector<double> x{3.0}, y{46.5};
                transform_between(degrees, lambert).apply(x, y);
                results[t] = x[0];
            }
        });
    threads.clear();
    for (double const x : results)
        CHECK(x == Approx(700000));
}

TEST_CASE("a thread whose first word to PROJ is a transform ends in order")
{
    auto const degrees = Crs::from_definition("CRS:84"), lambert = Crs::from_definition("EPSG:2154");
    double x_found = 0;
    std::jthread{[&] {
        std::vector<double> x{3.0}, y{46.5};
        transform_between(degrees, lambert).apply(x, y);
        x_found = x[0];
    }}.join();
    CHECK(x_found == Approx(700000));
}
