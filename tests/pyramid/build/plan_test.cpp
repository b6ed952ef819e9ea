// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/plan.hpp"
#include "pyramid/grid/tile_matrix_set_library.hpp"
#include "pyramid/sources/mosaics.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/source_at.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <set>

using namespace ardoise;
using Catch::Contains;
using test::failure_text;
using test::source_at;

namespace {

TileMatrixSetLibrary const library;

/// A dalle as they are delivered, of 4000 pixels.
Source dalle_at(double left, double top, double pixel = 0.05)
{
    return source_at(left, top, pixel, 4000);
}

BuildPlan plan_for(std::vector<Source> sources, char const* set = "2154_5cm", BuildOptions options = {})
{
    return make_plan(group_by_grid(std::move(sources)), library.get(set), options);
}

std::set<TileIndex> places_of(std::vector<Patch> const& patches, std::size_t quadtree = 0)
{
    std::set<TileIndex> places;
    for (auto const& patch : patches)
        if (patch.quadtree == quadtree)
            places.insert(patch.place);
    return places;
}

/// Matrices of these cell sizes, coarsest first, called by them.
std::shared_ptr<TileMatrixSet const> set_with_cells(std::vector<double> const& cells)
{
    TileMatrixSet set{.id = "uneven", .title = "", .crs = Crs::from_definition("EPSG:2154"), .matrices = {}};
    for (double const cell : cells)
        set.matrices.push_back({.id = fmt::format("{}", cell),
                                .cell_size = cell,
                                .origin_x = 0,
                                .origin_y = 12000000,
                                .matrix_width = static_cast<std::int64_t>(5100 / cell),
                                .matrix_height = static_cast<std::int64_t>(40000 / cell)});
    return std::make_shared<TileMatrixSet const>(std::move(set));
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
            sources.push_back(dalle_at(430000 + 200 * x, 6712000 - 200 * y));
    auto const plan = plan_for(std::move(sources));
    REQUIRE(plan.quadtrees.size() == 1);
    CHECK(plan.finest().patch_side == 16);
    std::set<TileIndex> touched;
    auto const& base = plan.levels.back();
    for (auto row = base.limits.first.row; row < base.limits.last.row; ++row)
        for (auto col = base.limits.first.col; col < base.limits.last.col; ++col)
            touched.insert({col / 16, row / 16});
    CHECK(places_of(plan.patches) == touched);
    CHECK(plan.patches.size() == touched.size());
    for (std::size_t i = 1; i < plan.patches.size(); ++i)
        CHECK(morton(plan.patches[i - 1].place) < morton(plan.patches[i].place));
}

TEST_CASE("a patch has four times fewer tiles at each level, up to one: the root, below the crown")
{
    auto const plan =
        plan_for({dalle_at(430000, 6712000), dalle_at(430200, 6712000), dalle_at(431000, 6711000)});
    REQUIRE(plan.levels.size() == 23);
    CHECK(plan.finest().root_level == 18);
    std::int64_t tiles = 0;
    for (auto const& patch : plan.patches) {
        auto const [col, row] = patch.place;
        CHECK(plan.tiles_of(patch, 18) == TileRange{patch.place, {col + 1, row + 1}});
        auto const inside = plan.tiles_of(patch, 22);
        CHECK(inside.cols() <= 16);
        CHECK_FALSE(inside.empty());
        tiles += inside.cols() * inside.rows();
    }
    CHECK(tiles == plan.base_tiles(plan.finest()));
    auto const upper = plan.roots_and_crown(plan.patches);
    CHECK(upper[18] == places_of(plan.patches));
    CHECK(upper[0] == std::set{TileIndex{0, 0}});
    CHECK(upper[19].empty());
    CHECK(plan.keeps_exact(0));
    CHECK(plan.keeps_exact(18));
    CHECK_FALSE(plan.keeps_exact(19));
}

TEST_CASE("few levels have patches without a single root, and no crown")
{
    BuildOptions options;
    options.top = "20";
    auto const plan = plan_for({dalle_at(430000, 6712000)}, "2154_5cm", options);
    CHECK(plan.levels.size() == 3);
    CHECK(plan.finest().root_level == 0);
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
    CHECK(plan.base_tiles(plan.finest()) == 64);
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
    auto const plan = plan_for({dalle_at(430000, 6712000)}, "2154_5cm", options);
    CHECK(plan.levels.size() == 6);
    options.top = "21";
    CHECK_THAT(failure_text([&] { plan_for({dalle_at(430000, 6712000)}, "2154_5cm", options); }),
               Contains("finer"));
    options.top = "99";
    CHECK_THAT(failure_text([&] { plan_for({dalle_at(430000, 6712000)}, "2154_5cm", options); }),
               Contains("no matrix \"99\""));
}

TEST_CASE("a set that does not halve everywhere falls into quadtrees, each with patches of its own")
{
    auto const set = set_with_cells({5, 2.5, 1, 0.5, 0.25, 0.1, 0.05});
    auto const mosaics = group_by_grid({source_at(430000, 6712000, 0.05, 40000)});
    auto const plan = make_plan(mosaics, set, {});
    REQUIRE(plan.levels.size() == 7);
    REQUIRE(plan.quadtrees.size() == 3);
    struct {
        std::size_t top, base, root;
        std::int32_t side; // 4096 px, but no more ground than 16,384 px of the finest level
    } const rows[] = {{0, 1, 1, 1}, {2, 4, 2, 8}, {5, 6, 5, 16}};
    for (std::size_t i = 0; i < 3; ++i) {
        INFO(i);
        auto const& quadtree = plan.quadtrees[i];
        CHECK(quadtree.top_level == rows[i].top);
        CHECK(quadtree.base_level == rows[i].base);
        CHECK(quadtree.root_level == rows[i].root);
        CHECK(quadtree.patch_side == rows[i].side);
        auto const& limits = plan.levels[quadtree.base_level].limits;
        auto const& matrix = plan.matrix(quadtree.base_level);
        auto const ground = mosaics[0].sources()[0].extent();
        auto const around = 4 * matrix.cell_size;
        auto const under = tiles_covering(matrix, ground);
        CHECK(intersect(limits, under) == under);
        auto const near = tiles_covering(matrix, {ground.min_x - around, ground.min_y - around,
                                                  ground.max_x + around, ground.max_y + around});
        CHECK(join(limits, near) == near);
        std::set<TileIndex> places;
        for (auto row = limits.first.row; row < limits.last.row; ++row)
            for (auto col = limits.first.col; col < limits.last.col; ++col)
                places.insert({col / rows[i].side, row / rows[i].side});
        CHECK(places_of(plan.patches, i) == places);
    }
    CHECK(std::is_sorted(plan.patches.begin(), plan.patches.end(), [](Patch const& a, Patch const& b) {
        return std::pair{a.quadtree, morton(a.place)} < std::pair{b.quadtree, morton(b.place)};
    }));
    auto const under = patches_under(plan, mosaics[0].sources()[0], Resampling::bilinear);
    CHECK(under == plan.patches);
    CHECK(plan.base_pixels() < plan.baked_pixels());
}

TEST_CASE("twins are kept where parents are made from them, and not at the tops of finer quadtrees")
{
    auto const plan = make_plan(group_by_grid({source_at(430000, 6712000, 0.05, 40000)}),
                                set_with_cells({5, 2.5, 1, 0.5, 0.25, 0.1, 0.05}), {});
    std::vector<bool> kept;
    for (std::size_t level = 0; level < plan.levels.size(); ++level)
        kept.push_back(plan.keeps_exact(level));
    CHECK(kept == std::vector{true, true, false, false, false, false, false});
}

TEST_CASE("a corner that moves by half a cell ends a quadtree")
{
    auto set = *set_with_cells({4, 2, 1});
    set.matrices[0].origin_x -= 1;
    set.matrices[0].origin_y += 1;
    auto const plan = make_plan(group_by_grid({dalle_at(430000, 6712000, 1)}),
                                std::make_shared<TileMatrixSet const>(std::move(set)), {});
    REQUIRE(plan.quadtrees.size() == 2);
    CHECK(plan.quadtrees[0].base_level == 0);
    CHECK(plan.quadtrees[1].top_level == 1);
}

TEST_CASE("sources outside of the set or of one of its levels are refused, and tiles of two sizes")
{
    CHECK_THAT(failure_text([] { plan_for({dalle_at(-900000, 20000000)}); }),
               Contains("no source lies inside"));
    auto const mosaics = group_by_grid({dalle_at(430000, 6712000, 0.05)});
    auto small = *set_with_cells({0.5, 0.125, 0.05});
    small.matrices[0].matrix_width = 3;
    CHECK_THAT(failure_text([&] { make_plan(mosaics, std::make_shared<TileMatrixSet const>(small), {}); }),
               Contains("no source lies inside") && Contains("level 0.5"));
    auto mixed = *set_with_cells({0.25, 0.1, 0.05});
    mixed.matrices[0].tile_width = 512;
    auto const set = std::make_shared<TileMatrixSet const>(std::move(mixed));
    CHECK_THAT(failure_text([&] { make_plan(mosaics, set, {}); }),
               Contains("512 x 256") && Contains("level 0.25") && Contains("--top"));
    BuildOptions options;
    options.top = "0.1";
    CHECK(make_plan(mosaics, set, options).levels.size() == 2);
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
