// SPDX-License-Identifier: Apache-2.0
#include "tests/pyramid/raster/paint.hpp"

#include <cmath>
#include <numbers>

using namespace ardoise;
using namespace ardoise::test;

namespace {

constexpr std::array all_kernels{Resampling::near, Resampling::bilinear, Resampling::cubic,
                                 Resampling::lanczos};
constexpr std::array smooth_kernels{Resampling::bilinear, Resampling::cubic, Resampling::lanczos};

double kernel(Resampling resampling, double distance)
{
    double const x = std::abs(distance), pi_x = std::numbers::pi * x;
    switch (resampling) {
    case Resampling::near:
    case Resampling::mode:
        return 0; // picked, not weighed
    case Resampling::bilinear:
        return x < 1 ? 1 - x : 0;
    case Resampling::cubic:
        return x < 1   ? 1.5 * x * x * x - 2.5 * x * x + 1
               : x < 2 ? -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2
                       : 0;
    case Resampling::lanczos:
        return x == 0 ? 1 : x < 3 ? 3 * std::sin(pi_x) * std::sin(pi_x / 3) / (pi_x * pi_x) : 0;
    }
    return 0;
}

struct Expected {
    double value = 0, share = 0;
};

/// The definition, over every pixel of the source, in double precision.
Expected expected_at(MaskedView from, double x, double y, double stretch_x, double stretch_y,
                     Resampling resampling, std::int32_t channel)
{
    constexpr std::int32_t beyond = 40;
    double sum = 0, share = 0, total = 0;
    for (std::int32_t j = -beyond; j < from.pixels.shape.height + beyond; ++j)
        for (std::int32_t i = -beyond; i < from.pixels.shape.width + beyond; ++i) {
            double const weight =
                kernel(resampling, (i + 0.5 - x) / stretch_x) * kernel(resampling, (j + 0.5 - y) / stretch_y);
            total += weight;
            if (weight == 0 || i < 0 || j < 0 || i >= from.pixels.shape.width ||
                j >= from.pixels.shape.height)
                continue;
            double const validity = from.all_valid() ? 1 : from.validity.row(j)[i] / 255.0;
            if (validity == 0)
                continue;
            sum += weight * validity * sample(from.pixels, i, j, channel);
            share += weight * validity;
        }
    return {sum / share, share / total};
}

double highest(SampleType type)
{
    return type == SampleType::uint8 ? 255 : type == SampleType::uint16 ? 65535 : 1e30;
}

void check_resampled(MaskedView from, SourceWindow window, std::int32_t width, std::int32_t height,
                     Resampling resampling)
{
    auto const result = resample(from, window, width, height, resampling);
    auto const& shape = result.pixels.shape();
    REQUIRE(shape == RasterShape{width, height, from.pixels.shape.channels, from.pixels.shape.type});
    double const scale_x = window.width / width, scale_y = window.height / height;
    double const slack = shape.type == SampleType::float32 ? 0.01 : 0.51;
    for (std::int32_t y = 0; y < height; ++y)
        for (std::int32_t x = 0; x < width; ++x)
            for (std::int32_t c = 0; c < shape.channels; ++c) {
                auto const [value, share] =
                    expected_at(from, window.x + (x + 0.5) * scale_x, window.y + (y + 0.5) * scale_y,
                                std::max(1.0, scale_x), std::max(1.0, scale_y), resampling, c);
                double const low = shape.type == SampleType::float32 ? -1e30 : 0;
                double const validity = result.view().all_valid() ? 255 : result.validity.row(y)[x];
                if (share > 0.51) {
                    REQUIRE(std::abs(sample(result.pixels.view(), x, y, c) -
                                     std::clamp(value, low, highest(shape.type))) <= slack);
                    REQUIRE(std::abs(validity - std::clamp(255 * share, 0.0, 255.0)) <= 0.51);
                }
            }
}

} // namespace

