// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/standing_pyramid.hpp"
#include "tests/pyramid/build/small_builds.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <thread>

using namespace ardoise;
using namespace ardoise::test;

namespace {

/// A level of 18 x 17 slabs: more than may be open at once.
Pyramid many_slabs(TemporaryFolder const& folder)
{
    std::filesystem::create_directories(folder / "dalles");
    write_dalle(
        folder / "dalles/1.tif", {.left = left, .top = top, .width = 18 * 256, .height = 17 * 256},
        [](double x, double y, int band) { return 10 * band + (x - left) / 12.8 + (top - y) / 12.8; });
    auto options = options_for(folder, "png");
    options.slab_width = options.slab_height = 1;
    run(std::move(options));
    return read(folder);
}

/// How many tiles of the level agree with what their slabs hold.
std::size_t sound_tiles(StandingPyramid const& standing, Level const& level)
{
    std::size_t sound = 0;
    for (auto row = level.limits.first.row; row < level.limits.last.row; ++row)
        for (auto col = level.limits.first.col; col < level.limits.last.col; ++col) {
            auto const tile = standing.tile(0, level.id, {col, row});
            Slab const slab{slab_file(level, {col, row}), 1, 1};
            sound += tile && std::ranges::equal(tile->data, slab.tile({0, 0}));
        }
    return sound;
}

} // namespace

TEST_CASE("of more slabs than may be open the ones not asked for are closed, and opened again")
{
    TemporaryFolder const folder;
    auto const pyramid = many_slabs(folder);
    auto const& level = pyramid.levels.back();
    constexpr std::size_t tiles = 18 * 17;
    REQUIRE(static_cast<std::size_t>(level.limits.cols() * level.limits.rows()) == tiles);
    StandingPyramid const standing{pyramid};
    CHECK(standing.open_slabs() == 0);
    std::vector<std::size_t> sound(4);
    {
        std::vector<std::jthread> readers;
        for (auto& count : sound)
            readers.emplace_back([&] { count = sound_tiles(standing, level); });
    }
    for (auto const count : sound)
        CHECK(count == tiles);
    CHECK(standing.open_slabs() == StandingPyramid::most_open);
    CHECK(sound_tiles(standing, level) == tiles);
    CHECK(standing.open_slabs() == StandingPyramid::most_open);
}

TEST_CASE("the slab that is asked for again and again stays open")
{
    TemporaryFolder const folder;
    auto const pyramid = many_slabs(folder);
    auto const& level = pyramid.levels.back();
    auto const first = level.limits.first;
    StandingPyramid const standing{pyramid};
    REQUIRE(standing.tile(0, level.id, first));
    std::filesystem::remove(slab_file(level, first));
    for (auto row = first.row; row < level.limits.last.row; ++row)
        for (auto col = first.col; col < level.limits.last.col; ++col) {
            CHECK(standing.tile(0, level.id, {col, row}));
            CHECK(standing.tile(0, level.id, first));
        }
}
