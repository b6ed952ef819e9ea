// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/failure.hpp"
#include "pyramid/raster/codec.hpp"
#include "tests/pyramid/raster/paint.hpp"

using namespace ardoise;
using namespace ardoise::test;

TEST_CASE("WebP keeps a picture recognisable, and better at higher quality")
{
    for (std::int32_t const channels : {3, 4}) {
        INFO(channels << " channels");
        auto const picture = paint({128, 96, channels}, [](auto x, auto y, auto c) {
            return c == 3 ? (x > 64 ? 255 : 128)
                          : std::floor(128 + 60 * std::sin(x / 17.0 + c) + 50 * std::cos(y / 23.0));
        });
        auto const low = webp::decode(webp::encode(picture.view(), 40));
        auto const high = webp::decode(webp::encode(picture.view(), 95));
        REQUIRE(low.shape() == picture.shape());
        CHECK(psnr(picture.view(), low.view()) > 30);
        CHECK(psnr(picture.view(), high.view()) > psnr(picture.view(), low.view()));
    }
}

TEST_CASE("WebP keeps transparency exactly")
{
    auto const picture =
        paint({64, 64, 4}, [](auto x, auto y, auto c) { return c == 3 ? (x * 4 + y) % 256 : 100; });
    auto const back = webp::decode(webp::encode(picture.view(), 80));
    for (std::int32_t y = 0; y < 64; ++y)
        for (std::int32_t x = 0; x < 64; ++x)
            REQUIRE(sample(back.view(), x, y, 3) == sample(picture.view(), x, y, 3));
}

TEST_CASE("WebP that wants no loss has none, what is transparent keeps its colour")
{
    for (std::int32_t const channels : {3, 4}) {
        auto const picture = paint(
            {70, 50, channels}, [](auto x, auto y, auto c) { return (x / 9 * 40 + y / 7 * 30 * c) % 256; });
        auto const back = webp::decode(webp::encode_exactly(picture.view()), channels);
        CHECK(same_pixels(back.view(), picture.view()));
    }
}

TEST_CASE("WebP at little effort is as good, and not much larger")
{
    auto const picture = hills({256, 256, 3});
    auto const thorough = webp::encode(picture.view(), 85);
    auto const quick = webp::encode(picture.view(), 85, webp::Effort::quick);
    CHECK(quick != thorough);
    CHECK(static_cast<double>(quick.size()) < 1.5 * static_cast<double>(thorough.size()));
    CHECK(psnr(webp::decode(quick).view(), picture.view()) >
          psnr(webp::decode(thorough).view(), picture.view()) - 1.5);
}

TEST_CASE("WebP of a crop is that of a copy of it")
{
    auto const picture = hills({100, 80, 3});
    auto const crop = picture.view().crop({10, 20, 33, 17});
    Raster copy{crop.shape};
    paste(crop, copy, 0, 0);
    CHECK(webp::encode(crop, 80) == webp::encode(copy.view(), 80));
}

TEST_CASE("WebP refuses what it cannot hold")
{
    for (auto const& shape :
         {RasterShape{8, 8, 1}, RasterShape{8, 8, 2}, RasterShape{8, 8, 3, SampleType::uint16},
          RasterShape{8, 8, 4, SampleType::float32}, RasterShape{8, 0, 3}, RasterShape{16384, 1, 3}}) {
        INFO(name_of(shape));
        CHECK_THROWS_AS(webp::encode(Raster{shape}.view(), 80), Failure);
    }
    CHECK_THROWS_AS(webp::encode(Raster{{8, 8, 3}}.view(), 0), Failure);
    CHECK_THROWS_AS(webp::encode(Raster{{8, 8, 3}}.view(), 101), Failure);
}
