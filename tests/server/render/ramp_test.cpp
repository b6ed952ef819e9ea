// SPDX-License-Identifier: Apache-2.0
#include "server/render/ramp.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace ardoise;

namespace {

Palette blend(std::vector<PaletteColour> colours)
{
    return {.colours = std::move(colours), .rgb_continuous = true, .alpha_continuous = true};
}

Ramp ramp(std::vector<PaletteColour> colours, std::optional<ValueSpan> span = {})
{
    return ramp_of(blend(std::move(colours)), span).value();
}

/// Grey from the first value to the last.
Ramp grey(double low, double high)
{
    return ramp({{low, 0, 0, 0, 255}, {high, 255, 255, 255, 255}});
}

std::vector<std::string> labels(Ramp const& ramp, int most, Language language = Language::english)
{
    std::vector<std::string> texts;
    for (auto const& tick : ticks_of(ramp, most, language))
        texts.push_back(tick.label);
    return texts;
}

using Texts = std::vector<std::string>;

} // namespace

TEST_CASE("ticks stand at round values, as many as there is room for")
{
    CHECK(labels(grey(0, 90), 7) == Texts{"0", "20", "40", "60", "80"});
    CHECK(labels(grey(0, 90), 9) == Texts{"0", "10", "20", "30", "40", "50", "60", "70", "80", "90"});
    CHECK(labels(grey(-1, 1), 7) == Texts{"-1.0", "-0.5", "0.0", "0.5", "1.0"});
    CHECK(labels(grey(0.013, 0.047), 4) == Texts{"0.02", "0.03", "0.04"});
    CHECK(labels(grey(3, 4850), 5) == Texts{"1000", "2000", "3000", "4000"});
    CHECK(labels(grey(0, 0.3), 3) == Texts{"0.0", "0.1", "0.2", "0.3"});
    CHECK(labels(grey(0, 1), 2, Language::french) == Texts{"0,0", "0,5", "1,0"});
    auto const [place, label] = ticks_of(grey(10, 30), 2, Language::english).at(1);
    CHECK(label == "20");
    CHECK(place == Approx(0.5));
}

TEST_CASE("ticks are no nearer than they may be, for any span")
{
    for (double low : {-12000.0, -3.7, 0.0, 0.001, 77.7, 1e9})
        for (double length : {1e-5, 0.07, 1.0, 3.3, 99.9, 4850.0, 7e8})
            for (int const most : {5, 7, 20}) {
                INFO(low << " " << length << " " << most);
                auto const ticks = ticks_of(grey(low, low + length), most, Language::english);
                CHECK(ticks.size() >= 2);
                for (std::size_t i = 1; i < ticks.size(); ++i) {
                    CHECK(ticks[i].place - ticks[i - 1].place >= 1.0 / most - 1e-5);
                    CHECK(ticks[i].label != ticks[i - 1].label);
                }
            }
}

TEST_CASE("values that have no room for digits between them have few ticks")
{
    CHECK(ticks_of(grey(1e17, 1e17 + 64), 8, Language::english).size() <= 9);
    CHECK(ticks_of(grey(-1e300, 1e300), 8, Language::english).size() <= 9);
    CHECK(ticks_of(grey(0, 1e-300), 8, Language::english).size() <= 9);
}

TEST_CASE("a unit stands behind each value")
{
    auto slope = grey(0, 90);
    slope.unit = std::string{"%"};
    CHECK(labels(slope, 2) == Texts{"0%", "50%"});
    CHECK(labels(slope, 2, Language::french) == Texts{"0\xc2\xa0%", "50\xc2\xa0%"});
}

TEST_CASE("directions have the points of the compass, and light has words")
{
    auto aspect = grey(0, 360);
    aspect.labels = RampLabels::compass;
    CHECK(labels(aspect, 8) == Texts{"N", "NE", "E", "SE", "S", "SW", "W", "NW", "N"});
    CHECK(labels(aspect, 7, Language::french) == Texts{"N", "E", "S", "O", "N"});
    auto light = grey(0, 255);
    light.labels = RampLabels::light;
    CHECK(labels(light, 9) == Texts{"shade", "light"});
    CHECK(labels(light, 9, Language::french) == Texts{"ombre", "lumière"});
}

TEST_CASE("values that lie unevenly stand at equal distances, with ticks of their own")
{
    auto const heights = ramp({{-50, 0, 0, 9, 255},
                               {0, 0, 9, 0, 255},
                               {50, 9, 0, 0, 255},
                               {150, 9, 9, 0, 255},
                               {4800, 255, 255, 255, 255}});
    CHECK(heights.is_even);
    CHECK(labels(heights, 7) == Texts{"-50", "0", "50", "150", "4800"});
    CHECK(labels(heights, 2) == Texts{"-50", "50", "4800"});
    CHECK(heights.places == std::vector<double>{0, 0.25, 0.5, 0.75, 1});
    CHECK_FALSE(ramp({{0, 0, 0, 0, 255}, {1, 9, 9, 9, 255}, {2, 8, 8, 8, 255}, {5, 7, 7, 7, 255}}).is_even);
}

