// SPDX-License-Identifier: Apache-2.0
#include "pyramid/raster/raster.hpp"

#include "tests/pyramid/raster/paint.hpp"

using namespace ardoise;
using namespace ardoise::test;

TEST_CASE("a shape counts bytes beyond 32 bits")
{
    RasterShape const shape{65500, 65500, 4, SampleType::float32};
    CHECK(shape.bytes_per_row() == 65500u * 16u);
    CHECK(shape.bytes() == 65500ull * 65500ull * 16ull);
}

TEST_CASE("a new raster is zero")
{
    for (auto const& shape : all_shapes(5, 3)) {
        INFO(name_of(shape));
        CHECK(same_pixels(Raster{shape}.view(), plain(shape, 0).view()));
    }
}

TEST_CASE("a clone is equal and apart")
{
    auto raster = noise({4, 4, 3});
    auto const copy = raster.clone();
    CHECK(same_pixels(raster.view(), copy.view()));
    raster.row(0)[0] = static_cast<std::uint8_t>(raster.row(0)[0] + 1);
    CHECK_FALSE(same_pixels(raster.view(), copy.view()));
}

TEST_CASE("a crop sees the pixels of its box")
{
    for (auto const& shape : all_shapes(9, 7)) {
        INFO(name_of(shape));
        auto const raster = noise(shape);
        auto const crop = raster.view().crop({2, 3, 4, 2}).crop({1, 1, 3, 1});
        CHECK(crop.shape == RasterShape{3, 1, shape.channels, shape.type});
        for (std::int32_t x = 0; x < 3; ++x)
            CHECK(sample(crop, x, 0, shape.channels - 1) ==
                  sample(raster.view(), 3 + x, 4, shape.channels - 1));
    }
}

TEST_CASE("pasting leaves out what falls outside")
{
    auto const stamp = noise({4, 3, 2});
    struct Case {
        std::int32_t x, y;
    };
    for (auto const [left, top] : {Case{0, 0},
                                   {2, 1},
                                   {-2, -1},
                                   {6, 4},
                                   {-4, 0},
                                   {0, -3},
                                   {8, 0},
                                   {0, 6},
                                   {1000, 1000},
                                   {-2'147'483'647, 0},
                                   {2'147'483'647, 2'147'483'647}}) {
        INFO(left << ", " << top);
        Raster canvas = plain({8, 6, 2}, 9);
        paste(stamp.view(), canvas, left, top);
        auto const expected = paint(canvas.shape(), [&, x0 = left, y0 = top](auto x, auto y, auto c) {
            auto const from_x = std::int64_t{x} - x0, from_y = std::int64_t{y} - y0;
            bool const covered = from_x >= 0 && from_x < 4 && from_y >= 0 && from_y < 3;
            return covered ? sample(stamp.view(), static_cast<std::int32_t>(from_x),
                                    static_cast<std::int32_t>(from_y), c)
                           : 9;
        });
        CHECK(same_pixels(canvas.view(), expected.view()));
    }
}

TEST_CASE("pasting a crop follows its stride")
{
    auto const source = noise({10, 10, 3, SampleType::uint16});
    Raster canvas{{4, 4, 3, SampleType::uint16}};
    paste(source.view().crop({3, 5, 4, 4}), canvas, 0, 0);
    CHECK(same_pixels(canvas.view(), source.view().crop({3, 5, 4, 4})));
}

TEST_CASE("validity is none, partial or full")
{
    MaskedRaster raster{{40, 5, 1}};
    CHECK(validity_of(raster.view()) == Validity::none);
    raster.validity.row(4)[39] = 1;
    CHECK(validity_of(raster.view()) == Validity::partial);
    CHECK(validity_of(raster.view().crop({0, 0, 39, 5})) == Validity::none);
    raster = all_valid(Raster{{40, 5, 1}});
    CHECK(validity_of(raster.view()) == Validity::full);
    raster.validity.row(2)[7] = 254;
    CHECK(validity_of(raster.view()) == Validity::partial);
    CHECK(validity_of(raster.view().crop({8, 0, 32, 5})) == Validity::full);
    CHECK(validity_of({raster.pixels.view(), {}}) == Validity::full);
}

TEST_CASE("half valid everywhere is partial")
{
    MaskedRaster raster{{3, 3, 1}};
    for (auto& byte : raster.validity.bytes())
        byte = std::byte{128};
    CHECK(validity_of(raster.view()) == Validity::partial);
}
