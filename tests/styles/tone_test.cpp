// SPDX-License-Identifier: Apache-2.0
#include "styles/style.hpp"
#include "styles/tone.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <vector>

using namespace ardoise;

namespace {

template <typename Sample>
Raster row_of(std::vector<Sample> const& samples, SampleType type, std::int32_t channels = 1)
{
    Raster row{{static_cast<std::int32_t>(samples.size()) / channels, 1, channels, type}};
    std::copy(samples.begin(), samples.end(), row.row<Sample>(0));
    return row;
}

int shade_of(Tone const& tone, double value)
{
    return toned(tone, row_of<float>({static_cast<float>(value)}, SampleType::float32).view()).row(0)[0];
}

Style parse(std::string const& text)
{
    return parse_style({text, "s.json"});
}

} // namespace

TEST_CASE("a stretch makes low black and high white, and cuts what lies beyond")
{
    Tone const tone{.stretch = {{100, 200}}};
    CHECK(shade_of(tone, 100) == 0);
    CHECK(shade_of(tone, 150) == 128);
    CHECK(shade_of(tone, 200) == 255);
    CHECK(shade_of(tone, -1e9) == 0);
    CHECK(shade_of(tone, 1e9) == 255);
    CHECK(shade_of(tone, std::nan("")) == 0);
    CHECK(shade_of(tone, std::numeric_limits<double>::infinity()) == 255);
}

TEST_CASE("gamma bends the middle by the power of its inverse, whatever the type of the data")
{
    for (double const gamma : {0.5, 1.0, 1.8, 2.2}) {
        Tone const tone{.gamma = gamma};
        auto const expected = [&](double share) { return std::lround(255 * std::pow(share, 1 / gamma)); };
        for (int value : {0, 1, 17, 128, 254, 255}) {
            INFO(gamma << " " << value);
            CHECK(shade_of(tone, value) == expected(value / 255.0));
            auto const byte = row_of<std::uint8_t>({static_cast<std::uint8_t>(value)}, SampleType::uint8);
            CHECK(toned(tone, byte.view()).row(0)[0] == expected(value / 255.0));
            auto const word =
                row_of<std::uint16_t>({static_cast<std::uint16_t>(value * 257)}, SampleType::uint16);
            CHECK(toned(tone, word.view()).row(0)[0] == expected(value / 255.0));
        }
    }
}

TEST_CASE("each colour has its own range where there are several, and alpha none")
{
    Tone const tone{.stretch = {{0, 10}, {0, 100}, {0, 200}}};
    auto const picture = toned(tone, row_of<std::uint8_t>({10, 10, 10, 77}, SampleType::uint8, 4).view());
    CHECK(std::vector<int>{picture.row(0), picture.row(0) + 4} == std::vector{255, 26, 13, 77});
}

TEST_CASE("percentiles are those of the pixels that are data")
{
    std::vector<std::uint16_t> samples;
    for (int i = 0; i <= 1000; ++i)
        samples.push_back(static_cast<std::uint16_t>(i * 10 % 1001)); // each of 0 to 1000 once
    auto const pixels = row_of(samples, SampleType::uint16);
    auto const all = ranges_of({pixels.view(), {}}, {.low = 2, .high = 98});
    REQUIRE(all.size() == 1);
    CHECK(all[0].low == 20);
    CHECK(all[0].high == 980);
    Raster validity{{1001, 1}};
    for (std::int32_t x = 0; x < 1001; ++x)
        validity.row(0)[x] = samples[static_cast<std::size_t>(x)] <= 100 ? 255 : 0;
    auto const some = ranges_of({pixels.view(), validity.view()}, {.low = 0, .high = 50});
    CHECK(some[0].low == 0);
    CHECK(some[0].high == 50);
}

TEST_CASE("a layer of one value has a range all the same, and so has one without any")
{
    auto const flat = row_of<float>({3, 3, 3}, SampleType::float32);
    CHECK(ranges_of({flat.view(), {}}, {}).front().low == 0);
    CHECK(ranges_of({flat.view(), {}}, {}).front().high == 255);
    Raster const nowhere{{3, 1}};
    CHECK(ranges_of({flat.view(), nowhere.view()}, {}).front().high == 255);
}

