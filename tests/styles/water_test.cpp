// SPDX-License-Identifier: Apache-2.0
#include "styles/style.hpp"
#include "styles/water.hpp"
#include "tests/support/failure_text.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

#include <fmt/format.h>

using namespace ardoise;
using Catch::Contains;
using test::failure_text;

namespace {

std::string const palette = R"("palette":{"colours":[{"value":0,"red":1,"green":2,"blue":3,"alpha":200}]})";

Style water(std::string const& block)
{
    return parse_style(
        {fmt::format(R"({{"identifier":"w","title":"W","water":{{{}}},{}}})", block, palette), "w.json"});
}

std::string const maine =
    R"("gauge":{"name":"Maine","zero":13.2,"levels":[{"name":"1995 flood","value":6.66}]},"range":[1,8],"datum":"gauge")";

/// Heights and flood levels, side by side.
MaskedRaster terrain(std::vector<std::pair<float, float>> const& pixels)
{
    MaskedRaster made{{static_cast<std::int32_t>(pixels.size()), 1, 2, SampleType::float32}};
    auto* to = made.pixels.row<float>(0);
    for (std::size_t i = 0; i < pixels.size(); ++i) {
        *to++ = pixels[i].first;
        *to++ = pixels[i].second;
        made.validity.row(0)[i] = 255;
    }
    return made;
}

} // namespace

TEST_CASE("what is lower than the water and reached by it is as deep as it lies below")
{
    auto made = terrain({{2, 2}, {2, 6}, {5, 5}, {7, 7}, {1, 5}, {0, 99999}});
    made.validity.row(0)[4] = 0;
    auto const depths = depth_below({5}, made.view());
    std::vector<float> const depth{depths.pixels.row<float>(0), depths.pixels.row<float>(0) + 6};
    std::vector<int> const wet{depths.validity.row(0), depths.validity.row(0) + 6};
    CHECK(depth == std::vector<float>{3, 0, 0, 0, 0, 0});
    CHECK(wet == std::vector<int>{255, 0, 0, 0, 0, 0});
}

TEST_CASE("terrain without masks is data everywhere")
{
    auto made = terrain({{2, 2}, {9, 9}});
    made.validity = {};
    auto const depths = depth_below({5}, made.view());
    CHECK(depths.validity.row(0)[0] == 255);
    CHECK(depths.validity.row(0)[1] == 0);
}

TEST_CASE("a style of water draws its default: depths by the palette, nothing where it is dry")
{
    auto const style = water(maine + R"(,"default":2)");
    REQUIRE(style.water);
    CHECK_FALSE(may_be_blended(style));
    auto const picture = apply(style, terrain({{15, 15}, {15.3F, 15.3F}}));
    CHECK(picture.pixels.shape().channels == 4);
    CHECK(picture.pixels.row(0)[3] == 200);
    CHECK(picture.validity.row(0)[0] == 255); // 13.2 + 2 is above 15
    CHECK(picture.validity.row(0)[1] == 0);
}

TEST_CASE("levels go from the lowest to the highest by steps, with those that have names among them")
{
    CHECK(levels_of(*water(R"("range":[1,2],"step":0.3)").water) == std::vector<double>{1, 1.3, 1.6, 1.9, 2});
    auto const levels = levels_of(*water(maine).water);
    CHECK(levels.size() == 72);
    CHECK(std::count(levels.begin(), levels.end(), 6.66) == 1);
    CHECK(level_text(levels[3]) == "1.3");
    for (auto const level : levels_of(*water(R"("range":[-1,1],"step":0.1)").water))
        CHECK(level_text(level) != "-0");
    CHECK(level_text(-0.0001) == "0");
}

TEST_CASE("a style that is kept once a level is no longer than there is room for that")
{
    std::string names;
    for (int i = 0; i < 2000; ++i)
        names += fmt::format(R"({}{{"name":"n{}","value":{}}})", i == 0 ? "" : ",", i, i / 1000.0);
    CHECK_THAT(failure_text([&] { water(R"("range":[0,5],"gauge":{"name":"M","levels":[)" + names + "]}"); }),
               Contains("w.json: is kept once for each water level, and may have 32768 bytes"));
}

