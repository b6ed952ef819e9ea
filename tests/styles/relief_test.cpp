// SPDX-License-Identifier: Apache-2.0
#include "styles/relief.hpp"

#include "styles/relief_loops.hpp"
#include "styles/style.hpp"
#include "tests/support/failure_text.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <vector>

using namespace ardoise;
using Catch::Contains;
using test::failure_text;

namespace {

constexpr float no_data = -99999;

MaskedRaster ground_of(std::int32_t side, std::function<double(int, int)> const& height)
{
    MaskedRaster heights;
    heights.pixels = Raster{{side, side, 1, SampleType::float32}};
    for (std::int32_t y = 0; y < side; ++y)
        for (std::int32_t x = 0; x < side; ++x)
            heights.pixels.row<float>(y)[x] = static_cast<float>(height(x, y));
    return heights;
}

/// Falls to the south-west: 3 m for each 4 m to the east and for each 4 m to the north.
MaskedRaster plane(std::int32_t side = 7)
{
    return ground_of(side, [](int x, int y) { return 100 + 0.75 * x - 0.75 * y; });
}

Ground const framed{.margin = 1, .rows = {}};

/// Half of it flat, half rough, with gaps.
std::vector<float> rough_row(std::size_t count, unsigned seed)
{
    std::mt19937 random{seed};
    std::uniform_real_distribution<float> draw{-40, 90};
    std::vector<float> row(count, 12);
    for (std::size_t i = count / 2; i < count; ++i)
        row[i] = i % 17 == 0 ? std::numeric_limits<float>::quiet_NaN() : draw(random);
    return row;
}

Style parse(std::string const& body)
{
    return parse_style({R"({"identifier":"a","title":"A",)" + body + "}", "s.json"});
}

} // namespace

TEST_CASE("a plane has its slope, its aspect and its light, whatever the method")
{
    for (auto const method : {GradientMethod::horn, GradientMethod::zevenbergen_thorne}) {
        auto const heights = plane();
        double const rise = 0.75 * std::sqrt(2.0), degree = 3.14159265358979 / 180;
        auto const steep = slope({.method = method}, heights.view(), framed);
        CHECK(steep.pixels.shape() == RasterShape{5, 5, 1, SampleType::float32});
        CHECK(steep.validity.empty());
        CHECK(steep.pixels.row<float>(2)[2] == Approx(std::atan(rise) / degree).epsilon(1e-6));
        CHECK(slope({.method = method, .in_percent = true, .highest = 1000}, heights.view(), framed)
                  .pixels.row<float>(0)[4] == Approx(100 * rise));
        CHECK(slope({.method = method, .highest = 30}, heights.view(), framed).pixels.row<float>(1)[1] == 30);
        CHECK(aspect({.method = method}, heights.view(), framed).pixels.row<float>(3)[1] == Approx(225));
        auto const faces_sun =
            hillshade({.method = method, .altitude = 90 - std::atan(rise) / degree, .azimuth = 225},
                      heights.view(), framed);
        CHECK(int{faces_sun.pixels.row(2)[2]} == 255);
        CHECK(int{hillshade({.method = method, .altitude = 20, .azimuth = 45}, heights.view(), framed)
                      .pixels.row(2)[2]} == 1);
    }
}

TEST_CASE("pixels of other sizes, and heights that are multiplied, change how steep it is")
{
    auto const heights = plane();
    Ground ground{.margin = 1, .rows = {}};
    for (int row = 0; row < 5; ++row)
        ground.rows.push_back({0.5 + row, 0.5 + row});
    auto const steep = slope({.in_percent = true, .highest = 1e6}, heights.view(), ground);
    for (int row = 0; row < 5; ++row)
        CHECK(steep.pixels.row<float>(row)[2] == Approx(75 * std::sqrt(2.0) / (0.5 + row)));
    auto const raised = hillshade({.z_factor = 1.5}, heights.view(), ground);
    auto higher = ground_of(7, [](int x, int y) { return 1.5 * (100 + 0.75 * x - 0.75 * y); });
    CHECK(std::equal(raised.pixels.bytes().begin(), raised.pixels.bytes().end(),
                     hillshade({}, higher.view(), ground).pixels.bytes().begin()));
}

