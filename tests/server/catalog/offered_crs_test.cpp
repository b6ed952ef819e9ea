// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/atomic_file.hpp"
#include "server/catalog/map_operations.hpp"
#include "server/catalog/offered_crs.hpp"
#include "tests/support/painted_store.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <set>

using namespace ardoise;

namespace {

/// A matrix of a few kilometres around a point of `crs`.
void write_set(std::filesystem::path const& store, std::string const& crs, double x, double y)
{
    write_atomically(store / "tilematrixsets/mine.json",
                     fmt::format(R"({{"id": "mine", "crs": "{}", "tileMatrices": [
                         {{"id": "0", "cellSize": 5, "pointOfOrigin": [{}, {}], "tileWidth": 256,
                           "tileHeight": 256, "matrixWidth": 2, "matrixHeight": 2}}]}})",
                                 crs, x, y));
}

std::shared_ptr<Catalog const> catalog_of(std::filesystem::path const& store)
{
    CatalogOptions options;
    options.store = store;
    return load_catalog(options);
}

std::shared_ptr<Catalog const> painted_at(test::TemporaryFolder const& folder, std::string const& crs,
                                          double x, double y)
{
    write_set(folder.path(), crs, x, y);
    test::paint_pyramid(folder.path(), {.set = "mine", .bottom = "0", .bottom_tiles = {{0, 0}, {2, 2}}});
    return catalog_of(folder.path());
}

std::set<std::string> codes_of(Layer const& layer)
{
    std::set<std::string> codes;
    for (auto const& crs : layer.crs_list)
        codes.insert(crs.code());
    return codes;
}

} // namespace

TEST_CASE("a system that PROJ does not know is left out of the offer")
{
    char const* const codes[] = {"EPSG:2154", "EPSG:999999", "EPSG:3857"};
    auto const known = known_crs(codes);
    REQUIRE(known.size() == 2);
    CHECK(known[0].code() == "EPSG:2154");
    CHECK(known[1].code() == "EPSG:3857");
}

