// SPDX-License-Identifier: Apache-2.0
#include "pyramid/raster/few_colours.hpp"
#include "tests/pyramid/raster/paint.hpp"

#include <set>

using namespace ardoise;
using namespace ardoise::test;

TEST_CASE("a picture's colours are counted to the last one")
{
    for (std::int32_t const channels : {2, 3, 4})
        for (std::size_t const count : {1, 2, 16, 17, 255, 256, 257}) {
            INFO(count << " colours, " << channels << " channels");
            auto const picture = in_colours(count, {300, 2, channels});
            auto const few = FewColours::of(picture.view());
            REQUIRE(few.has_value() == (count <= 256));
            if (few)
                CHECK(few->colours().size() == count);
            CHECK(FewColours::of(picture.view(), 16).has_value() == (count <= 16));
        }
}

TEST_CASE("each pixel has the number of its colour, those that are not opaque the first ones")
{
    auto const picture = in_colours(200, {71, 30, 4});
    auto const few = FewColours::of(picture.view()).value();
    std::set<Rgba> const different{few.colours().begin(), few.colours().end()};
    CHECK(different.size() == 200);
    CHECK(few.translucent() == 100);
    for (std::size_t i = 0; i < 200; ++i)
        CHECK((few.colours()[i][3] == 255) == (i >= 100));
    std::array<std::uint8_t, 71> numbers{};
    for (std::int32_t y = 0; y < 30; ++y) {
        few.number_row(picture.view(), y, numbers.data());
        for (std::int32_t x = 0; x < 71; ++x)
            for (std::size_t c = 0; c < 4; ++c)
                REQUIRE(few.colours()[numbers[static_cast<std::size_t>(x)]][c] ==
                        picture.row(y)[4 * static_cast<std::size_t>(x) + c]);
    }
}

TEST_CASE("greys are greys where all are, and opaque")
{
    CHECK(FewColours::of(plain({9, 9, 3}, 70).view())->are_greys());
    CHECK(FewColours::of(hills({9, 9, 1}).view())->are_greys());
    CHECK_FALSE(FewColours::of(plain({9, 9, 4}, 70).view())->are_greys());
    CHECK_FALSE(FewColours::of(in_colours(2, {9, 9, 3}).view())->are_greys());
}

TEST_CASE("samples of other types are not counted")
{
    CHECK_FALSE(FewColours::of(plain({9, 9, 3, SampleType::uint16}, 70).view()));
    CHECK_FALSE(FewColours::of(plain({9, 9, 1, SampleType::float32}, 70).view()));
}

TEST_CASE("colours of a crop are those within it")
{
    auto const picture = in_colours(256, {100, 100, 3});
    CHECK(FewColours::of(picture.view().crop({20, 30, 4, 5}))->colours().size() <= 20);
}