TEST_CASE("aspects are clockwise from north, 360 and not 0, and level ground is flat")
{
    struct {
        double east, south, facing;
    } const rows[] = {{0, 1, 360},  {-1, 1, 45}, {-1, 0, 90}, {-1, -1, 135}, {0, -1, 180},
                      {1, -1, 225}, {1, 0, 270}, {1, 1, 315}, {0, 0, -1},    {0.001, 0, -1}};
    for (auto const& row : rows) {
        auto const heights = ground_of(3, [&](int x, int y) { return row.east * x + row.south * y; });
        CHECK(aspect({}, heights.view(), framed).pixels.row<float>(0)[0] == Approx(row.facing));
    }
}

TEST_CASE("a neighbour without data counts as the middle, and a middle without data is none")
{
    auto heights = plane();
    heights.pixels.row<float>(3)[4] = no_data;
    heights.pixels.row<float>(1)[1] = std::numeric_limits<float>::quiet_NaN();
    auto const lit = hillshade({}, heights.view(), framed);
    REQUIRE_FALSE(lit.validity.empty());
    for (int y = 0; y < 5; ++y)
        for (int x = 0; x < 5; ++x)
            CHECK((lit.validity.row(y)[x] == 0) == ((x == 3 && y == 2) || (x == 0 && y == 0)));
    auto const beside =
        slope({.method = GradientMethod::zevenbergen_thorne, .in_percent = true, .highest = 1e6},
              heights.view(), framed);
    CHECK(beside.pixels.row<float>(2)[2] == Approx(100 * std::hypot(0.375, 0.75)));
}

TEST_CASE("the share of a pixel that is data stays with it")
{
    auto heights = plane();
    heights.validity = full_validity(heights.pixels.shape());
    heights.validity.row(3)[3] = 70;
    heights.validity.row(2)[3] = 0;
    auto const lit = hillshade({}, heights.view(), framed);
    CHECK(int{lit.validity.row(2)[2]} == 70);
    CHECK(int{lit.validity.row(1)[2]} == 0);
    CHECK(int{lit.validity.row(3)[2]} == 255);
}

TEST_CASE("without a margin what lies beyond the heights is no data")
{
    auto const heights = plane();
    auto const whole =
        slope({.method = GradientMethod::zevenbergen_thorne, .in_percent = true, .highest = 1e6},
              heights.view(), {});
    CHECK(whole.pixels.shape().width == 7);
    CHECK(whole.pixels.row<float>(3)[3] == Approx(75 * std::sqrt(2.0)));
    CHECK(whole.pixels.row<float>(0)[0] == Approx(37.5 * std::sqrt(2.0)));
}

TEST_CASE("neighbours are as far away as the margin says")
{
    auto const heights = plane(12);
    auto const near = slope({}, heights.view(), framed),
               far = slope({}, heights.view(), {.margin = 4, .rows = {}});
    CHECK(far.pixels.shape().width == 4);
    CHECK(far.pixels.row<float>(1)[1] == Approx(near.pixels.row<float>(1)[1]));
}

