// SPDX-License-Identifier: Apache-2.0
#include "pyramid/raster/codec.hpp"
#include "styles/drawing/canvas.hpp"

#include <catch2/catch.hpp>

#include <array>

using namespace ardoise;

namespace {

MaskedRaster flat(std::array<std::uint8_t, 4> colour, std::int32_t channels, std::uint8_t validity = 255)
{
    MaskedRaster raster{{2, 2, channels, SampleType::uint8}};
    for (std::int32_t y = 0; y < 2; ++y)
        for (std::int32_t x = 0; x < 2; ++x) {
            for (std::int32_t c = 0; c < channels; ++c)
                raster.pixels.row(y)[x * channels + c] = colour[static_cast<std::size_t>(c)];
            raster.validity.row(y)[x] = validity;
        }
    return raster;
}

std::array<int, 3> colour_at(Raster const& picture)
{
    auto const* c = picture.row(0);
    return {c[0], c[1], c[2]};
}

} // namespace

TEST_CASE("an empty canvas is its background, or nothing at all")
{
    Canvas const canvas{2, 2};
    CHECK(colour_at(canvas.picture(false, {10, 20, 30})) == std::array{10, 20, 30});
    auto const clear = canvas.picture(true, {});
    CHECK(clear.shape().channels == 4);
    CHECK(clear.row(0)[3] == 0);
}

TEST_CASE("what is opaque everywhere needs no alpha")
{
    Canvas canvas{2, 2};
    canvas.lay(flat({1, 2, 3, 0}, 3).view());
    CHECK(canvas.picture(true, {}).shape().channels == 3);
}

TEST_CASE("half over something is the mean of both")
{
    Canvas canvas{2, 2};
    canvas.lay(flat({200, 0, 0, 0}, 3).view());
    canvas.lay(flat({0, 100, 50, 51}, 4).view()); // a fifth
    CHECK(colour_at(canvas.picture(false, {})) == std::array{160, 20, 10});
}

TEST_CASE("validity counts as alpha does")
{
    Canvas canvas{2, 2};
    canvas.lay(flat({100, 100, 100, 0}, 1, 51).view());
    auto const clear = canvas.picture(true, {});
    CHECK(clear.row(0)[0] == 100); // the colour is not darkened
    CHECK(clear.row(0)[3] == 51);
    CHECK(colour_at(canvas.picture(false, {0, 0, 0})) == std::array{20, 20, 20});
}

TEST_CASE("grey, grey with alpha, colour and colour with alpha all lay alike")
{
    for (std::int32_t const channels : {1, 2, 3, 4}) {
        Canvas canvas{2, 2};
        auto const grey = channels == 2 ? std::array<std::uint8_t, 4>{90, 255, 0, 0}
                                        : std::array<std::uint8_t, 4>{90, 90, 90, 255};
        canvas.lay(flat(grey, channels).view());
        CHECK(colour_at(canvas.picture(false, {})) == std::array{90, 90, 90});
    }
}

TEST_CASE("two half covers cover three quarters")
{
    Canvas canvas{2, 2};
    canvas.lay(flat({255, 255, 255, 128}, 4).view());
    canvas.lay(flat({255, 255, 255, 128}, 4).view());
    auto const clear = canvas.picture(true, {});
    CHECK(clear.row(0)[3] == 192);
    CHECK(clear.row(0)[0] == 255);
}