TEST_CASE("a map that is nearly all paper stays white, with its ink black")
{
    std::vector<std::uint8_t> scan(1000, 255);
    scan[500] = 12;
    auto const pixels = row_of(scan, SampleType::uint8);
    Tone const tone{.stretch = ranges_of({pixels.view(), {}}, {.low = 2, .high = 98})};
    CHECK(toned(tone, pixels.view()).row(0)[0] == 255);
    CHECK(toned(tone, pixels.view()).row(0)[500] == 0);
    auto const blank = row_of<std::uint16_t>({65535, 65535}, SampleType::uint16);
    Tone const of_blank{.stretch = ranges_of({blank.view(), {}}, {})};
    CHECK(toned(of_blank, blank.view()).row(0)[0] == 255);
}

TEST_CASE("infinity and what is no number have no part in percentiles")
{
    float const infinity = std::numeric_limits<float>::infinity();
    auto const pixels = row_of<float>({-infinity, 1, 2, 3, infinity, std::nanf("")}, SampleType::float32);
    auto const range = ranges_of({pixels.view(), {}}, {.low = 0, .high = 100}).front();
    CHECK(range.low == 1);
    CHECK(range.high == 3);
}

TEST_CASE("a style with percentiles is settled by a sample, of what it shows")
{
    auto style = parse(R"({"identifier":"s","title":"S","bands":[2],)"
                       R"("tone":{"stretch":{"percentiles":[0,100]}}})");
    REQUIRE(wants_sample(style));
    MaskedRaster sample;
    sample.pixels = row_of<float>({900, 10, 900, 30, 900, 20}, SampleType::float32, 2);
    settle(style, std::move(sample));
    CHECK(style.tone->stretch.front().low == 10);
    CHECK(style.tone->stretch.front().high == 30);
    CHECK_FALSE(style.shows_values());
}

TEST_CASE("sharpening adds what tells a pixel from its neighbours, and leaves flat ground as it is")
{
    MaskedRaster flat{{5, 5, 1, SampleType::uint8}};
    for (std::int32_t y = 0; y < 5; ++y) {
        std::fill_n(flat.pixels.row(y), 5, std::uint8_t{100});
        std::fill_n(flat.validity.row(y), 5, std::uint8_t{255});
    }
    CHECK(sharpened(2, flat.view(), 1).pixels.row(1)[1] == 100);
    flat.pixels.row(2)[2] = 116; // the mean around it is 104, of those beside it 102, at corners 101
    auto const crisp = sharpened(1, flat.view(), 1);
    CHECK(crisp.pixels.shape().width == 3);
    CHECK(crisp.pixels.row(1)[1] == 128);
    CHECK(crisp.pixels.row(1)[0] == 98);
    CHECK(crisp.pixels.row(0)[0] == 99);
    CHECK(crisp.validity.row(2)[2] == 255);
}

TEST_CASE("what is no data neither counts nor is drawn when a picture is sharpened")
{
    MaskedRaster edge{{4, 3, 1, SampleType::uint8}};
    for (std::int32_t y = 0; y < 3; ++y)
        for (std::int32_t x = 0; x < 4; ++x) {
            edge.pixels.row(y)[x] = x < 2 ? 0 : 100; // zeros that are no data
            edge.validity.row(y)[x] = x < 2 ? 0 : 255;
        }
    auto const crisp = sharpened(5, edge.view(), 0);
    CHECK(crisp.pixels.row(1)[2] == 100);
    CHECK(crisp.validity.row(1)[1] == 0);
}

TEST_CASE("sharpening parts of a picture apart makes no seam")
{
    MaskedRaster whole{{40, 12, 3, SampleType::uint8}};
    whole.validity = {};
    for (std::int32_t y = 0; y < 12; ++y)
        for (std::int32_t i = 0; i < 120; ++i)
            whole.pixels.row(y)[i] = static_cast<std::uint8_t>((i * i * 31 + y * y * 17) % 251);
    for (std::int32_t const margin : {1, 3}) {
        auto const all = sharpened(1.5, whole.view(), margin);
        auto const right = sharpened(1.5, whole.view().crop({14, 0, 26, 12}), margin);
        for (std::int32_t y = 0; y < 12 - 2 * margin; ++y)
            CHECK(std::equal(right.pixels.row(y), right.pixels.row(y) + (26 - 2 * margin) * 3,
                             all.pixels.row(y) + 14 * 3));
    }
}