TEST_CASE("rows of relief are the same bits on every processor")
{
    auto const here = this_processor(); // where it has no AVX2 these compare a loop with itself
    for (std::size_t const pixels : {1, 7, 8, 33, 300}) {
        std::vector<std::vector<float>> around;
        for (unsigned row = 0; row < 3; ++row)
            around.push_back(rough_row(pixels + 4, row));
        HeightRows const rows{around[0].data() + 2, around[1].data() + 2, around[2].data() + 2, 2};
        for (auto const method : {GradientMethod::horn, GradientMethod::zevenbergen_thorne}) {
            std::vector<float> east[2], south[2], values[2];
            std::vector<std::uint8_t> greys[2];
            for (int wide = 0; wide < 2; ++wide) {
                auto const processor = wide == 1 ? here : Processor::any;
                for (auto* numbers : {&east[wide], &south[wide], &values[wide]})
                    numbers->resize(pixels);
                greys[wide].resize(pixels);
                GradientRow const gradients{east[wide], south[wide]};
                take_gradients(processor, method, rows, 0.7, 1.3, gradients);
                std::vector<std::uint8_t> light_now(pixels);
                light(processor, {-0.5F, -0.5F, 0.7071F}, gradients, greys[wide]);
                light_from_four_sides(processor, 0.7071F, gradients, light_now);
                greys[wide].insert(greys[wide].end(), light_now.begin(), light_now.end());
                std::fill(light_now.begin(), light_now.end(), std::uint8_t{0});
                cover_lines(processor, {0.5F, 5, 1.2F}, rows, gradients, light_now);
                greys[wide].insert(greys[wide].end(), light_now.begin(), light_now.end());
                take_slope(processor, SlopeUnit::degrees, 90, gradients, values[wide]);
                auto facing = values[wide];
                take_aspect(processor, 0.1F, -1, gradients, facing);
                values[wide].insert(values[wide].end(), facing.begin(), facing.end());
            }
            CHECK(greys[0] == greys[1]);
            CHECK(values[0] == values[1]);
        }
    }
}

TEST_CASE("slopes and aspects are within a ten thousandth of a degree")
{
    double const degree = 3.14159265358979 / 180;
    std::vector<float> east, south;
    for (int i = 0; i < 3600; ++i) {
        double const angle = i * 0.1 * degree, rise = std::tan((i % 89 + 0.5) * degree);
        east.push_back(static_cast<float>(rise * std::sin(angle)));
        south.push_back(static_cast<float>(rise * std::cos(angle)));
    }
    std::vector<float> slopes(east.size()), aspects(east.size());
    take_slope(this_processor(), SlopeUnit::degrees, 90, {east, south}, slopes);
    take_aspect(this_processor(), 0, -1, {east, south}, aspects);
    double worst = 0;
    for (std::size_t i = 0; i < east.size(); ++i) {
        double const e = east[i], s = south[i], facing = std::atan2(-e, s) / degree;
        auto const turned = std::abs(aspects[i] - (facing > 0 ? facing : facing + 360));
        worst = std::max({worst, std::abs(slopes[i] - std::atan(std::hypot(e, s)) / degree),
                          std::min(turned, std::abs(turned - 360))});
    }
    CHECK(worst < 1e-4);
}

TEST_CASE("a shade leaves level ground its colour, and darkens and lightens slopes")
{
    auto const style = parse(
        R"("palette":{"no_alpha":true,"colours":[{"value":0,"red":200,"green":100,"blue":7,"alpha":255}]},)"
        R"("shade":{"zenith":45,"azimuth":225,"strength":0.5})");
    auto const lit_by = [&](double east) {
        auto heights = ground_of(3, [&](int x, int y) { return 50 + east * (x - y); });
        auto const picture = apply(style, std::move(heights), framed);
        CHECK(picture.pixels.shape() == RasterShape{1, 1, 3, SampleType::uint8});
        return picture.pixels.row(0)[0];
    };
    CHECK(int{lit_by(0)} == 200);
    CHECK(int{lit_by(0.5)} > 210);
    CHECK(int{lit_by(-0.5)} < 170);
    CHECK(int{lit_by(-50)} == 100); // half of it, in the deepest shade
}

TEST_CASE("contour lines run where heights are those of a line, and nowhere on level ground")
{
    auto const style = parse(R"("contours":{"interval":10,"base":1,"index":2,"colour":[9,8,7],"width":1})");
    auto const slanting = apply(style, ground_of(42, [](int x, int) { return x; }), framed);
    auto const& shape = slanting.pixels.shape();
    REQUIRE(shape.channels == 4);
    std::vector<int> alphas;
    for (std::int32_t x = 0; x < shape.width; ++x)
        alphas.push_back(slanting.pixels.row(5)[4 * x + 3]);
    for (int x = 1; x < shape.width - 1; ++x) { // the picture's pixel x is at height x + 1
        int const from_line = std::abs(x % 10 < 5 ? x % 10 : 10 - x % 10);
        bool const is_bold = (x + 5) / 10 % 2 == 0;
        CHECK(alphas[static_cast<std::size_t>(x)] == (from_line == 0              ? 255
                                                      : from_line == 1 && is_bold ? 128
                                                                                  : 0));
    }
    CHECK(int{slanting.pixels.row(5)[4 * 10]} == 9);
    auto const level = apply(style, ground_of(9, [](int, int) { return 11; }), framed);
    CHECK(int{level.pixels.row(3)[4 * 3 + 3]} == 0);
}

