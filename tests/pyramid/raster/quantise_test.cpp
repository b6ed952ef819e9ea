// SPDX-License-Identifier: Apache-2.0
#include "pyramid/raster/few_colours.hpp"
#include "pyramid/raster/quantise.hpp"
#include "tests/pyramid/raster/paint.hpp"

#include <cstdlib>

using namespace ardoise;
using namespace ardoise::test;

namespace {

/// A photograph's colours with everything from 0 to 255 in its alpha: column by column one more.
Raster faded(RasterShape shape)
{
    auto picture = hills(shape);
    for (std::int32_t y = 0; y < shape.height; ++y)
        for (std::int32_t x = 0; x < shape.width; ++x)
            picture.row(y)[4 * x + 3] = static_cast<std::uint8_t>(std::min(x, 255));
    return picture;
}

} // namespace

TEST_CASE("a picture of any colours comes out in 256 at the most")
{
    for (auto const& picture : {hills({300, 200, 3}), noise({300, 200, 3}), noise({300, 200, 4}),
                                faded({400, 100, 4}), in_colours(257, {300, 2, 4}), plain({9, 9, 3}, 70)}) {
        auto const quantised = quantise(picture.view());
        CHECK(quantised.shape() == picture.shape());
        CHECK(FewColours::of(quantised.view()));
    }
}

TEST_CASE("smooth colours stay near what they were")
{
    auto const picture = hills({300, 200, 3});
    CHECK_FALSE(FewColours::of(picture.view()));
    CHECK(psnr(picture.view(), quantise(picture.view()).view()) > 36);
}

TEST_CASE("one colour is kept to the bit, and so are a few that lie far from one another")
{
    auto const grey = plain({40, 30, 3}, 77);
    CHECK(same_pixels(quantise(grey.view()).view(), grey.view()));
    auto const four = paint({40, 40, 4}, [](std::int32_t x, std::int32_t y, std::int32_t channel) {
        return channel == 3 ? 255 : x < 20 ? 20 + 60 * channel : y < 20 ? 200 - 30 * channel : 9;
    });
    CHECK(same_pixels(quantise(four.view()).view(), four.view()));
}

TEST_CASE("a colour that few pixels have is not lost among many others")
{
    auto picture = hills({300, 200, 3});
    for (std::int32_t y = 90; y < 94; ++y)
        for (std::int32_t x = 90; x < 94; ++x) {
            picture.row(y)[3 * x] = 255;
            picture.row(y)[3 * x + 1] = picture.row(y)[3 * x + 2] = 0;
        }
    auto const quantised = quantise(picture.view());
    auto const* const seen = quantised.row(92) + 3 * 92;
    std::array const red{seen[0], seen[1], seen[2]};
    CHECK(red[0] > 225);
    CHECK(red[1] < 30);
    CHECK(red[2] < 30);
}

TEST_CASE("what is opaque stays so, what cannot be seen is nothing, and the rest is about as clear as it was")
{
    auto const picture = faded({400, 100, 4});
    auto const quantised = quantise(picture.view());
    for (std::int32_t y = 0; y < 100; ++y)
        for (std::int32_t x = 0; x < 400; ++x) {
            auto const* const pixel = quantised.row(y) + 4 * x;
            if (x == 0)
                REQUIRE((pixel[0] == 0 && pixel[1] == 0 && pixel[2] == 0 && pixel[3] == 0));
            else if (x >= 255)
                REQUIRE(pixel[3] == 255);
            else
                REQUIRE((pixel[3] > 0 && pixel[3] < 255 && std::abs(pixel[3] - x) < 40));
        }
}

TEST_CASE("a crop is quantised by its own colours alone")
{
    auto const picture = noise({200, 200, 3});
    PixelBox const box{30, 40, 5, 6};
    auto const crop = picture.view().crop(box);
    auto const quantised = quantise(crop);
    CHECK(quantised.shape().width == 5);
    CHECK(psnr(crop, quantised.view()) > 35); // 30 colours, of which no two share a place but by chance
}