TEST_CASE("a ramp has what can be and what is seen, and no end of one colour that hides the rest")
{
    // As ROK4's hypsometric tints begin: no data, then a colour for what must not be.
    auto const tints = ramp({{-99999, 255, 255, 255, 0},
                             {-99998.1, 255, 255, 255, 0},
                             {-99998, 255, 0, 255, 255},
                             {-501, 255, 0, 255, 255},
                             {-500, 0, 0, 150, 255},
                             {-15, 0, 40, 255, 255},
                             {0, 60, 100, 230, 255},
                             {0.01, 60, 150, 100, 255},
                             {600, 220, 180, 100, 255},
                             {3000, 255, 255, 255, 255},
                             {9000, 255, 255, 255, 255},
                             {9001, 255, 255, 255, 255}});
    CHECK(tints.colours.front().value == Approx(-501 - 0.2 * 3501));
    CHECK(tints.colours.back().value == Approx(3000 + 0.2 * 3501));
    CHECK(labels(tints, 9) == Texts{"-500", "-15", "0", "600", "3000"});

    auto const steep = ramp({{0, 255, 255, 255, 0},
                             {29, 255, 255, 255, 0},
                             {30, 242, 229, 0, 255},
                             {45, 200, 137, 187, 255},
                             {254, 200, 137, 187, 255}},
                            ValueSpan{0, 90});
    CHECK(steep.colours.front().value == 29);
    CHECK(steep.colours.back().value == Approx(45 + 0.2 * 16));

    auto const north =
        ramp({{-1, 9, 9, 9, 0}, {0, 0, 0, 0, 255}, {400, 255, 255, 255, 255}}, ValueSpan{0, 360});
    CHECK(north.colours.front().value == 0);
    CHECK(north.colours.back().value == 360);
    CHECK(int{north.colours.back().red} == 230);
}

TEST_CASE("what does not blend has no ramp")
{
    std::vector<PaletteColour> const two{{0, 0, 0, 0, 255}, {1, 9, 9, 9, 255}};
    CHECK_FALSE(ramp_of({.colours = two}, {}));
    CHECK_FALSE(ramp_of(blend({two.front()}), {}));
    CHECK_FALSE(ramp_of(blend({two.front(), two.front()}), {}));
    auto const most = std::numeric_limits<double>::max();
    CHECK_FALSE(ramp_of(blend({{-most, 0, 0, 0, 255}, {most, 9, 9, 9, 255}}), {}));
    CHECK_FALSE(ramp_of(blend({{0, 0, 0, 0, 255}, {5e-324, 9, 9, 9, 255}}), {}));
    CHECK_FALSE(ramp_of(blend(two), ValueSpan{0, 1e-310}));
    CHECK(ramp_of(blend(two), ValueSpan{5, 9})); // beside all that there can be: as it is
}

TEST_CASE("a ramp has a length, however little of its palette is seen")
{
    std::vector<PaletteColour> const palettes[] = {
        {{0, 0, 0, 0, 0}, {5, 0, 0, 0, 0}, {5, 9, 9, 9, 255}},
        {{5, 9, 9, 9, 255}, {5, 0, 0, 0, 0}, {9, 0, 0, 0, 0}},
        {{0, 0, 0, 0, 0}, {5, 0, 0, 0, 0}, {9, 0, 0, 0, 0}},
        {{0, 1, 1, 1, 255}, {0, 1, 1, 1, 255}, {5, 1, 1, 1, 255}, {5, 1, 1, 1, 255}}};
    for (auto const& palette : palettes) {
        auto const found = ramp(palette);
        CHECK(found.colours.front().value < found.colours.back().value);
        CHECK(found.places.front() == 0);
        CHECK(found.places.back() == 1);
        CHECK(ticks_of(found, 8, Language::english).size() >= 2);
    }
}

TEST_CASE("colours between stops are those of the palette")
{
    Palette const palettes[] = {
        blend({{0, 0, 0, 0, 0}, {1, 200, 100, 50, 255}, {1, 9, 9, 9, 255}, {4, 250, 250, 250, 100}}),
        {.colours = {{0, 0, 0, 0, 255}, {2, 200, 100, 50, 55}, {4, 0, 250, 250, 155}},
         .rgb_continuous = true},
        {.colours = {{0, 0, 0, 0, 255}, {2, 200, 100, 50, 55}, {4, 0, 250, 250, 155}},
         .alpha_continuous = true}};
    for (auto const& palette : palettes) {
        auto const stops = stops_of(ramp_of(palette, {}).value());
        for (double value = 0.01; value < 4; value += 0.1) {
            INFO(value);
            auto const seen = colour_at(stops, value / 4), expected = colour_at(palette, value);
            CHECK(seen.red == Approx(expected.red).margin(1));
            CHECK(seen.green == Approx(expected.green).margin(1));
            CHECK(seen.alpha == Approx(expected.alpha).margin(1));
        }
    }
}
