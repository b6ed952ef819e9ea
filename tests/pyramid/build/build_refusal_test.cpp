// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/atomic_file.hpp"
#include "pyramid/build/memory_budget.hpp"
#include "tests/pyramid/build/small_builds.hpp"
#include "tests/support/failure_text.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <thread>

using namespace ardoise;
using Catch::Contains;
using namespace ardoise::test;

TEST_CASE("what does not fit is refused before the store is touched")
{
    struct {
        char const* said;
        std::function<void(BuildOptions&)> change;
    } const rows[] = {
        {"band 7", [](BuildOptions& o) { o.products[0].bands = {7}; }},
        {"two builds, one from the files of each delivery",
         [](BuildOptions& o) {
             o.products[0].bands = {4, 1, 2};
         }},
        {"format \"gif\"", [](BuildOptions& o) { o.products[0].format = "gif"; }},
        {"cannot be stored as jpg",
         [](BuildOptions& o) {
             o.products[0].bands = {1, 2}, o.products[0].format = "jpg";
         }},
        {"will not do", [](BuildOptions& o) { o.products[0].name = "../evil"; }},
        {"will not do", [](BuildOptions& o) { o.products[0].name = ".hidden"; }},
        {"will not do", [](BuildOptions& o) { o.products[0].name = ""; }},
        {"two products", [](BuildOptions& o) { o.products.push_back(o.products[0]); }},
        {"not known", [](BuildOptions& o) { o.tile_matrix_set = "NOPE"; }},
        {"no matrix", [](BuildOptions& o) { o.bottom = "77"; }},
        {"no such file", [](BuildOptions& o) { o.sources = {"/nowhere/at/all.tif"}; }},
        {"not known to PROJ", [](BuildOptions& o) { o.source.crs = "EPSG:0"; }},
        {"--nodata 300", [](BuildOptions& o) { o.source.nodata = 300; }},
        {"will not do", [](BuildOptions& o) { o.products[0].name = "tilematrixsets"; }},
    };
    for (auto const& row : rows) {
        test::TemporaryFolder const folder;
        write_dalles(folder, 1, 1, {.width = 64, .height = 64});
        auto options = options_for(folder);
        row.change(options);
        CHECK_THAT(failure_text([&] { run(std::move(options)); }), Contains(row.said));
        CHECK_FALSE(std::filesystem::exists(folder / "store"));
    }
}

TEST_CASE("memory decides how many threads there are, and too little of it is refused")
{
    TemporaryFolder const folder;
    write_dalles(folder, 1, 1, {.width = 64, .height = 64});
    auto options = options_for(folder);
    options.jobs = 0;
    options.memory = std::uint64_t{8} << 30;
    auto const rich = MemoryBudget::of(prepare_build(options, TileMatrixSetLibrary{}));
    CHECK(rich.threads == std::max(1U, std::thread::hardware_concurrency()));
    CHECK(rich.read_cache + rich.gdal_cache == std::uint64_t{1} << 30);
    options.memory = std::uint64_t{250} << 20;
    auto const poor = MemoryBudget::of(prepare_build(options, TileMatrixSetLibrary{}));
    CHECK(poor.threads == 1);
    CHECK(poor.a_thread + poor.read_cache + poor.gdal_cache < options.memory);
    options.jobs = 16;
    CHECK_THAT(failure_text([&] { run(options); }), Contains("--memory 250M") && Contains("fewer --jobs"));
    CHECK_FALSE(std::filesystem::exists(folder / "store"));
    options.memory = std::uint64_t{20} << 20;
    options.jobs = 0;
    CHECK_THAT(failure_text([&] { run(options); }), Contains("--memory 20M") && Contains("would do"));
}

TEST_CASE("products that need more bands than are read at once are refused")
{
    TemporaryFolder const folder;
    std::filesystem::create_directories(folder / "dalles");
    write_dalle(folder / "dalles/a.tif", {.left = left, .top = top, .width = 64, .height = 64, .bands = 6});
    auto options = options_for(folder);
    options.products = {parse_product("a=1,2,3:png"), parse_product("b=4,5,6:png")};
    CHECK_THAT(failure_text([&] { run(std::move(options)); }), Contains("6 bands together"));
    CHECK_FALSE(std::filesystem::exists(folder / "store"));
}

TEST_CASE("mixed sources are refused by the name of the odd one")
{
    test::TemporaryFolder const folder;
    write_dalles(folder, 1, 1, {.width = 64, .height = 64});
    test::write_dalle(folder / "dalles/odd.tif",
                      {.left = left, .top = top, .width = 64, .height = 64, .bands = 4});
    CHECK_THAT(failure_text([&] { run(options_for(folder)); }), Contains("odd.tif") && Contains("4 bands"));
}

TEST_CASE("a pyramid of that name is never overwritten")
{
    test::TemporaryFolder const folder;
    write_dalles(folder, 1, 1, {.width = 64, .height = 64});
    run(options_for(folder));
    auto const before = files_of(folder / "store");
    CHECK_THAT(failure_text([&] { run(options_for(folder)); }),
               Contains("already") &&
                   Contains("`ardoise remove " + (folder / "store/P.json").string() + "`"));
    CHECK(files_of(folder / "store") == before);
}

TEST_CASE("sources without any data build nothing, and say so")
{
    test::TemporaryFolder const folder;
    std::filesystem::create_directories(folder / "dalles");
    test::write_dalle(folder / "dalles/a.tif",
                      {.left = left, .top = top, .width = 64, .height = 64, .nodata = 0},
                      [](double, double, int) { return 0.0; });
    CHECK_THAT(failure_text([&] { run(options_for(folder)); }), Contains("no data at all"));
}

TEST_CASE("a set under the name of a shipped one must be that set")
{
    test::TemporaryFolder const folder;
    write_dalles(folder, 1, 1, {.width = 64, .height = 64});
    auto moved = *TileMatrixSetLibrary{}.get("2154_5cm");
    for (auto& matrix : moved.matrices)
        matrix.origin_x += 100;
    write_atomically(folder / "moved.json", to_json(moved).text());
    auto options = options_for(folder);
    options.tile_matrix_set = (folder / "moved.json").string();
    CHECK_THAT(failure_text([&] { run(std::move(options)); }), Contains("an id of its own"));
}
