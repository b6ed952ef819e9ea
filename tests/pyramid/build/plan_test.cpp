// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/mosaics.hpp"
#include "pyramid/build/plan.hpp"
#include "pyramid/grid/tile_matrix_set_library.hpp"
#include "tests/support/failure_text.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace ardoise;
using Catch::Contains;
using test::failure_text;

namespace {

TileMatrixSetLibrary const library;

Source source_at(double left, double top, double pixel = 0.05, std::int64_t size = 4000,
                 char const* crs = "EPSG:2154")
{
    Source source{.file = "dalle.tif", .crs = Crs::from_definition(crs)};
    source.left = left;
    source.top = top;
    source.pixel_width = source.pixel_height = pixel;
    source.width = source.height = size;
    source.bands = 3;
    return source;
}

BuildPlan plan_for(std::vector<Source> sources, char const* set = "2154_5cm", BuildOptions options = {})
{
    return make_plan(group_by_grid(std::move(sources)), library.get(set), options);
}

} // namespace

TEST_CASE("the base level is the one whose pixels are nearest to the sources'")
{
    struct {
        char const* set;
        double pixel;
        char const* crs;
        double left, top;
        char const* level;
    } const rows[] = {
        {"2154_5cm", 0.05, "EPSG:2154", 430000, 6712000, "22"},
        {"2154_5cm", 0.2, "EPSG:2154", 430000, 6712000, "20"},
        {"2154_5cm", 0.28, "EPSG:2154", 430000, 6712000, "20"},
        {"2154_5cm", 0.29, "EPSG:2154", 430000, 6712000, "19"},
        {"PM", 0.1492910708694850, "EPSG:3857", 0, 6000000, "20"},
        {"PM_5cm", 0.05, "EPSG:2154", 430000, 6712000, "21"}, // 5 cm of ground are 7.4 cm of Mercator
        {"3947_5cm", 0.05, "EPSG:3947", 1355000, 7225000, "22"}};
    for (auto const& row : rows) {
        INFO(row.set << " " << row.pixel);
        auto const plan = plan_for({source_at(row.left, row.top, row.pixel, 1000, row.crs)}, row.set);
        CHECK(plan.set->matrices[plan.levels.back().matrix].id == row.level);
    }
}

TEST_CASE("every patch that a source touches is planned, once, in Morton order")
{
    std::vector<Source> sources;
    for (int x = 0; x < 5; ++x)
        for (int y = 0; y < 5; ++y)
            sources.push_back(source_at(430000 + 200 * x, 6712000 - 200 * y));
    auto const plan = plan_for(std::move(sources));
    CHECK(plan.patch_side == 16);
    std::set<TileIndex> touched;
    auto const& base = plan.levels.back();
    for (auto row = base.limits.first.row; row < base.limits.last.row; ++row)
        for (auto col = base.limits.first.col; col < base.limits.last.col; ++col)
            touched.insert({col / 16, row / 16});
    CHECK(std::set<TileIndex>{plan.patches.begin(), plan.patches.end()} == touched);
    CHECK(plan.patches.size() == touched.size());
    for (std::size_t i = 1; i < plan.patches.size(); ++i)
        CHECK(morton(plan.patches[i - 1]) < morton(plan.patches[i]));
}

TEST_CASE("a patch has four times fewer tiles at each level, up to one: the root, below the crown")
{
    auto const plan =
        plan_for({source_at(430000, 6712000), source_at(430200, 6712000), source_at(431000, 6711000)});
    REQUIRE(plan.levels.size() == 23);
    CHECK(plan.root_level() == 18);
    std::int64_t tiles = 0;
    for (auto const& patch : plan.patches) {
        CHECK(plan.tiles_of(patch, 18) == TileRange{patch, {patch.col + 1, patch.row + 1}});
        auto const inside = plan.tiles_of(patch, 22);
        CHECK(inside.cols() <= 16);
        CHECK_FALSE(inside.empty());
        tiles += inside.cols() * inside.rows();
    }
    CHECK(tiles == plan.base_tiles());
    auto const roots = plan.crown_tiles(18);
    CHECK(std::set<TileIndex>{roots.begin(), roots.end()} ==
          std::set<TileIndex>{plan.patches.begin(), plan.patches.end()});
    CHECK(plan.crown_tiles(0) == std::vector{TileIndex{0, 0}});
}

