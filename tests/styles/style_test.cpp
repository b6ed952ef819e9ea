// SPDX-License-Identifier: Apache-2.0
#include "styles/style.hpp"
#include "tests/support/failure_text.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <limits>
#include <vector>

using namespace ardoise;
using Catch::Contains;
using test::failure_text;

namespace {

Style parse(std::string const& text)
{
    return parse_style({text, "s.json"});
}

std::string palette(std::string const& options)
{
    return R"({"identifier":"p","title":"P","palette":{)" + options +
           R"("colours":[{"value":0,"red":0,"green":0,"blue":0,"alpha":0},)"
           R"({"value":10,"red":100,"green":50,"blue":200,"alpha":255}]}})";
}

std::array<int, 4> colour_of(Style const& style, float value)
{
    MaskedRaster one{{1, 1, 1, SampleType::float32}};
    one.pixels.row<float>(0)[0] = value;
    auto const picture = apply(style, std::move(one)).pixels;
    auto const* c = picture.row(0);
    return {c[0], c[1], c[2], picture.shape().channels == 4 ? c[3] : 255};
}

} // namespace

TEST_CASE("a stepped palette holds each colour up to the next value")
{
    auto const style = parse(palette(""));
    CHECK(colour_of(style, -5) == std::array{0, 0, 0, 0});
    CHECK(colour_of(style, 9.99F) == std::array{0, 0, 0, 0});
    CHECK(colour_of(style, 10) == std::array{100, 50, 200, 255});
    CHECK(colour_of(style, 1e9F) == std::array{100, 50, 200, 255});
}

TEST_CASE("a continuous palette mixes neighbours, colour and alpha each for itself")
{
    CHECK(colour_of(parse(palette(R"("rgb_continuous":true,)")), 5) == std::array{50, 25, 100, 0});
    CHECK(colour_of(parse(palette(R"("alpha_continuous":true,)")), 5) == std::array{0, 0, 0, 128});
    CHECK(colour_of(parse(palette(R"("rgb_continuous":true,"alpha_continuous":true,)")), 2) ==
          std::array{20, 10, 40, 51});
}

TEST_CASE("what is no number has no colour, and nothing is drawn there")
{
    for (auto const* opaque : {"", R"("no_alpha":true,)"}) {
        MaskedRaster values{{3, 1, 1, SampleType::float32}};
        values.validity = {};
        values.pixels.row<float>(0)[1] = std::numeric_limits<float>::quiet_NaN();
        auto const picture = apply(parse(palette(opaque)), std::move(values));
        REQUIRE_FALSE(picture.validity.empty());
        CHECK(std::vector<int>{picture.validity.row(0), picture.validity.row(0) + 3} ==
              std::vector{255, 0, 255});
    }
    MaskedRaster grey{{1, 1, 1, SampleType::float32}};
    grey.validity = {};
    grey.pixels.row<float>(0)[0] = std::numeric_limits<float>::quiet_NaN();
    CHECK(apply(normal_style(), std::move(grey)).validity.row(0)[0] == 0);
}

TEST_CASE("a palette without alpha makes three channels")
{
    MaskedRaster values{{2, 2, 1, SampleType::uint8}};
    CHECK(apply(parse(palette(R"("no_alpha":true,)")), std::move(values)).pixels.shape().channels == 3);
}

TEST_CASE("bytes, 16 bits and float get the same colours")
{
    auto const style = parse(palette(R"("rgb_continuous":true,)"));
    for (int value = 0; value < 12; ++value) {
        MaskedRaster bytes{{1, 1, 1, SampleType::uint8}}, words{{1, 1, 1, SampleType::uint16}};
        bytes.pixels.row(0)[0] = static_cast<std::uint8_t>(value);
        words.pixels.row<std::uint16_t>(0)[0] = static_cast<std::uint16_t>(value);
        auto const expected = colour_of(style, static_cast<float>(value));
        CHECK(apply(style, std::move(bytes)).pixels.row(0)[2] == expected[2]);
        CHECK(apply(style, std::move(words)).pixels.row(0)[2] == expected[2]);
    }
}

TEST_CASE("the normal style changes no byte and shows the upper half of 16 bits")
{
    MaskedRaster bytes{{2, 1, 3, SampleType::uint8}};
    bytes.pixels.row(0)[4] = 99;
    CHECK(apply(normal_style(), std::move(bytes)).pixels.row(0)[4] == 99);
    MaskedRaster words{{1, 1, 1, SampleType::uint16}};
    words.pixels.row<std::uint16_t>(0)[0] = 0x1234;
    CHECK(apply(normal_style(), std::move(words)).pixels.row(0)[0] == 0x12);
    MaskedRaster floats{{1, 1, 1, SampleType::float32}};
    floats.pixels.row<float>(0)[0] = 1e9F;
    CHECK(apply(normal_style(), std::move(floats)).pixels.row(0)[0] == 255);
}

TEST_CASE("the shipped elevation style goes from green to white, and fits one channel")
{
    CHECK_FALSE(misfit(elevation_style(), 1, SampleType::float32));
    CHECK(misfit(elevation_style(), 3, SampleType::uint8));
    CHECK_FALSE(misfit(normal_style(), 4, SampleType::uint8));
    CHECK(colour_of(elevation_style(), 5000) == std::array{255, 255, 255, 255});
    auto const plain = colour_of(elevation_style(), 20);
    CHECK(plain[1] > plain[0]);
    CHECK(plain[1] > plain[2]);
}

TEST_CASE("a style file that is wrong is refused by its field")
{
    struct {
        char const *text, *said;
    } const rows[] = {
        {"{}", "identifier"},
        {R"({"identifier":"a"})", "title"},
        {R"({"identifier":"a,b","title":"A"})", "identifier: expected a name of letters"},
        {R"({"identifier":"default","title":"A"})", "other than"},
        {R"({"identifier":"a","title":"A","palette":{}})", "colours"},
        {R"({"identifier":"a","title":"A","palette":{"colours":[]}})", "colours: is empty"},
        {R"({"identifier":"a","title":"A","palette":{"colours":[{"value":1,"red":256,"green":0,"blue":0,"alpha":0}]}})",
         "colours[0].red"},
        {R"({"identifier":"a","title":"A","palette":{"colours":[{"value":2,"red":1,"green":0,"blue":0,"alpha":0},)"
         R"({"value":1,"red":1,"green":0,"blue":0,"alpha":0}]}})",
         "rising"},
        {R"({"identifier":"a","title":"A","estompage":{"zenit":3}})", "the nearest is \"zenith\""},
        {R"({"identifier":"a","title":"A","estompage":{"zenith":91}})", "estompage.zenith"},
        {R"({"identifier":"a","title":"A","estompage":{},"pente":{}})", "one treatment"},
        {R"({"identifier":"a","title":"A","normalised_difference":{"a":1,"b":2}})", "palette"},
        {R"({"identifier":"a","title":"A","bands":[1,2]})", "bands"}};
    for (auto const& [text, said] : rows)
        CHECK_THAT(failure_text([&] { parse(text); }), Contains(said));
}
