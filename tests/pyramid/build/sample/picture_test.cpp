// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/sample/city.hpp"
#include "pyramid/build/sample/paint.hpp"

#include "pyramid/raster/codec.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>

using namespace ardoise;
using namespace ardoise::sample;

namespace {

City const city{1};
Textures const textures{1};

Window window_around(Point metres, std::int32_t side)
{
    return {static_cast<std::int32_t>(std::lround(metres.x * 20)) - side / 2,
            static_cast<std::int32_t>(std::lround(-metres.y * 20)) - side / 2, side, side};
}

Raster picture_of(Window window, int year)
{
    Box const ground{window.x / 20.0, -(window.y + window.height) / 20.0, (window.x + window.width) / 20.0,
                     -window.y / 20.0};
    return paint(city.scene(ground, year), textures, city.light(year), window);
}

double ndvi(Raster const& picture)
{
    double red = 0, infrared = 0;
    for (std::int32_t y = 0; y < picture.shape().height; ++y)
        for (std::int32_t x = 0; x < picture.shape().width; ++x) {
            red += picture.row(y)[4 * x];
            infrared += picture.row(y)[4 * x + 3];
        }
    return (infrared - red) / (infrared + red);
}

Raster without_infrared(Raster const& picture)
{
    Raster rgb{{picture.shape().width, picture.shape().height, 3, SampleType::uint8}};
    for (std::int32_t y = 0; y < rgb.shape().height; ++y)
        for (std::int32_t x = 0; x < rgb.shape().width; ++x)
            std::memcpy(rgb.row(y) + 3 * x, picture.row(y) + 4 * x, 3);
    return rgb;
}

/// The mean of one band over squares of 2 m.
std::vector<double> coarse(Raster const& picture, int band)
{
    constexpr std::int32_t square = 40;
    std::vector<double> means;
    for (std::int32_t y0 = 0; y0 + square <= picture.shape().height; y0 += square)
        for (std::int32_t x0 = 0; x0 + square <= picture.shape().width; x0 += square) {
            double sum = 0;
            for (std::int32_t i = 0; i < square * square; ++i)
                sum += picture.row(y0 + i / square)[4 * (x0 + i % square) + band];
            means.push_back(sum / (square * square));
        }
    return means;
}

} // namespace

TEST_CASE("neighbours have no seam: two windows show the pixels of the one they make up")
{
    // Places with houses, water, trees and fields; the parts come from scenes of their own.
    for (Point const place : {Point{-80, 10}, {60, 40}, {250, -260}, {-600, 500}, {700, 650}}) {
        Window const whole = window_around(place, 480);
        Raster const expected = picture_of(whole, 2022);
        for (int part = 0; part < 4; ++part) {
            std::int32_t const x = part % 2 * 240, y = part / 2 * 240;
            Raster const quarter = picture_of({whole.x + x, whole.y + y, 240, 240}, 2022);
            for (std::int32_t row = 0; row < 240; ++row)
                REQUIRE(std::memcmp(quarter.row(row), expected.row(y + row) + 4 * x, 240 * 4) == 0);
        }
    }
}

TEST_CASE("near infrared is bright on grass and trees, dark on water and in between on the town")
{
    StreetPlan const streets{city.land()};
    Point const park =
        city.land().to_ground(centroid(streets.quarter(1, -2).blocks[0].outline) + Point{-35, -35});
    Point const river = city.land().to_ground(Point{Landscape::river_middle, 60});
    CHECK(ndvi(picture_of(window_around(park, 500), 2022)) > 0.2);
    CHECK(ndvi(picture_of(window_around(river, 500), 2022)) < -0.3);
    double const town = ndvi(picture_of(window_around({60, 20}, 1500), 2022));
    CHECK(town > -0.25);
    CHECK(town < 0.15);
}

TEST_CASE("years differ in some places and agree in most")
{
    std::size_t squares = 0, changed = 0;
    for (Point const place : {Point{60, 40}, {250, -260}, {-420, 40}, {-300, 330}, {420, 430}, {560, -80}}) {
        Window const window = window_around(place, 800);
        auto const before = coarse(picture_of(window, 2005), 1), after = coarse(picture_of(window, 2022), 1);
        squares += before.size();
        for (std::size_t i = 0; i < before.size(); ++i)
            changed += std::abs(before[i] - after[i]) > 30;
    }
    double const share = static_cast<double>(changed) / static_cast<double>(squares);
    INFO("share of squares that changed: " << share);
    CHECK(share > 0.01);
    CHECK(share < 0.3);
}

TEST_CASE("the field west of the river becomes a stadium in 2009")
{
    StreetPlan const streets{city.land()};
    Point const field = city.land().to_ground(centroid(streets.quarter(-3, 0).blocks[0].outline));
    auto const mean = [&](int year) {
        auto const squares = coarse(picture_of(window_around(field, 400), year), 3);
        double sum = 0;
        for (double const square : squares)
            sum += square;
        return sum / static_cast<double>(squares.size());
    };
    CHECK(std::abs(mean(2010) - mean(2022)) < 20);
    CHECK(std::abs(mean(2005) - mean(2022)) > 25);
}

TEST_CASE("another seed is another city")
{
    City const other{2};
    Window const window = window_around({60, 40}, 256);
    Box const ground{window.x / 20.0, -(window.y + 256) / 20.0, (window.x + 256) / 20.0, -window.y / 20.0};
    Raster const here = picture_of(window, 2022);
    Raster const there = paint(other.scene(ground, 2022), Textures{2}, other.light(2022), window);
    CHECK_FALSE(std::equal(here.bytes().begin(), here.bytes().end(), there.bytes().begin()));
}

TEST_CASE("tiles weigh what those of real orthophotos do as JPEG of quality 85")
{
    double total = 0;
    int tiles = 0;
    for (int row = -5; row <= 5; ++row)
        for (int column = -5; column <= 5; ++column, ++tiles) {
            Raster const picture = picture_of(window_around({column * 131.0, row * 127.0}, 256), 2022);
            total += static_cast<double>(jpeg::encode(without_infrared(picture).view(), 85).size());
        }
    INFO("mean weight: " << total / tiles);
    CHECK(total / tiles > 8000);
    CHECK(total / tiles < 20000);
}

TEST_CASE("no picture is flat or burnt out")
{
    for (Point const place : {Point{60, 40}, {-170, 0}, {700, 650}}) {
        Raster const picture = picture_of(window_around(place, 256), 2005);
        for (int band = 0; band < 4; ++band) {
            std::size_t white = 0;
            std::array<bool, 256> seen{};
            for (std::int32_t i = 0; i < 256 * 256; ++i) {
                auto const value = picture.row(i / 256)[4 * (i % 256) + band];
                white += value == 255;
                seen[value] = true;
            }
            CHECK(std::count(seen.begin(), seen.end(), true) > 12);
            CHECK(white < 256 * 256 / 20);
        }
    }
}
