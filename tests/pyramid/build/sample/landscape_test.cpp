// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/sample/landscape.hpp"

#include <catch2/catch.hpp>

using namespace ardoise::sample;

TEST_CASE("the way from plan to ground and back is exact")
{
    Landscape const land{1};
    for (double u = -5000; u < 5000; u += 777)
        for (double v = -5000; v < 5000; v += 777) {
            Point const back = land.to_plan(land.to_ground(Point{u, v}));
            CHECK(back.x == Approx(u).margin(1e-6));
            CHECK(back.y == Approx(v).margin(1e-6));
        }
}

TEST_CASE("the river is level from bank to bank, lies below them and falls downstream")
{
    for (std::uint64_t const seed : {1U, 2U, 99U}) {
        Landscape const land{seed};
        for (double v = -3000; v < 3000; v += 97) {
            auto const height = [&](double from_middle) {
                return static_cast<double>(
                    land.height(land.to_ground(Point{Landscape::river_middle + from_middle, v})));
            };
            double const half = land.river_half_width(v);
            CHECK(half > 25);
            CHECK(half < Landscape::quay_offset - 15);
            CHECK(height(-half * 0.98) == Approx(height(half * 0.98)).margin(1e-6));
            CHECK(height(half + 16) > height(0) + 2.5);
            CHECK(height(-half - 16) > height(0) + 2.5);
            CHECK(land.water_level(v) < land.water_level(v + 97));
        }
    }
}

TEST_CASE("a town lies around the heart and fields further out")
{
    Landscape const land{1};
    CHECK(land.density({40, 0}) > 0.8);
    int fields = 0;
    for (int i = 0; i < 100; ++i)
        fields += land.density({20000.0 + 131 * i, 777.0 * i}) < 0.1;
    CHECK(fields > 30);
    CHECK(fields < 95);
}
