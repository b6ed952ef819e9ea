// SPDX-License-Identifier: Apache-2.0
#include "tests/pyramid/raster/paint.hpp"

#include <array>
#include <cmath>

using namespace ardoise;
using namespace ardoise::test;

namespace {

MaskedRaster half_of(MaskedView from)
{
    auto shape = from.pixels.shape;
    MaskedRaster to{{shape.width / 2, shape.height / 2, shape.channels, shape.type}};
    reduce_2x2(from, to, 0, 0);
    return to;
}

struct Expected {
    double value = 0, validity = 0;
};

/// The definition, in double precision and without haste.
Expected expected_at(MaskedView from, std::int32_t x, std::int32_t y, std::int32_t channel)
{
    double sum = 0, weight = 0;
    for (std::int32_t i = 0; i < 4; ++i) {
        auto const at_x = 2 * x + i % 2, at_y = 2 * y + i / 2;
        double const validity = from.all_valid() ? 255 : sample(from.validity, at_x, at_y, 0);
        if (validity > 0)
            sum += validity * sample(from.pixels, at_x, at_y, channel);
        weight += validity;
    }
    return {weight > 0 ? sum / weight : 0, weight / 4};
}

void check_reduced(MaskedView from)
{
    auto const half = half_of(from);
    auto const& shape = half.pixels.shape();
    double const slack = shape.type == SampleType::float32 ? 1e-4 : 0.5;
    for (std::int32_t y = 0; y < shape.height; ++y)
        for (std::int32_t x = 0; x < shape.width; ++x)
            for (std::int32_t c = 0; c < shape.channels; ++c) {
                auto const expected = expected_at(from, x, y, c);
                double const validity = half.validity.row(y)[x];
                REQUIRE(std::abs(sample(half.pixels.view(), x, y, c) - expected.value) <= slack);
                REQUIRE((std::abs(validity - expected.validity) <= 0.5 ||
                         (validity == 1 && expected.validity > 0)));
                REQUIRE((validity > 0) == (expected.validity > 0));
            }
}

} // namespace

TEST_CASE("reducing gives the mean of four, in all shapes")
{
    for (auto const& shape : all_shapes(74, 22)) {
        INFO(name_of(shape));
        auto const picture = noise(shape);
        check_reduced({picture.view(), {}});
        check_reduced(all_valid(picture.clone()).view());
    }
}

TEST_CASE("reducing weighs by validity, in all shapes")
{
    for (auto const& shape : all_shapes(74, 22)) {
        INFO(name_of(shape));
        auto const picture = with_holes(noise(shape));
        check_reduced(picture.view());
    }
}

TEST_CASE("reducing rounds to nearest, and halves to the even side")
{
    struct Case {
        std::array<std::uint8_t, 4> four;
        int mean;
    };
    for (auto const& [four, expected] : {Case{{0, 0, 0, 1}, 0},
                                         {{0, 0, 1, 1}, 0},
                                         {{0, 1, 1, 1}, 1},
                                         {{1, 1, 2, 2}, 2},
                                         {{255, 255, 255, 254}, 255},
                                         {{255, 255, 254, 254}, 254},
                                         {{255, 254, 254, 254}, 254},
                                         {{0, 255, 0, 255}, 128},
                                         {{255, 255, 255, 255}, 255}}) {
        auto const values = four;
        auto const picture = paint(
            {2, 2, 1}, [&](auto x, auto y, auto) { return values[static_cast<std::size_t>(2 * y + x)]; });
        CHECK(half_of({picture.view(), {}}).pixels.row(0)[0] == expected);
        CHECK(half_of(all_valid(picture.clone()).view()).pixels.row(0)[0] == expected);
    }
}

TEST_CASE("eight levels of reducing neither darken nor brighten")
{
    for (auto const type : {SampleType::uint8, SampleType::uint16}) {
        auto const picture = paint({1024, 1024, 1, type}, [](auto x, auto y, auto) {
            return 120 + (x * 7 + y * 13 + x * y % 11) % 17;
        });
        double const before = mean(picture.view());
        auto level = all_valid(picture.clone());
        for (int i = 0; i < 8; ++i)
            level = half_of(level.view());
        CHECK(std::abs(mean(level.pixels.view()) - before) < 0.4);
        CHECK(validity_of(level.view()) == Validity::full);
    }
}