TEST_CASE("zero has no sign")
{
    WaterScale scale;
    scale.lowest = -29;
    scale.highest = 1;
    scale.step = 0.29;
    auto const levels = levels_of(scale);
    auto const zero = std::find(levels.begin(), levels.end(), 0.0);
    REQUIRE(zero != levels.end());
    CHECK(level_text(*zero) == "0");
    CHECK(level_text(-0.0001) == "0");
}

TEST_CASE("a gauge's heights are stated above its zero, or in the heights' own system")
{
    auto const above_zero = *water(maine).water;
    CHECK(above_zero.height_of(6.66) == Approx(19.86));
    CHECK(above_zero.level_of_reading(2) == 2);
    auto const own =
        *water(
             R"("gauge":{"name":"M","zero":13.2,"levels":[{"name":"flood","value":6.66}]},"range":[14,22],"datum":"NGF")")
             .water;
    CHECK(own.height_of(15) == 15);
    CHECK(own.named.front().value == Approx(19.86));
    CHECK(own.level_of_reading(2) == Approx(15.2));
}

TEST_CASE("water is for two channels of float")
{
    auto const style = water(R"("range":[0,5])");
    CHECK_FALSE(misfit(style, 2, SampleType::float32));
    for (auto const channels : {1, 3, 4})
        CHECK_THAT(*misfit(style, channels, SampleType::float32), Contains("ardoise flood"));
    CHECK(misfit(style, 2, SampleType::uint16));
}

TEST_CASE("a style of water that is wrong is refused by its field")
{
    struct {
        std::string text, said;
    } const rows[] = {
        {R"("step":1)", "range"},
        {R"("range":[5,1])", "water.range: expected the lowest level and the highest"},
        {R"("range":[0,5,9])", "water.range"},
        {R"("range":[0,5],"step":0)", "expected a step of 0.001 or more"},
        {R"("range":[0,50],"step":0.01)", "1000 of them"},
        {R"("range":[0,5],"default":6)", "water.default: lies beside the range"},
        {R"("range":[0,5],"datum":"IGN")", "water.datum"},
        {R"("range":[0,5],"datum":"gauge")", "none is described"},
        {R"("range":[0,5],"gauge":{"zero":1})", "water.gauge: has no \"name\""},
        {R"("range":[0,5],"gauge":{"name":"M","levels":[{"name":"a","value":9}]})",
         "levels[0].value: lies beside the range, at 9"},
        {R"("range":[0,5],"gauge":{"name":"M","levels":[{"name":"4.5","value":3}]})", "levels[0].name"},
        {R"("range":[0,5],"gauge":{"name":"M","levels":[{"name":"current","value":3}]})", "levels[0].name"},
        {R"("range":[0,5],"gauge":{"name":"M","levels":[{"name":"Default","value":3}]})", "levels[0].name"},
        {R"("range":[0,5],"gauge":{"name":"M","levels":[{"name":"a","value":3},{"name":"A","value":4}]})",
         "levels[1].name: stands there twice"},
        {R"("range":[0,5],"gauge":{"name":"M","levels":[{"name":"a/b","value":3}]})", "levels[0].name"},
        {R"("range":[0,5],"gauge":{"name":"M","levels":[{"name":"Current","value":3}]})", "levels[0].name"},
        {R"("range":[0,99999],"step":100)", "water.range: reaches 99999 m"},
        {R"("range":[0,9],"datum":"gauge","gauge":{"name":"M","zero":99990})",
         "water.range: reaches 99999 m"},
        {R"("range":[0,5],"current":{"file":"../maine.txt"})", "water.current.file"},
        {R"("range":[0,5],"current":{"file":"maine.json"})", "water.current.file"},
        {R"("range":[0,5],"current":{"file":"maine.txt","hours":0})", "water.current.hours"},
        {R"("range":[0,5],"gage":{})", "the nearest is \"gauge\""}};
    for (auto const& [text, said] : rows)
        CHECK_THAT(failure_text([&] { water(text); }), Contains(said));
    CHECK_THAT(failure_text([] {
                   parse_style({R"({"identifier":"w","title":"W","water":{"range":[0,5]}})", "w.json"});
               }),
               Contains("water needs a palette"));
}
