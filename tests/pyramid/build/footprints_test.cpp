// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/report/footprints.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <random>

using namespace ardoise;

TEST_CASE("ground under several boxes counts once")
{
    BoundingBox const box{10, 20, 30, 50};
    CHECK(covered_area({}) == 0);
    CHECK(covered_area({box}) == 600);
    CHECK(covered_area({box, box, box}) == 600);
    CHECK(covered_area({box, {30, 20, 40, 50}}) == 900);             // side by side
    CHECK(covered_area({box, {15, 25, 20, 30}}) == 600);             // one within the other
    CHECK(covered_area({box, {20, 40, 40, 60}}) == 600 + 400 - 100); // corners
    CHECK(covered_area({box, {100, 100, 101, 102}}) == 602);
}

TEST_CASE("what many boxes cover is what counting cells gives")
{
    constexpr int side = 40;
    std::mt19937 random{7};
    for (int count : {3, 20, 200}) {
        std::vector<BoundingBox> boxes;
        std::array<bool, side * side> covered{};
        for (int i = 0; i < count; ++i) {
            auto const number = [&](int below) {
                return static_cast<int>(random() % static_cast<unsigned>(below));
            };
            int const x = number(side - 4), y = number(side - 4), width = 1 + number(4),
                      height = 1 + number(4);
            boxes.push_back({double(x), double(y), double(x + width), double(y + height)});
            for (int row = y; row < y + height; ++row)
                for (int col = x; col < x + width; ++col)
                    covered[static_cast<std::size_t>(row * side + col)] = true;
        }
        CHECK(covered_area(boxes) == Approx(std::count(covered.begin(), covered.end(), true)));
    }
}
