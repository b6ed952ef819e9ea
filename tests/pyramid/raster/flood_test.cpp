// SPDX-License-Identifier: Apache-2.0
#include "pyramid/raster/flood.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <utility>

using namespace ardoise;

namespace {

constexpr float unknown = std::numeric_limits<float>::quiet_NaN();
constexpr float never = never_flooded;

std::vector<float> levels(std::int64_t width, std::vector<float> heights,
                          std::vector<std::uint32_t> const& seeds)
{
    auto const height = static_cast<std::int64_t>(heights.size()) / width;
    return flood_levels({width, height, std::move(heights)}, seeds);
}

/// The definition, without haste: a pixel is as high as the lowest way there, until none finds a lower one.
std::vector<float> expected(Terrain const& terrain, std::vector<std::uint32_t> const& seeds)
{
    std::vector<float> found(terrain.size(), never);
    for (auto const seed : seeds)
        found[seed] = std::isnan(terrain.heights[seed]) ? -HUGE_VALF : terrain.heights[seed];
    bool changed = true;
    auto const spread = [&](std::int64_t x, std::int64_t y, std::int64_t from_x, std::int64_t from_y) {
        if (from_x < 0 || from_x >= terrain.width || from_y < 0 || from_y >= terrain.height)
            return;
        auto const place = static_cast<std::size_t>(y * terrain.width + x);
        auto const from = found[static_cast<std::size_t>(from_y * terrain.width + from_x)];
        auto const level = std::max(terrain.heights[place], from);
        if (from == never || std::isnan(terrain.heights[place]) || level >= found[place])
            return;
        found[place] = level;
        changed = true;
    };
    while (std::exchange(changed, false))
        for (std::int64_t y = 0; y < terrain.height; ++y)
            for (std::int64_t x = 0; x < terrain.width; ++x) {
                spread(x, y, x - 1, y);
                spread(x, y, x + 1, y);
                spread(x, y, x, y - 1);
                spread(x, y, x, y + 1);
            }
    return found;
}

} // namespace

TEST_CASE("water rises over the lowest sill on its way, and runs down behind it")
{
    CHECK(levels(6, {1, 3, 2, 5, 0, 9}, {0}) == std::vector<float>{1, 3, 3, 5, 5, 9});
    CHECK(levels(3,
                 {1, 9, 1, //
                  1, 4, 1, //
                  1, 9, 0},
                 {0}) == std::vector<float>{1, 9, 4, 1, 4, 4, 1, 9, 4});
}

TEST_CASE("a dike one pixel wide holds across corners")
{
    CHECK(levels(3,
                 {0, 9, 0, //
                  9, 0, 0, //
                  0, 0, 0},
                 {0}) == std::vector<float>{0, 9, 9, 9, 9, 9, 9, 9, 9});
}

TEST_CASE("what nobody knows the height of is no way, unless water comes from there")
{
    CHECK(levels(4, {1, unknown, 1, 1}, {0}) == std::vector<float>{1, never, never, never});
    CHECK(levels(4, {1, unknown, 3, 2}, {1})[2] == 3);
    CHECK(levels(4, {1, unknown, 3, 2}, {1})[0] == 1);
}

TEST_CASE("what is as high as a flood level that means never is a filling, and no height")
{
    for (float const filling : {never, 1e20F, std::numeric_limits<float>::infinity()}) {
        CHECK(levels(4, {1, filling, 1, 1}, {0}) == std::vector<float>{1, never, never, never});
        CHECK(levels(3, {1, filling, filling}, {0}) == std::vector<float>{1, never, never});
        CHECK(levels(3, {filling, 4, filling}, {0})[1] == 4);
    }
}

TEST_CASE("water never goes around from one end of a row to the next")
{
    CHECK(levels(2, {1, 9, 1, 9}, {0}) == std::vector<float>{1, 9, 1, 9});
    CHECK(levels(3, {0, 9, 1, 1, 9, 9}, {0})[2] == 9);
}

TEST_CASE("without seeds nothing is wet; several seeds each have their own level")
{
    CHECK(levels(3, {1, 2, 3}, {}) == std::vector<float>{never, never, never});
    CHECK(levels(5, {1, 9, 2, 9, 3}, {0, 4, 0}) == std::vector<float>{1, 9, 9, 9, 3});
}

TEST_CASE("levels below zero and at zero of either sign are in order")
{
    CHECK(levels(5, {-5, -7, -0.0F, 0.0F, -1}, {1}) == std::vector<float>{-5, -7, 0, 0, 0});
}

TEST_CASE("ground as high as what stands for no way is none")
{
    CHECK(levels(5, {1, never, never, never, 2}, {0}) == std::vector<float>{1, never, never, never, never});
    CHECK(levels(4, {1, 2e5F, 3, 3}, {0}) == std::vector<float>{1, never, never, never});
    // A river that lies there has no height, as where the model is silent.
    auto const bottomless = -std::numeric_limits<float>::infinity();
    CHECK(levels(3, {never, never, 1}, {0, 1}) == std::vector<float>{bottomless, bottomless, 1});
}

TEST_CASE("levels are those of the definition on terrain of all kinds")
{
    std::mt19937 dice{4}; // NOLINT(cert-msc51-cpp): the same ground at every run
    for (int run = 0; run < 60; ++run) {
        auto const width = static_cast<std::int64_t>(1 + dice() % 24),
                   height = static_cast<std::int64_t>(1 + dice() % 24);
        Terrain terrain{width, height, std::vector<float>(static_cast<std::size_t>(width * height))};
        bool const is_flat = run % 3 == 0; // many pixels of one height
        std::normal_distribution<float> rough{run % 2 == 0 ? 0.0F : 40.0F, 10};
        for (auto& pixel : terrain.heights)
            pixel = dice() % 12 == 0 ? unknown : is_flat ? static_cast<float>(dice() % 4) : rough(dice);
        std::vector<std::uint32_t> seeds;
        for (int i = 0; i < 3; ++i)
            seeds.push_back(static_cast<std::uint32_t>(dice() % terrain.size()));
        CHECK(flood_levels(terrain, seeds) == expected(terrain, seeds));
    }
}