TEST_CASE("resamplings are known by GDAL's and by ROK4's names")
{
    struct Case {
        std::string_view name;
        std::optional<Resampling> expected;
    };
    using enum Resampling;
    for (auto const& [name, expected] : {Case{"near", near},
                                         {"bilinear", bilinear},
                                         {"cubic", cubic},
                                         {"lanczos", lanczos},
                                         {"nn", near},
                                         {"linear", bilinear},
                                         {"bicubic", cubic},
                                         {"lanczos_2", lanczos},
                                         {"lanczos_3", lanczos},
                                         {"lanczos_4", lanczos},
                                         {"", {}},
                                         {"NEAR", {}},
                                         {"lanczos_5", {}},
                                         {"average", {}}}) {
        INFO(name);
        CHECK(parse_resampling(name) == expected);
    }
}

TEST_CASE("a resampling is read back from its ROK4 name")
{
    for (auto const resampling : all_kernels)
        CHECK(parse_resampling(rok4_name(resampling)) == resampling);
}

TEST_CASE("a margin grows with the kernel and with the scale")
{
    CHECK(kernel_margin(Resampling::near, 1) >= 1);
    CHECK(kernel_margin(Resampling::bilinear, 0.25) == 2);
    CHECK(kernel_margin(Resampling::bilinear, 1) == 2);
    CHECK(kernel_margin(Resampling::cubic, 1) == 3);
    CHECK(kernel_margin(Resampling::lanczos, 1) == 4);
    CHECK(kernel_margin(Resampling::lanczos, 2.5) == 9);
}

TEST_CASE("a window of whole pixels at 1:1 is copied exactly, in all shapes and by all kernels")
{
    for (auto const& shape : all_shapes(30, 20))
        for (auto const resampling : all_kernels) {
            INFO(name_of(shape) << ", " << name_of(resampling));
            auto const picture = noise(shape);
            auto const copy = resample({picture.view(), {}}, {5, 4, 20, 10}, 20, 10, resampling);
            CHECK(same_pixels(copy.pixels.view(), picture.view().crop({5, 4, 20, 10})));
            CHECK(validity_of(copy.view()) == Validity::full);
        }
}

TEST_CASE("halfway between pixels bilinear is what it is elsewhere, to the bit")
{
    for (std::int32_t const channels : {1, 2, 3, 4})
        for (auto const& window :
             {SourceWindow{4.5, 3.5, 33, 20}, {4.5, 3, 33, 20}, {4, 3.5, 33, 20}, {0, 0.5, 39, 29}}) {
            INFO(channels << " channels, " << window.x << ", " << window.y);
            auto const picture = all_valid(noise({40, 30, channels}));
            auto const width = static_cast<std::int32_t>(window.width),
                       height = static_cast<std::int32_t>(window.height);
            auto const by_means =
                resample({picture.pixels.view(), {}}, window, width, height, Resampling::bilinear);
            auto const by_kernels = resample(picture.view(), window, width, height, Resampling::bilinear);
            CHECK(same_pixels(by_means.pixels.view(), by_kernels.pixels.view()));
        }
    auto const picture = noise({40, 30, 1});
    auto const beyond = resample({picture.view(), {}}, {7.5, 0, 33, 30}, 33, 30, Resampling::bilinear);
    CHECK(validity_of(beyond.view()) == Validity::partial);
}

TEST_CASE("what has no validity of its own gets none, unless a kernel reaches beyond the edges")
{
    auto const picture = noise({40, 40, 1});
    for (auto const resampling : smooth_kernels)
        for (auto const& window :
             {SourceWindow{8, 8, 20, 20}, {8.5, 8, 20, 20}, {8.2, 8.1, 20, 20}, {8, 8, 22, 21}}) {
            INFO(name_of(resampling) << ", " << window.x << ", " << window.width);
            CHECK(resample({picture.view(), {}}, window, 20, 20, resampling).validity.empty());
            auto const known = all_valid(picture.clone());
            auto const kept = resample(known.view(), window, 20, 20, resampling);
            CHECK(same_pixels(kept.validity.view(), plain({20, 20, 1}, 255).view()));
        }
    for (auto const& window : {SourceWindow{-1, 0, 20, 20}, {20.5, 8, 20, 20}, {20.2, 8.1, 20, 20}})
        CHECK(validity_of(resample({picture.view(), {}}, window, 20, 20, Resampling::bilinear).view()) ==
              Validity::partial);
}

