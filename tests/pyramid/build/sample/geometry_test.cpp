// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/sample/geometry.hpp"
#include "pyramid/build/sample/light.hpp"
#include "pyramid/build/sample/noise.hpp"

#include <catch2/catch.hpp>

using namespace ardoise::sample;

namespace {

Polygon const square{{0, 0}, {10, 0}, {10, 10}, {0, 10}};

} // namespace

TEST_CASE("a square loses its edges by an inset and vanishes by a deep one")
{
    CHECK(area(square) == Approx(100));
    CHECK(area(inset(square, 2)) == Approx(36));
    CHECK(inset(square, 5.5).empty());
    CHECK(area(inset_corner_by_corner(square, 2)) == Approx(36));
    CHECK(inset_corner_by_corner(square, 5.5).empty());
    CHECK(width_of(square) == Approx(10));
}

TEST_CASE("the two sides of a cut make the whole")
{
    Point const on{3, 4}, across = direction({2, 1});
    Polygon const one = clipped(square, on, across), other = clipped(square, on, across * -1);
    CHECK(area(one) + area(other) == Approx(100));
    CHECK(contains(one, on + across));
    CHECK_FALSE(contains(other, on + across));
    CHECK(clipped(square, {20, 0}, {1, 0}).empty());
}

TEST_CASE("rounded corners stay inside and short sides are left out")
{
    Polygon const round = rounded(square, 3);
    CHECK(area(round) < 100);
    CHECK(area(round) > 90);
    for (Point const p : round)
        CHECK(contains(square, p));
    CHECK(simplified({{0, 0}, {10, 0}, {10, 0.5}, {10, 10}, {0, 10}}, 1).size() == 4);
}

TEST_CASE("the same hash throws the same dice, another one others")
{
    Dice one{hash_of(7, 3, 4)}, same{hash_of(7, 3, 4)}, other{hash_of(7, 4, 3)};
    for (int i = 0; i < 100; ++i) {
        double const thrown = one.unit();
        CHECK(thrown == same.unit());
        CHECK(thrown != other.unit());
        CHECK(thrown >= 0);
        CHECK(thrown < 1);
    }
    CHECK(hash_of(1, -1) == hash_of(1, -1.5));
}

TEST_CASE("noise keeps within its range and has no steps")
{
    for (double x = -20; x < 20; x += 0.37) {
        double const here = fractal_noise(5, x, x / 3, 4);
        CHECK(std::abs(here) <= 1);
        CHECK(std::abs(here - fractal_noise(5, x + 1e-4, x / 3, 4)) < 0.01);
    }
}

TEST_CASE("shadows fall to the north and roofs are brighter towards the sun")
{
    for (int const year : {1999, 2005, 2012, 2022}) {
        Light const light = light_of(1, year);
        CHECK(light.shadow.y > 0);
        CHECK(length(light.shadow) == Approx(length(light.to_sun) / light.height_of_sun));
        CHECK(brightness(light, direction(light.to_sun), 0.8) > 1);
        CHECK(brightness(light, direction(light.to_sun) * -1, 0.8) < 0.8);
        CHECK(brightness(light, {1, 0}, 0) == Approx(1));
    }
}
