// SPDX-License-Identifier: Apache-2.0
#include "pyramid/raster/wide_loops.hpp"

#include "tests/pyramid/raster/paint.hpp"

#include <cmath>
#include <random>
#include <utility>

using namespace ardoise;
using namespace ardoise::test;

namespace {

std::vector<float> random_numbers(std::size_t count, float least, float most)
{
    std::mt19937 random{5};
    std::uniform_real_distribution<float> draw{least, most};
    std::vector<float> numbers(count);
    for (auto& number : numbers)
        number = draw(random);
    return numbers;
}

} // namespace

// Where this machine has no AVX2 these compare a loop with itself.

TEST_CASE("wide loops across give the same bits on every processor")
{
    auto const source = random_numbers(1000, 0, 255);
    for (std::size_t const pixels : {1, 7, 8, 9, 64, 333}) {
        EvenTaps taps;
        taps.taps = 3;
        taps.weights = random_numbers(3 * pixels, -0.2F, 1);
        for (std::size_t x = 0; x < pixels; ++x)
            taps.firsts.push_back(static_cast<std::int32_t>(x * 997 / pixels));
        std::vector<float> plain(pixels), wide(pixels);
        mix_across(Processor::any, taps, source.data(), plain);
        mix_across(this_processor(), taps, source.data(), wide);
        CHECK(plain == wide);
        auto const first = static_cast<std::size_t>(taps.firsts.back());
        CHECK(plain.back() == Approx(taps.weights[pixels - 1] * source[first] +
                                     taps.weights[2 * pixels - 1] * source[first + 1] +
                                     taps.weights[3 * pixels - 1] * source[first + 2]));
    }
}

TEST_CASE("wide loops down give the same bytes on every processor, kept within their range")
{
    auto const numbers = random_numbers(3000, -40, 300);
    std::array const rows{WeighedRow{numbers.data(), 0.25F}, WeighedRow{numbers.data() + 1000, 0.5F},
                          WeighedRow{numbers.data() + 2000, 0.25F}};
    for (std::size_t const pixels : {1, 63, 64, 65, 1000}) {
        std::vector<std::uint8_t> plain(pixels), wide(pixels);
        mix_down(Processor::any, rows, plain);
        mix_down(this_processor(), rows, wide);
        CHECK(plain == wide);
    }
    std::vector<std::uint8_t> ends(2);
    std::array const beyond{-7.0F, 270.0F};
    mix_down(this_processor(), std::array{WeighedRow{beyond.data(), 1}}, ends);
    CHECK(ends == std::vector<std::uint8_t>{0, 255});
}

TEST_CASE("wide loops blend alike on every processor, as the formula of bilinear does")
{
    auto const picture = noise({400, 300, 1});
    constexpr double one = 1 << BlendPath::fraction_bits;
    for (auto const& [step_x, step_y] : {std::pair{0.99, 0.03}, {-0.7, 0.6}, {0.0, -1.0}, {1.0, 0.0}})
        for (std::size_t const pixels : {1, 7, 8, 31, 32, 33, 128}) {
            INFO(step_x << ", " << step_y << ", " << pixels << " pixels");
            BlendPath const path{static_cast<std::int32_t>(0.3 * one), static_cast<std::int32_t>(0.6 * one),
                                 static_cast<std::int32_t>(step_x * one),
                                 static_cast<std::int32_t>(step_y * one)};
            auto const* const source = picture.row(150) + 200;
            std::vector<std::uint8_t> plain(pixels), wide(pixels);
            blend_along(Processor::any, source, 400, path, plain);
            blend_along(this_processor(), source, 400, path, wide);
            CHECK(plain == wide);
            auto const last = static_cast<double>(pixels - 1);
            double const x = 200.3 + last * step_x, y = 150.6 + last * step_y, right = x - std::floor(x),
                         below = y - std::floor(y);
            auto const* const upper =
                picture.row(static_cast<std::int32_t>(y)) + static_cast<std::int32_t>(x);
            auto const* const lower = upper + 400;
            double const expected = (upper[0] * (1 - right) + upper[1] * right) * (1 - below) +
                                    (lower[0] * (1 - right) + lower[1] * right) * below;
            CHECK(std::abs(plain.back() - expected) < 0.75);
        }
}

TEST_CASE("wide loops subtract rows of bytes alike on every processor")
{
    auto const picture = noise({501, 2, 1});
    auto const bytes = std::as_bytes(std::span{picture.row(0), 1002});
    std::vector<std::byte> plain(501), wide(501);
    subtract(Processor::any, bytes.first(501), bytes.data() + 501, plain.data());
    subtract(this_processor(), bytes.first(501), bytes.data() + 501, wide.data());
    CHECK(plain == wide);
    CHECK(plain[3] == static_cast<std::byte>(picture.row(0)[3] - picture.row(1)[3]));
}

TEST_CASE("one channel is resampled as three are")
{
    auto const grey = noise({120, 90, 1});
    auto const colour =
        paint({120, 90, 3}, [&](auto x, auto y, auto) { return sample(grey.view(), x, y, 0); });
    for (auto const resampling : {Resampling::bilinear, Resampling::cubic, Resampling::lanczos})
        for (auto const& window : {SourceWindow{10.3, 12.6, 70, 60}, {20, 30.5, 35, 30}, {8, 9, 100, 75}}) {
            INFO(name_of(resampling) << " " << window.x);
            auto const one = resample({grey.view(), {}}, window, 70, 60, resampling);
            auto const three = resample({colour.view(), {}}, window, 70, 60, resampling);
            CHECK(validity_of(one.view()) == validity_of(three.view()));
            int different = 0;
            for (std::int32_t y = 0; y < 60; ++y)
                for (std::int32_t x = 0; x < 70; ++x)
                    different += one.pixels.row(y)[x] != three.pixels.row(y)[3 * x];
            CHECK(different == 0);
        }
}