TEST_CASE("lines that crowd keep the tone of a quarter")
{
    auto const style = parse(R"("contours":{"interval":1,"index":0,"width":1})");
    auto const steep = apply(style, ground_of(60, [](int x, int) { return 1.7 * x; }), framed);
    double sum = 0;
    for (std::int32_t x = 0; x < 58; ++x)
        sum += steep.pixels.row(20)[4 * x + 3] / 255.0 / 58;
    CHECK(sum > 0.05);
    CHECK(sum < 0.3);
}

TEST_CASE("a hillshade, or a shade, lights another picture; nothing is lit where there is no height")
{
    auto heights = plane();
    heights.pixels.row<float>(3)[3] = no_data;
    MaskedRaster ortho;
    ortho.pixels = Raster{{5, 5, 3, SampleType::uint8}};
    std::fill(ortho.pixels.bytes().begin(), ortho.pixels.bytes().end(), std::byte{100});
    auto const style = parse(R"("estompage":{"azimuth":45})");
    CHECK(lights_pictures(style));
    CHECK_FALSE(lights_pictures(parse(R"("pente":{})")));
    auto const lit = drape(style, heights.view(), framed, std::move(ortho));
    CHECK(int{lit.pixels.row(2)[2 * 3]} == 100);
    CHECK(int{lit.pixels.row(0)[0]} < 60);
    CHECK(lit.validity.empty());
}

TEST_CASE("heights in colours are the nearest step, and at sea level where there are none")
{
    auto heights = ground_of(2, [](int x, int y) { return x == 1 && y == 1 ? -99999 : 123.46 + 4000 * y; });
    heights.validity = full_validity(heights.pixels.shape());
    heights.validity.row(0)[1] = 0;
    auto const picture = apply(parse(R"("terrainrgb":{})"), std::move(heights));
    CHECK(picture.validity.empty());
    auto const height_at = [&](int x, int y) {
        auto const* c = picture.pixels.row(y) + 3 * x;
        return -10000 + 0.1 * (65536 * c[0] + 256 * c[1] + c[2]);
    };
    CHECK(height_at(0, 0) == Approx(123.5));
    CHECK(height_at(0, 1) == Approx(4123.5));
    CHECK(height_at(1, 0) == Approx(0).margin(1e-6));
    CHECK(height_at(1, 1) == Approx(0).margin(1e-6));
}

TEST_CASE("blocks of relief that are wrong are refused by their field")
{
    struct {
        char const *body, *said;
    } const rows[] = {
        {R"("estompage":{"multidirectional":true,"azimuth":3})", "estompage.azimuth"},
        {R"("shade":{"strength":1.5})", "shade.strength"},
        {R"("shade":{"zenith":0})", "shade.zenith"},
        {R"("contours":{})", "interval"},
        {R"("contours":{"interval":0})", "contours.interval"},
        {R"("contours":{"interval":5,"width":9})", "contours.width"},
        {R"("contours":{"interval":5,"index":-1})", "contours.index"},
        {R"("contours":{"interval":5,"colour":[1,2]})", "contours.colour"},
        {R"("contours":{"interval":5},"terrainrgb":{})", "contours: would be read as heights"},
    };
    for (auto const& [body, said] : rows)
        CHECK_THAT(failure_text([&] { parse(body); }), Contains(said));
    CHECK(misfit(parse(R"("contours":{"interval":5})"), 3, SampleType::uint8));
    CHECK_FALSE(misfit(parse(R"("contours":{"interval":5})"), 1, SampleType::float32));
}
