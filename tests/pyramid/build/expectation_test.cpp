// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/expectation.hpp"

#include "tests/pyramid/build/small_builds.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;
using namespace ardoise::test;

namespace {

PreparedBuild prepared(BuildOptions options)
{
    return prepare_build(std::move(options), TileMatrixSetLibrary{});
}

} // namespace

TEST_CASE("raw tiles are expected to weigh what their pixels do")
{
    TemporaryFolder const folder;
    std::filesystem::create_directories(folder / "dalles");
    // 2048 x 1024 px on the corner of tiles: every tile of the base level is whole.
    write_dalle(folder / "dalles/1.tif", {.left = left, .top = top, .width = 2048, .height = 1024});
    auto const build = prepared(options_for(folder, "raw"));
    auto const expectation = expect(build);
    REQUIRE(expectation);
    CHECK(expectation->bytes() == Approx(2048 * 1024 * 3 * 4 / 3.0));
    CHECK(expectation->bytes() == Approx(raw_bytes(build)));
    CHECK(expectation->seconds > 0);
}

TEST_CASE("what is expected comes near to what is built, for each product")
{
    TemporaryFolder const folder;
    write_dalles(folder, 3, 3, {.width = 700, .height = 700});
    auto options = options_for(folder);
    options.top = "22";
    options.products = {{.name = "P", .bands = {1, 2, 3}, .format = "jpg"},
                        {.name = "grey", .bands = {2}, .format = "png"}};
    auto const expectation = expect(prepared(options));
    REQUIRE(expectation);
    auto const report = run(std::move(options));
    for (std::size_t i = 0; i < 2; ++i) {
        CHECK(expectation->products[i].name == report.products[i].pyramid.name);
        auto const of_tiles = static_cast<double>(report.products[i].levels.back().tile_bytes) * 4 / 3;
        CHECK(expectation->products[i].bytes == Approx(of_tiles).epsilon(0.25));
    }
}

TEST_CASE("a source that cannot be read is left to the build, and one that holds nothing says nothing")
{
    TemporaryFolder const folder;
    write_dalles(folder, 1, 1);
    auto const build = prepared(options_for(folder));
    REQUIRE(expect(build));
    std::filesystem::remove(folder / "dalles/0_0.tif");
    CHECK_FALSE(expect(build));
    write_dalle(folder / "dalles/0_0.tif", {.left = left, .top = top}, hills,
                [](std::int32_t, std::int32_t) { return false; });
    CHECK_FALSE(expect(build));
}

TEST_CASE("free space is that of the nearest folder that is there")
{
    TemporaryFolder const folder;
    CHECK(free_bytes(folder / "not/yet/there") == Approx(free_bytes(folder.path())).epsilon(0.05));
    CHECK(free_bytes(folder.path()) > 0);
}