TEST_CASE("a layer is offered in the systems that are meant for its ground")
{
    using Codes = std::set<std::string>;
    Codes const worldwide{"EPSG:3857", "EPSG:4326", "CRS:84"};
    struct {
        char const* where;
        char const* crs;
        double x, y;
        Codes regional;
    } const rows[] = {{"Nantes",
                       "EPSG:2154",
                       355'000,
                       6'690'000,
                       {"EPSG:9793", "EPSG:9794", "EPSG:3947", "EPSG:3948", "EPSG:27572", "EPSG:3035",
                        "EPSG:4258", "EPSG:25830", "EPSG:32630"}},
                      {"Strasbourg",
                       "EPSG:3948",
                       2'050'000,
                       7'280'000,
                       {"EPSG:2154", "EPSG:9793", "EPSG:9794", "EPSG:3949", "EPSG:27572", "EPSG:3035",
                        "EPSG:4258", "EPSG:25832", "EPSG:32632"}},
                      {"Guadeloupe", "EPSG:5490", 655'000, 1'797'000, {"EPSG:4559", "EPSG:32620"}},
                      {"Guiana", "EPSG:2972", 350'000, 546'000, {"EPSG:32622"}},
                      {"Reunion", "EPSG:2975", 340'000, 7'690'000, {"EPSG:32740"}},
                      {"Mayotte", "EPSG:4471", 523'000, 8'588'000, {"EPSG:32738"}},
                      {"Saint Pierre", "EPSG:4467", 561'000, 5'181'000, {"EPSG:32621"}},
                      {"Noumea", "EPSG:3163", 446'000, 214'000, {"EPSG:32758"}},
                      {"Papeete", "EPSG:3297", 225'000, 8'055'000, {"EPSG:32706"}},
                      {"Wellington", "EPSG:2193", 1'748'000, 5'428'000, {}},
                      {"Bern",
                       "EPSG:2056",
                       2'600'000,
                       1'200'000,
                       {"EPSG:2154", "EPSG:9793", "EPSG:9794", "EPSG:3947", "EPSG:27572", "EPSG:3035",
                        "EPSG:4258", "EPSG:25832", "EPSG:32632"}},
                      {"Santiago", "EPSG:32719", 345'000, 6'300'000, {}}};
    for (auto const& [where, crs, x, y, regional] : rows) {
        INFO(where);
        test::TemporaryFolder const folder;
        auto const catalog = painted_at(folder, crs, x, y);
        REQUIRE(catalog->layers().size() == 1);
        auto expected = worldwide;
        expected.insert(crs);
        expected.insert(regional.begin(), regional.end());
        CHECK(codes_of(*catalog->layers()[0]) == expected);
    }
}

TEST_CASE("boxes are stated in the own system, in those of the web and in those that are added")
{
    test::TemporaryFolder const folder;
    painted_at(folder, "EPSG:3947", 1'355'000, 6'225'000);
    write_atomically(folder / "layers/painted.json", R"({"extra_crs": ["EPSG:3034", "EPSG:3035"]})");
    auto const layer = catalog_of(folder.path())->layers()[0];
    std::vector<std::string> described;
    for (auto const& crs : layer->described_crs)
        described.push_back(crs.code());
    CHECK(described == std::vector<std::string>{"EPSG:3947", "EPSG:3857", "EPSG:4326", "CRS:84", "EPSG:3034",
                                                "EPSG:3035"});
    CHECK(codes_of(*layer).contains("EPSG:2154"));
}

TEST_CASE("equal systems are found both ways, each in its own name where it is offered")
{
    test::TemporaryFolder const folder;
    auto const catalog = painted_at(folder, "IGNF:RGM04UTM38S", 523'000, 8'588'000);
    auto const code = [&](char const* name) {
        auto const* crs = catalog->find_crs(name);
        return crs ? crs->code() : "none";
    };
    CHECK(code("IGNF:RGM04UTM38S") == "IGNF:RGM04UTM38S");
    CHECK(code("EPSG:4471") == "EPSG:4471");
    CHECK(code("urn:ogc:def:crs:IGNF::RGM04UTM38S") == "IGNF:RGM04UTM38S");
    CHECK(code("http://www.opengis.net/def/crs/EPSG/9.9.1/4471") == "EPSG:4471");
    CHECK(code("EPSG:102113") == "EPSG:3857");
    CHECK(code("IGNF:WGS84G") == "CRS:84");
    CHECK(code("IGNF:LAMB93") == "none"); // far from there
    CHECK(same_place(*catalog->find_crs("EPSG:4471"), catalog->layers()[0]->pyramid.set->crs));

    test::TemporaryFolder const other;
    auto const extra = painted_at(other, "IGNF:LAMBE", 300'000, 2'250'000);
    CHECK(extra->find_crs("EPSG:27582")->code() == "EPSG:27572");
    CHECK(extra->find_crs("IGNF:LAMB2C")->code() == "EPSG:27572");
    CHECK(extra->find_crs("ignf:lambe")->code() == "IGNF:LAMBE");
}

TEST_CASE("each operation is counted once, and tells how good it is")
{
    test::TemporaryFolder const folder;
    painted_at(folder, "EPSG:3947", 1'355'000, 6'225'000);
    std::filesystem::copy(folder / "painted.json", folder / "twin.json");
    auto const catalog = catalog_of(folder.path());
    MapOperations operations;
    for (auto const& layer : catalog->layers()) {
        CHECK_FALSE(operations.number_of(*layer, layer->pyramid.set->crs));
        CHECK(operations.number_of(*layer, *catalog->find_crs("EPSG:27572")) == 0U);
        CHECK(operations.number_of(*layer, *catalog->find_crs("EPSG:2154")) == 1U);
    }
    REQUIRE(operations.all().size() == 2);
    CHECK(operations.all()[0].operation.accuracy == 1.0);
    CHECK(operations.all()[1].operation.accuracy == 0.0);
    CHECK(doubts_about_operations(*catalog).empty());
}

TEST_CASE("what an operator should know: a datum that nobody knows, a file that is not installed")
{
    test::TemporaryFolder const folder;
    auto const unknown =
        painted_at(folder, "+proj=utm +zone=30 +ellps=intl +units=m +type=crs", 600'000, 5'230'000);
    auto const doubts = doubts_about_operations(*unknown);
    REQUIRE_FALSE(doubts.empty());
    CHECK_THAT(doubts[0], Catch::StartsWith("maps in EPSG:3857 of layers in +proj=utm +zone=30") &&
                              Catch::Contains("may be off by hundreds of metres"));

    test::TemporaryFolder const british;
    auto const london = painted_at(british, "EPSG:27700", 530'000, 180'000);
    auto const layer = london->layers()[0];
    auto const web_mercator = *london->find_crs("EPSG:3857");
    if (layer->transform_from(web_mercator).operation()->accuracy < 2) {
        WARN("the grid of the Ordnance Survey is installed: nothing is missing");
        return;
    }
    auto const missing = doubts_about_operations(*london);
    REQUIRE_FALSE(missing.empty());
    CHECK_THAT(missing[0], Catch::StartsWith("maps in EPSG:3857 of layers in EPSG:27700 are good to 2 m") &&
                               Catch::Contains("uk_os_OSTN15"));
}
