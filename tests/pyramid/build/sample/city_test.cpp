// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/sample/city.hpp"
#include "pyramid/build/sample/site.hpp"
#include "pyramid/build/sample/streets.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace ardoise::sample;

namespace {

std::vector<Block> blocks_around_the_heart(StreetPlan const& streets, int reach)
{
    std::vector<Block> blocks;
    for (int j = -reach; j < reach; ++j)
        for (int i = -reach; i < reach; ++i)
            for (auto& block : streets.quarter(i, j).blocks)
                blocks.push_back(std::move(block));
    return blocks;
}

} // namespace

TEST_CASE("blocks keep clear of each other and of the river")
{
    Landscape const land{1};
    auto const blocks = blocks_around_the_heart(StreetPlan{land}, 5);
    CHECK(blocks.size() > 300);
    for (auto const& block : blocks) {
        CHECK(area(block.outline) > 0);
        for (Point const corner : block.outline)
            CHECK(std::abs(corner.x - Landscape::river_middle) > Landscape::quay_offset);
    }
    std::size_t overlaps = 0;
    for (auto const& block : blocks)
        for (auto const& other : blocks)
            overlaps += &block != &other && contains(other.outline, centroid(block.outline));
    CHECK(overlaps == 0);
}

TEST_CASE("a city has a bit of everything, with a church and a bridge in its middle")
{
    Landscape const land{1};
    StreetPlan const streets{land};
    std::set<Use> uses;
    for (auto const& block : blocks_around_the_heart(streets, 8))
        uses.insert(block.use);
    CHECK(uses.size() == 11);
    bool church = false, bridge = false;
    for (auto const& block : streets.quarter(0, 0).blocks)
        church = church || block.use == Use::church;
    for (auto const& street : streets.quarter(StreetPlan::river_column, 0).streets)
        bridge = bridge || street.bridge;
    CHECK(church);
    CHECK(bridge);
}

TEST_CASE("the cells of a box hold every block that reaches into it")
{
    Landscape const land{7};
    StreetPlan const streets{land};
    for (Box const box : {Box{-20, -20, 20, 20}, Box{-420, 100, -380, 140}, Box{900, -800, 960, -700},
                          Box{-90, 300, -80, 310}}) {
        auto const cells = streets.cells(box);
        for (int j = cells.j0 - 3; j < cells.j1 + 3; ++j)
            for (int i = cells.i0 - 3; i < cells.i1 + 3; ++i) {
                bool const listed = i >= cells.i0 && i < cells.i1 && j >= cells.j0 && j < cells.j1;
                for (auto const& block : streets.quarter(i, j).blocks)
                    if (!listed)
                        CHECK_FALSE(overlap(box_of(block.outline), box));
            }
    }
}

TEST_CASE("a scene holds the things near its box only, in the order of their layers")
{
    City const city{1};
    Scene const scene = city.scene({0, 0, 60, 60}, 2022);
    CHECK(scene.items.size() > 200);
    for (std::size_t i = 1; i < scene.items.size(); ++i)
        CHECK(scene.items[i - 1].layer <= scene.items[i].layer);
    Box const around{-45 / Scene::pixel, -105 / Scene::pixel, 105 / Scene::pixel, 45 / Scene::pixel};
    for (auto const& surface : scene.surfaces)
        CHECK(overlap(surface.box, around));
}

TEST_CASE("no scene on the way through a large country is empty or breaks")
{
    for (std::uint64_t const seed : {1U, 2U, 12345U})
        for (int step = -6; step <= 6; ++step) {
            double const x = step * 1713.0, y = step * -2411.0;
            City const city{seed};
            CHECK_FALSE(city.scene({x, y, x + 200, y + 200}, 1990 + step).items.empty());
        }
}