TEST_CASE("an exact copy keeps validity and clears what is not data")
{
    for (auto const& shape : all_shapes(30, 20)) {
        INFO(name_of(shape));
        auto const picture = with_holes(noise(shape));
        auto const copy = resample(picture.view(), {5, 4, 20, 10}, 20, 10, Resampling::cubic);
        CHECK(same_pixels(copy.validity.view(), picture.validity.view().crop({5, 4, 20, 10})));
        for (std::int32_t y = 0; y < 10; ++y)
            for (std::int32_t x = 0; x < 20; ++x)
                REQUIRE(sample(copy.pixels.view(), x, y, 0) ==
                        (copy.validity.row(y)[x] > 0 ? sample(picture.pixels.view(), x + 5, y + 4, 0) : 0));
    }
}

TEST_CASE("a copy beyond the edges is invalid there")
{
    auto const picture = noise({10, 10, 3});
    struct Case {
        std::int32_t x, y;
    };
    for (auto const [left, top] : {Case{-3, -2}, {6, 7}, {-20, 0}, {0, 40}}) {
        INFO(left << ", " << top);
        auto const copy =
            resample({picture.view(), {}}, {1.0 * left, 1.0 * top, 8, 8}, 8, 8, Resampling::cubic);
        Raster expected{{8, 8, 3}}, validity{{8, 8, 1}};
        paste(picture.view(), expected, -left, -top);
        paste(plain({10, 10, 1}, 255).view(), validity, -left, -top);
        CHECK(same_pixels(copy.pixels.view(), expected.view()));
        CHECK(same_pixels(copy.validity.view(), validity.view()));
    }
}

TEST_CASE("near takes the pixel under each centre")
{
    auto const picture = with_holes(noise({12, 12, 2, SampleType::uint16}));
    for (auto const& window :
         {SourceWindow{0, 0, 12, 12}, {2.3, 1.7, 5, 7}, {-4, -4, 20, 20}, {0, 0, 1.5, 1.5}}) {
        auto const result = resample(picture.view(), window, 9, 7, Resampling::near);
        for (std::int32_t y = 0; y < 7; ++y)
            for (std::int32_t x = 0; x < 9; ++x) {
                auto const from_x =
                    static_cast<std::int32_t>(std::floor(window.x + (x + 0.5) * window.width / 9));
                auto const from_y =
                    static_cast<std::int32_t>(std::floor(window.y + (y + 0.5) * window.height / 7));
                bool const inside = from_x >= 0 && from_y >= 0 && from_x < 12 && from_y < 12;
                REQUIRE(result.validity.row(y)[x] == (inside ? picture.validity.row(from_y)[from_x] : 0));
                REQUIRE(
                    sample(result.pixels.view(), x, y, 1) ==
                    (result.validity.row(y)[x] > 0 ? sample(picture.pixels.view(), from_x, from_y, 1) : 0));
            }
    }
}

TEST_CASE("resampling follows its definition, enlarging and shrinking, in all shapes")
{
    for (auto const& shape : all_shapes(26, 24))
        for (auto const resampling : smooth_kernels) {
            INFO(name_of(shape) << ", " << name_of(resampling));
            auto const picture = noise(shape);
            check_resampled({picture.view(), {}}, {7.3, 6.9, 9, 8}, 13, 17, resampling);
            check_resampled({picture.view(), {}}, {0, 0, 26, 24}, 11, 7, resampling);
            check_resampled({picture.view(), {}}, {4.5, 4.5, 12, 12}, 12, 12, resampling);
        }
}

TEST_CASE("resampling follows its definition where not all is data")
{
    for (auto const& shape : all_shapes(26, 24))
        for (auto const resampling : smooth_kernels) {
            INFO(name_of(shape) << ", " << name_of(resampling));
            auto const picture = with_holes(noise(shape));
            check_resampled(picture.view(), {7.3, 6.9, 9, 8}, 13, 17, resampling);
            check_resampled(picture.view(), {-3, -2, 40, 30}, 11, 7, resampling);
        }
}