TEST_CASE("the least validity is not lost in reducing, and what is invalid stays zero")
{
    MaskedRaster picture{{4, 2, 1}};
    picture.pixels = plain({4, 2, 1}, 90);
    picture.validity.row(1)[0] = 1;
    auto const half = half_of(picture.view());
    CHECK(half.validity.row(0)[0] == 1);
    CHECK(half.pixels.row(0)[0] == 90);
    CHECK(half.validity.row(0)[1] == 0);
    CHECK(half.pixels.row(0)[1] == 0);
}

TEST_CASE("no data does not darken its neighbours through any number of levels")
{
    for (auto const& shape : all_shapes(256, 256)) {
        INFO(name_of(shape));
        auto level = with_holes(plain(shape, 200));
        for (int i = 0; i < 8; ++i) {
            level = half_of(level.view());
            auto const& half = level.pixels.shape();
            for (std::int32_t y = 0; y < half.height; ++y)
                for (std::int32_t x = 0; x < half.width; ++x)
                    REQUIRE(sample(level.pixels.view(), x, y, 0) == (level.validity.row(y)[x] > 0 ? 200 : 0));
        }
    }
}

TEST_CASE("a reduced raster lands where it is told and nowhere else")
{
    auto const picture = noise({8, 6, 3});
    auto const half = half_of({picture.view(), {}});
    MaskedRaster canvas{{20, 20, 3}};
    reduce_2x2({picture.view(), {}}, canvas, 5, 9);
    MaskedRaster expected{{20, 20, 3}};
    paste(half.pixels.view(), expected.pixels, 5, 9);
    paste(half.validity.view(), expected.validity, 5, 9);
    CHECK(same_pixels(canvas.pixels.view(), expected.pixels.view()));
    CHECK(same_pixels(canvas.validity.view(), expected.validity.view()));
}

TEST_CASE("a crop is reduced as a copy of it")
{
    auto const picture = with_holes(noise({40, 40, 4}));
    auto const crop = picture.view().crop({3, 5, 20, 10});
    MaskedRaster copy{crop.pixels.shape};
    paste(crop.pixels, copy.pixels, 0, 0);
    paste(crop.validity, copy.validity, 0, 0);
    CHECK(same_pixels(half_of(crop).pixels.view(), half_of(copy.view()).pixels.view()));
}

TEST_CASE("the mode is the most frequent of four, of those that are data, and of equals the first")
{
    struct {
        std::array<std::uint8_t, 4> values, validity;
        int value, valid;
    } const rows[] = {
        {{1, 2, 2, 3}, {255, 255, 255, 255}, 2, 255}, {{1, 2, 3, 4}, {255, 255, 255, 255}, 1, 255},
        {{1, 2, 2, 1}, {255, 255, 255, 255}, 1, 255}, {{3, 1, 2, 2}, {255, 255, 255, 0}, 3, 255},
        {{3, 1, 2, 2}, {0, 255, 255, 200}, 2, 255},   {{9, 9, 9, 5}, {0, 0, 0, 100}, 5, 100},
        {{9, 9, 9, 9}, {0, 0, 0, 0}, 0, 0},           {{4, 7, 7, 7}, {255, 255, 255, 255}, 7, 255}};
    for (auto const& [values, validity, value, valid] : rows) {
        MaskedRaster from{{2, 2}}, to{{1, 1}};
        std::copy(values.begin(), values.end(), from.pixels.row(0));
        std::copy(validity.begin(), validity.end(), from.validity.row(0));
        mode_2x2(from.view(), to, 0, 0);
        CHECK(to.pixels.row(0)[0] == value);
        CHECK(to.validity.row(0)[0] == valid);
    }
}

TEST_CASE("pixels of several channels are as frequent as they are alike in all of them")
{
    MaskedRaster from{{2, 2, 3, SampleType::uint16}}, to{{1, 1, 3, SampleType::uint16}};
    from.validity = {};
    for (std::uint16_t i = 0; i < 12; ++i)
        from.pixels.row<std::uint16_t>(i / 6)[i % 6] = i >= 9 || (i >= 3 && i < 6) ? 700 : i;
    mode_2x2(from.view(), to, 0, 0);
    CHECK(to.pixels.row<std::uint16_t>(0)[2] == 700);
    CHECK(halving_of(Resampling::mode) == &mode_2x2);
    CHECK(halving_of(Resampling::near) == &pick_2x2);
    CHECK(halving_of(Resampling::cubic) == &reduce_2x2);
}
