// SPDX-License-Identifier: Apache-2.0
#include "styles/named_palettes.hpp"
#include "styles/palette.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <random>

using namespace ardoise;

namespace {

/// Steep and flat, with entries of the same value, far from even.
Palette uneven()
{
    return {.colours = {{-1e6, 0, 0, 0, 255},
                        {-3, 200, 10, 0, 0},
                        {-2.9999, 10, 20, 255, 40},
                        {0, 1, 2, 3, 4},
                        {0, 5, 6, 7, 8},
                        {0.1, 255, 255, 255, 255},
                        {254.5, 30, 0, 255, 100},
                        {40000, 7, 77, 177, 255}}};
}

Palette named(std::string_view name, double low, double high)
{
    Palette palette{.colours = named_colours(name), .rgb_continuous = true};
    auto const last = static_cast<double>(palette.colours.size() - 1);
    for (std::size_t i = 0; i < palette.colours.size(); ++i)
        palette.colours[i].value = low + (high - low) * static_cast<double>(i) / last;
    return palette;
}

std::vector<Palette> all_kinds()
{
    std::vector<Palette> kinds{named("viridis", 0, 100),
                               named("RdYlGn", -0.2, 0.8),
                               {.colours = {{5, 1, 2, 3, 4}}},
                               {.colours = {{5, 1, 2, 3, 4}}, .is_exact = true},
                               {.colours = {{-1e308, 1, 2, 3, 4}, {5e-324, 9, 9, 9, 9}, {1, 2, 3, 4, 5}}}};
    for (bool const rgb : {false, true})
        for (bool const alpha : {false, true}) {
            kinds.push_back(uneven());
            kinds.back().rgb_continuous = rgb;
            kinds.back().alpha_continuous = alpha;
        }
    kinds.push_back(uneven());
    kinds.back().is_exact = true;
    return kinds;
}

template <typename Sample>
void check_like_colour_at(std::vector<Sample> const& values, SampleType type)
{
    for (auto const& palette : all_kinds()) {
        Raster raster{{static_cast<std::int32_t>(values.size()), 1, 1, type}};
        std::copy(values.begin(), values.end(), raster.row<Sample>(0));
        auto const picture = coloured(raster.view(), palette);
        auto const channels = static_cast<std::size_t>(picture.shape().channels);
        std::size_t wrong = 0;
        for (std::size_t i = 0; i < values.size(); ++i) {
            auto const expected = colour_at(palette, static_cast<double>(values[i]));
            auto const* seen = picture.row(0) + i * channels;
            wrong += seen[0] != expected.red || seen[1] != expected.green || seen[2] != expected.blue ||
                     (channels == 4 ? seen[3] != expected.alpha : expected.alpha != 255);
        }
        CHECK(wrong == 0);
    }
}

} // namespace

TEST_CASE("every value of 8 and of 16 bits has the colour that the palette gives it")
{
    std::vector<std::uint8_t> bytes;
    for (int value = 0; value < 256; ++value)
        bytes.push_back(static_cast<std::uint8_t>(value));
    check_like_colour_at(bytes, SampleType::uint8);
    std::vector<std::uint16_t> words;
    for (int value = 0; value < 65536; ++value)
        words.push_back(static_cast<std::uint16_t>(value));
    check_like_colour_at(words, SampleType::uint16);
}

TEST_CASE("float has the colour that the palette gives it, of whatever bits it is")
{
    std::vector<float> values{0.0F,
                              -0.0F,
                              std::numeric_limits<float>::infinity(),
                              -std::numeric_limits<float>::infinity(),
                              std::numeric_limits<float>::quiet_NaN(),
                              std::numeric_limits<float>::max(),
                              std::numeric_limits<float>::lowest(),
                              std::numeric_limits<float>::denorm_min()};
    for (std::uint64_t bits = 0; bits < (1ULL << 32);
         bits += 4'099) // a prime: all exponents, all kinds of tails
        values.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
    for (auto const& palette : all_kinds())
        for (auto const& entry : palette.colours)
            for (int step = -2; step <= 2; ++step) { // at each entry, and next to it
                auto const value = static_cast<float>(entry.value);
                auto const beside = std::nextafter(value, step < 0 ? -1e30F : 1e30F);
                values.push_back(step == 0 ? value : std::nextafter(beside, step < 0 ? -1e30F : 1e30F));
                values.push_back(beside);
            }
    std::mt19937 random{7};
    for (std::uniform_real_distribution<float> within{-1.0F, 101.0F}; values.size() < 1'300'000;)
        values.push_back(within(random));
    check_like_colour_at(values, SampleType::float32);
}

TEST_CASE("classes are exact: what lies between two of them is transparent")
{
    Palette const classes{.colours = {{1, 10, 20, 30, 255}, {3, 40, 50, 60, 128}}, .is_exact = true};
    CHECK(colour_at(classes, 1).red == 10);
    CHECK(colour_at(classes, 3).alpha == 128);
    for (double const other : {0.0, 1.5, 2.0, 4.0, std::nan("")})
        CHECK(colour_at(classes, other).alpha == 0);
}

TEST_CASE("palettes have the colours that the field knows them by")
{
    struct {
        char const* name;
        std::size_t colours;
        std::array<int, 3> low, high;
    } const rows[] = {
        {"viridis", 256, {68, 1, 84}, {253, 231, 37}}, {"cividis", 256, {0, 34, 78}, {254, 232, 56}},
        {"magma", 256, {0, 0, 4}, {252, 253, 191}},    {"inferno", 256, {0, 0, 4}, {252, 255, 164}},
        {"plasma", 256, {13, 8, 135}, {240, 249, 33}}, {"RdYlGn", 11, {165, 0, 38}, {0, 104, 55}},
        {"BrBG", 11, {84, 48, 5}, {0, 60, 48}},        {"Spectral", 11, {158, 1, 66}, {94, 79, 162}},
        {"Blues", 9, {247, 251, 255}, {8, 48, 107}}};
    for (auto const& [name, count, low, high] : rows) {
        INFO(name);
        auto const colours = named_colours(name);
        REQUIRE(colours.size() == count);
        CHECK(std::array<int, 3>{colours.front().red, colours.front().green, colours.front().blue} == low);
        CHECK(std::array<int, 3>{colours.back().red, colours.back().green, colours.back().blue} == high);
    }
    CHECK(named_colours("Viridis").empty());
    CHECK_THAT(palette_names(), Catch::Contains("RdYlGn, ") && Catch::Contains(", viridis"));
}

TEST_CASE("a palette that nothing shows through makes three channels")
{
    Raster const values{{4, 4, 1, SampleType::float32}};
    CHECK(coloured(values.view(), named("viridis", 0, 1)).shape().channels == 3);
    CHECK(coloured(values.view(), uneven()).shape().channels == 4);
}