TEST_CASE("few levels have patches without a single root, and no crown")
{
    BuildOptions options;
    options.top = "20";
    auto const plan = plan_for({source_at(430000, 6712000)}, "2154_5cm", options);
    CHECK(plan.levels.size() == 3);
    CHECK(plan.root_level() == 0);
    CHECK(plan.tiles_of(plan.patches.front(), 0).cols() <= 4);
}

TEST_CASE("slabs are counted level by level, whatever their size")
{
    BuildOptions options;
    options.top = "21";
    options.slab_width = 4;
    options.slab_height = 2;
    auto const plan =
        plan_for({source_at(12.8 * 33600, 12000000 - 12.8 * 413008, 0.05, 256 * 8)}, "2154_5cm", options);
    // 8x8 tiles from (33600, 413008) on: 2x4 slabs; their 4x4 parents: 1x2.
    CHECK(plan.base_tiles() == 64);
    CHECK(plan.slab_count() == 10);
}

TEST_CASE("the Z-shaped curve visits four quadrants one after the other")
{
    CHECK(morton({0, 0}) == 0);
    CHECK(morton({1, 0}) == 1);
    CHECK(morton({0, 1}) == 2);
    CHECK(morton({1, 1}) == 3);
    CHECK(morton({2, 0}) == 4);
    CHECK(morton({0xffffffff, 0xffffffff}) == ~std::uint64_t{0});
}

TEST_CASE("limits of each level cover those of the next")
{
    auto const plan = plan_for({source_at(430010, 6711990, 0.05, 900)});
    for (std::size_t i = 1; i < plan.levels.size(); ++i) {
        auto const &coarse = plan.levels[i - 1].limits, &fine = plan.levels[i].limits;
        CHECK(coarse.first.col == fine.first.col / 2);
        CHECK(coarse.last.row == (fine.last.row + 1) / 2);
    }
}

TEST_CASE("top and bottom are obeyed, and must make sense")
{
    BuildOptions options;
    options.top = "15";
    options.bottom = "20";
    auto const plan = plan_for({source_at(430000, 6712000)}, "2154_5cm", options);
    CHECK(plan.levels.size() == 6);
    options.top = "21";
    CHECK_THAT(failure_text([&] { plan_for({source_at(430000, 6712000)}, "2154_5cm", options); }),
               Contains("finer"));
    options.top = "99";
    CHECK_THAT(failure_text([&] { plan_for({source_at(430000, 6712000)}, "2154_5cm", options); }),
               Contains("no matrix \"99\""));
}

TEST_CASE("sources outside of the set, and sets that are no quadtree, are refused")
{
    CHECK_THAT(failure_text([] { plan_for({source_at(-900000, 20000000)}); }),
               Contains("no source lies inside"));
    auto uneven = *library.get("2154_5cm");
    uneven.matrices.erase(uneven.matrices.begin() + 5);
    auto const set = std::make_shared<TileMatrixSet const>(std::move(uneven));
    CHECK_THAT(failure_text([&] { make_plan(group_by_grid({source_at(430000, 6712000)}), set, {}); }),
               Contains("quadtree"));
}

TEST_CASE("products are read from the command line, or refused with an example")
{
    auto const irc = parse_product("irc=4,1,2:jpg:90");
    CHECK(irc.name == "irc");
    CHECK(irc.bands == std::vector{4, 1, 2});
    CHECK(irc.format == "jpg");
    CHECK(irc.quality == 90);
    CHECK(parse_product("dtm=1:zip").quality == 85);
    for (auto const* text :
         {"", "irc", "irc=4,1,2", "=1:jpg", "irc=:jpg", "irc=a:jpg", "irc=0:jpg", "irc=1,2,3,4,5:zip",
          "irc=1:jpg:0", "irc=1:jpg:101", "irc=1:jpg:x", "irc=1,,2:jpg"})
        CHECK(failure_text([&] { parse_product(text); }) != "(no failure)");
}
