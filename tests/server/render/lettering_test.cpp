// SPDX-License-Identifier: Apache-2.0
#include "server/render/lettering.hpp"

#include <catch2/catch.hpp>

#include <numeric>
#include <thread>

using namespace ardoise;

namespace {

Raster paper(std::int32_t width, std::int32_t height)
{
    return Raster{{width, height, 1, SampleType::uint8}};
}

int ink_of(Raster const& cover)
{
    auto const bytes = cover.bytes();
    return std::accumulate(bytes.begin(), bytes.end(), 0,
                           [](int sum, std::byte byte) { return sum + std::to_integer<int>(byte); });
}

} // namespace

TEST_CASE("lines are broken between words, and no wider than asked")
{
    Lettering const lettering{13};
    std::string const text = "There is no layer of that name in this service";
    auto const lines = lettering.lines(text, 120);
    CHECK(lines.size() > 2);
    std::string again;
    for (auto const& line : lines) {
        CHECK(lettering.width(line) <= 120);
        again += (again.empty() ? "" : " ") + line;
    }
    CHECK(again == text);
}

TEST_CASE("words wider than a line are cut, never lost")
{
    Lettering const lettering{13};
    auto const lines = lettering.lines("an_extraordinarily_long_name_of_a_layer \xc3\xa9t\xc3\xa9", 60);
    std::string together;
    for (auto const& line : lines) {
        CHECK(lettering.width(line) <= 60);
        together += line;
    }
    CHECK(together == "an_extraordinarily_long_name_of_a_layer\xc3\xa9t\xc3\xa9");
    CHECK(lettering.lines("word", 1).size() == 4); // one letter a line at the least
    CHECK(lettering.lines("", 10).size() == 1);
}

TEST_CASE("letters keep inside of their lines, and their widths add up")
{
    for (double const em : {9.0, 13.0, 40.0}) {
        Lettering const lettering{em};
        auto const width = lettering.width("\xc3\x89gypte 12,5 m"), height = lettering.line_height();
        auto cover = paper(width + 2, height);
        lettering.write("\xc3\x89gypte 12,5 m", 0, 0, cover);
        auto wide = paper(width + 42, height + 40);
        lettering.write("\xc3\x89gypte 12,5 m", 20, 20, wide);
        CHECK(ink_of(cover) > 1000);
        CHECK(ink_of(cover) == ink_of(wide));
        CHECK(height >= em);
    }
}

TEST_CASE("what falls outside of the picture is left out")
{
    Lettering const lettering{20};
    for (auto const& [x, y] : {std::pair{-30, 0}, {0, -10}, {90, 0}, {0, 90}, {-500, -500}, {500, 500}}) {
        auto cover = paper(100, 100);
        lettering.write("Ardoise", x, y, cover);
    }
    auto none = paper(0, 0);
    lettering.write("Ardoise", 0, 0, none);
}

TEST_CASE("malformed text and unknown letters are boxes, not accidents")
{
    Lettering const lettering{16};
    for (std::string const text :
         {"\xff", "\xc3", "\xe2\x82", "\xf0\x9f\x98", "\x01\x7f", "\xf5\x80\x80\x80"}) {
        auto cover = paper(200, 30);
        lettering.write(text, 0, 0, cover);
        CHECK(ink_of(cover) > 0);
        CHECK(lettering.width(text) > 0);
    }
}

TEST_CASE("threads write the same letters side by side")
{
    auto const written = [] {
        auto cover = paper(300, 40);
        Lettering{17}.write("Angers, Loire-Atlantique", 3, 2, cover);
        return cover;
    };
    auto const expected = ink_of(written());
    std::vector<int> inks(4);
    {
        std::vector<std::jthread> threads;
        for (auto& ink : inks)
            threads.emplace_back([&ink, &written] {
                for (int i = 0; i < 50; ++i)
                    ink = ink_of(written());
            });
    }
    CHECK(inks == std::vector<int>(4, expected));
}