TEST_CASE("all of a constant is that constant, and nothing bleeds into it")
{
    for (auto const& shape : all_shapes(40, 40))
        for (auto const resampling : all_kernels)
            for (auto const& window : {SourceWindow{0, 0, 40, 40}, {3.3, 2.1, 20, 20}, {-10, -10, 60, 60}}) {
                INFO(name_of(shape) << ", " << name_of(resampling));
                auto const picture = with_holes(plain(shape, 200));
                auto const result = resample(picture.view(), window, 33, 31, resampling);
                for (std::int32_t y = 0; y < 31; ++y)
                    for (std::int32_t x = 0; x < 33; ++x)
                        REQUIRE(sample(result.pixels.view(), x, y, shape.channels - 1) ==
                                (result.validity.row(y)[x] > 0 ? 200 : 0));
            }
}

TEST_CASE("values never overshoot wildly beside missing data")
{
    for (auto const resampling : smooth_kernels) {
        INFO(name_of(resampling));
        auto const picture = with_holes(noise({40, 40, 1, SampleType::float32}));
        auto const result = resample(picture.view(), {3.3, 2.1, 30, 30}, 47, 45, resampling);
        for (std::int32_t y = 0; y < 45; ++y)
            for (std::int32_t x = 0; x < 47; ++x)
                REQUIRE(std::abs(result.pixels.row<float>(y)[x]) < 5000);
    }
}

TEST_CASE("inside, where all is data, all is valid")
{
    auto const picture = noise({64, 64, 3});
    for (auto const resampling : smooth_kernels)
        for (double const size : {10.0, 33.3, 50.0}) {
            INFO(name_of(resampling) << ", " << size);
            auto const result =
                resample({picture.view(), {}}, {7 - 0.1, 7 + 0.1, size, size}, 30, 30, resampling);
            CHECK(validity_of(result.view()) == Validity::full);
        }
}

TEST_CASE("two windows with their margins give the pixels of one")
{
    for (auto const resampling : all_kernels)
        for (double const scale : {0.4, 0.75, 1.7, 3.0}) {
            INFO(name_of(resampling) << ", scale " << scale);
            auto const picture = with_holes(noise({200, 60, 3}));
            std::int32_t const half = 24;
            SourceWindow const both{20, 20, 2 * half * scale, 6 * scale};
            auto const whole = resample(picture.view(), both, 2 * half, 6, resampling);
            auto const margin = kernel_margin(resampling, scale);
            for (std::int32_t const part : {0, 1}) {
                double const left = both.x + part * half * scale;
                auto const first = static_cast<std::int32_t>(std::floor(left)) - margin;
                auto const last = static_cast<std::int32_t>(std::ceil(left + half * scale)) + margin;
                PixelBox const seen{std::max(0, first), 0, last - std::max(0, first), 60};
                auto const piece =
                    resample(picture.view().crop(seen), {left - seen.x, both.y, half * scale, both.height},
                             half, 6, resampling);
                CHECK(same_pixels(piece.pixels.view(), whole.pixels.view().crop({part * half, 0, half, 6})));
                CHECK(same_pixels(piece.validity.view(),
                                  whole.validity.view().crop({part * half, 0, half, 6})));
            }
        }
}

TEST_CASE("a window far outside is all invalid")
{
    auto const picture = noise({10, 10, 3});
    for (auto const resampling : all_kernels)
        for (auto const& window :
             {SourceWindow{1000, 0, 15, 15}, {0, -1e12, 15, 15}, {1e300, 1e300, 15, 15}}) {
            INFO(name_of(resampling));
            auto const result = resample({picture.view(), {}}, window, 10, 10, resampling);
            CHECK(validity_of(result.view()) == Validity::none);
            CHECK(same_pixels(result.pixels.view(), Raster{{10, 10, 3}}.view()));
        }
}
