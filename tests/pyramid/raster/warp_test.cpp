// SPDX-License-Identifier: Apache-2.0
#include "pyramid/raster/warp.hpp"

#include "tests/pyramid/raster/paint.hpp"

#include <cmath>
#include <limits>

using namespace ardoise;
using namespace ardoise::test;

namespace {

constexpr std::array all_kernels{Resampling::near, Resampling::bilinear, Resampling::cubic,
                                 Resampling::lanczos};
constexpr double nowhere = std::numeric_limits<double>::quiet_NaN();

struct Point {
    double x, y;
};

template <typename F>
PixelMapping mapping_of(F point_to_point)
{
    return [=](std::span<double> xs, std::span<double> ys) {
        for (std::size_t i = 0; i < xs.size(); ++i) {
            Point const to = point_to_point(Point{xs[i], ys[i]});
            xs[i] = to.x;
            ys[i] = to.y;
        }
    };
}

PixelMapping mapping_of(SourceWindow window, std::int32_t width, std::int32_t height)
{
    return mapping_of([=](Point p) {
        return Point{window.x + p.x * window.width / width, window.y + p.y * window.height / height};
    });
}

/// A picture whose samples are their own coordinates: a warp by any interpolating kernel shows where it
/// looked.
Raster coordinates(std::int32_t width, std::int32_t height)
{
    return paint({width, height, 2, SampleType::float32},
                 [](auto x, auto y, auto c) { return (c == 0 ? x : y) + 0.5; });
}

} // namespace

TEST_CASE("a warp that changes nothing changes nothing, in all shapes and by all kernels")
{
    for (auto const& shape : all_shapes(90, 70))
        for (auto const resampling : all_kernels) {
            INFO(name_of(shape) << ", " << name_of(resampling));
            auto const picture = noise(shape);
            auto const result =
                warp({picture.view(), {}}, mapping_of([](Point p) { return p; }), 90, 70, resampling);
            CHECK(same_pixels(result.pixels.view(), picture.view()));
            CHECK(validity_of(result.view()) == Validity::full);
        }
}

TEST_CASE("a warp onto a parallel grid is a resampling")
{
    for (auto const& shape : all_shapes(120, 110))
        for (auto const resampling : all_kernels)
            for (auto const& window : {SourceWindow{10.3, 12.6, 70, 60},
                                       {9.2, 8, 35.5, 30.1},
                                       {-5, -5, 130, 120},
                                       {0.5, 0.3, 110, 105}}) {
                INFO(name_of(shape) << ", " << name_of(resampling) << ", " << window.x);
                auto const picture = with_holes(noise(shape));
                auto const warped = warp(picture.view(), mapping_of(window, 70, 60), 70, 60, resampling);
                auto const resampled = resample(picture.view(), window, 70, 60, resampling);
                double const slack = shape.type == SampleType::float32 ? 0.01 : 1;
                int different = 0;
                for (std::int32_t y = 0; y < 60; ++y)
                    for (std::int32_t x = 0; x < 70; ++x) {
                        auto const a = sample(warped.pixels.view(), x, y, 0),
                                   b = sample(resampled.pixels.view(), x, y, 0);
                        int const apart = std::abs(warped.validity.row(y)[x] - resampled.validity.row(y)[x]);
                        different += std::abs(a - b) > slack || apart > 1;
                    }
                CHECK(different <=
                      2); // where half of the weight is missing, the last bit decides between kernels
            }
}

TEST_CASE("the fast road of bilinear gives what the exact one gives")
{
    auto const turn = mapping_of([](Point p) {
        return Point{40 + 0.96 * p.x - 0.25 * p.y, 20 + 0.25 * p.x + 0.96 * p.y};
    });
    for (std::int32_t const channels : {1, 2, 3, 4}) {
        INFO(channels << " channels");
        auto const picture = noise({200, 200, channels});
        auto const as_float = paint({200, 200, channels, SampleType::float32},
                                    [&](auto x, auto y, auto c) { return sample(picture.view(), x, y, c); });
        auto const fast = warp({picture.view(), {}}, turn, 120, 120, Resampling::bilinear);
        auto const exact = warp({as_float.view(), {}}, turn, 120, 120, Resampling::bilinear);
        for (std::int32_t y = 0; y < 120; ++y)
            for (std::int32_t x = 0; x < 120; ++x)
                for (std::int32_t c = 0; c < channels; ++c)
                    REQUIRE(std::abs(sample(fast.pixels.view(), x, y, c) -
                                     sample(exact.pixels.view(), x, y, c)) < 0.75);
        CHECK(fast.validity.empty());
        CHECK(exact.validity.empty());
    }
}

TEST_CASE("a warp within what has no validity of its own gives none, one beyond its edges does")
{
    auto const picture = noise({200, 200, 1});
    auto const known = all_valid(picture.clone());
    for (double const shift : {30.0, 3.0, -30.0}) {
        auto const turn = mapping_of([=](Point p) {
            return Point{shift + 0.99 * p.x + 0.05 * p.y, shift + 0.99 * p.y};
        });
        INFO("shifted by " << shift);
        auto const without = warp({picture.view(), {}}, turn, 140, 140, Resampling::bilinear);
        auto const with = warp(known.view(), turn, 140, 140, Resampling::bilinear);
        CHECK(same_pixels(without.pixels.view(), with.pixels.view()));
        CHECK(without.validity.empty() == (shift > 0));
        CHECK(validity_of(with.view()) == (shift > 0 ? Validity::full : Validity::partial));
    }
}

TEST_CASE("a curved mapping is followed within the tolerance")
{
    auto const bent = [](Point p) {
        return Point{60 + 0.8 * p.x + 12 * std::sin(p.y / 40),
                     60 + 0.6 * p.y + 9 * std::cos(p.x / 31) + p.x * p.y / 1500};
    };
    auto const picture = coordinates(600, 600);
    for (double const tolerance : {0.5, 0.125, 0.01, 0.0}) {
        INFO(tolerance);
        auto const result =
            warp({picture.view(), {}}, mapping_of(bent), 300, 200, Resampling::bilinear, tolerance);
        REQUIRE(validity_of(result.view()) == Validity::full);
        double worst = 0;
        for (std::int32_t y = 0; y < 200; ++y)
            for (std::int32_t x = 0; x < 300; ++x) {
                auto const to = bent({x + 0.5, y + 0.5});
                worst = std::max(worst, std::hypot(sample(result.pixels.view(), x, y, 0) - to.x,
                                                   sample(result.pixels.view(), x, y, 1) - to.y));
            }
        CHECK(worst <= tolerance + 1e-3);
    }
}

TEST_CASE("a gentle mapping is computed on few points, a bent one on more")
{
    auto const picture = coordinates(600, 600);
    std::size_t points = 0;
    auto const counting = [&](PixelMapping mapping) {
        points = 0;
        return [&points, mapping = std::move(mapping)](std::span<double> xs, std::span<double> ys) {
            points += xs.size();
            mapping(xs, ys);
        };
    };
    warp({picture.view(), {}}, counting(mapping_of([](Point p) { return p; })), 512, 512, Resampling::near);
    CHECK(points == 9 * 9);
    warp({picture.view(), {}}, counting(mapping_of([](Point p) {
             return Point{p.x + 5 * std::sin(p.y / 9), p.y};
         })),
         512, 512, Resampling::near);
    CHECK(points > 9 * 9);
    CHECK(points < 512 * 512);
}

TEST_CASE("pixels without a counterpart are invalid, and those with one are not")
{
    auto const picture = plain({300, 300, 3}, 77);
    auto const from_centre = [](double x, double y) { return std::hypot(x - 130, y - 120); };
    auto const disc = mapping_of([=](Point p) {
        return from_centre(p.x, p.y) < 101.3 ? p : Point{nowhere, nowhere};
    });
    for (auto const resampling : all_kernels) {
        INFO(name_of(resampling));
        auto const result = warp({picture.view(), {}}, disc, 250, 240, resampling);
        for (std::int32_t y = 0; y < 240; ++y)
            for (std::int32_t x = 0; x < 250; ++x) {
                double const distance = from_centre(x + 0.5, y + 0.5);
                int const validity = result.validity.row(y)[x];
                if (distance >= 101.3)
                    REQUIRE(validity == 0);
                else if (distance < 100) // of a sliver between two lattice points nothing is promised
                    REQUIRE(validity == 255);
                REQUIRE(result.pixels.row(y)[3 * x] == (validity > 0 ? 77 : 0));
            }
    }
}

TEST_CASE("a mapping to nowhere, to infinity or far away gives nothing")
{
    auto const picture = noise({50, 50, 3});
    constexpr double infinity = std::numeric_limits<double>::infinity();
    for (double const away : {nowhere, infinity, -infinity, 1e300, 1e9, -1e6, 5000.0})
        for (auto const resampling : all_kernels) {
            INFO(away << ", " << name_of(resampling));
            auto const result = warp({picture.view(), {}}, mapping_of([=](Point p) {
                                         return Point{p.x, p.y + away};
                                     }),
                                     70, 70, resampling);
            CHECK(validity_of(result.view()) == Validity::none);
            CHECK(same_pixels(result.pixels.view(), Raster{{70, 70, 3}}.view()));
        }
}

TEST_CASE("what lies across a date line is not smeared between its sides")
{
    // Source coordinates jump from 400 to 0 at x = 100: a cell over the jump must be split, not interpolated.
    auto const picture = coordinates(400, 100);
    auto const jump = mapping_of([](Point p) { return Point{p.x < 100 ? 300 + p.x : p.x - 100, p.y}; });
    auto const result = warp({picture.view(), {}}, jump, 200, 100, Resampling::near);
    for (std::int32_t x = 0; x < 200; ++x)
        CHECK(sample(result.pixels.view(), x, 50, 0) == (x < 100 ? 300 + x : x - 100) + 0.5);
}

TEST_CASE("no data never bleeds into data in a warp")
{
    auto const turn = mapping_of([](Point p) {
        return Point{10 + 0.8 * p.x - 0.5 * p.y, 5 + 0.5 * p.x + 0.8 * p.y};
    });
    auto const shrink = mapping_of([](Point p) {
        return Point{2.7 * p.x - 0.4 * p.y, 0.4 * p.x + 2.7 * p.y};
    });
    for (auto const& shape : all_shapes(150, 150))
        for (auto const resampling : all_kernels)
            for (auto const& mapping : {turn, shrink}) {
                INFO(name_of(shape) << ", " << name_of(resampling));
                auto const picture = with_holes(plain(shape, 200));
                auto const result = warp(picture.view(), mapping, 80, 80, resampling);
                CHECK(validity_of(result.view()) == Validity::partial);
                for (std::int32_t y = 0; y < 80; ++y)
                    for (std::int32_t x = 0; x < 80; ++x)
                        REQUIRE(sample(result.pixels.view(), x, y, 0) ==
                                (result.validity.row(y)[x] > 0 ? 200 : 0));
            }
}

TEST_CASE("a shrinking warp looks at every source pixel")
{
    // A fine chequerboard becomes its mean; a kernel that was not widened would give black or white.
    auto const board = paint({512, 512, 1}, [](auto x, auto y, auto) { return (x + y) % 2 * 254; });
    auto const shrink = mapping_of([](Point p) { return Point{50 + 4 * p.x, 60 + 4 * p.y}; });
    for (auto const resampling : {Resampling::bilinear, Resampling::cubic, Resampling::lanczos}) {
        INFO(name_of(resampling));
        auto const result = warp({board.view(), {}}, shrink, 90, 90, resampling);
        for (std::int32_t y = 0; y < 90; ++y)
            for (std::int32_t x = 0; x < 90; ++x)
                REQUIRE(std::abs(result.pixels.row(y)[x] - 127) <= 2);
    }
}

TEST_CASE("a mapping that degenerates ends")
{
    auto const picture = noise({300, 300, 3});
    auto const wild = mapping_of([](Point p) { return Point{1e5 / (p.x - 20.25), std::exp(p.y / 3)}; });
    for (auto const resampling : all_kernels)
        CHECK(warp({picture.view(), {}}, wild, 64, 64, resampling).pixels.shape() == RasterShape{64, 64, 3});
}

TEST_CASE("one pixel can be warped, and one row, and one column")
{
    auto const picture = plain({20, 20, 4}, 31);
    for (auto const resampling : all_kernels)
        for (auto const& [width, height] : {std::pair{1, 1}, {1, 65}, {65, 1}, {129, 3}}) {
            INFO(width << " x " << height << ", " << name_of(resampling));
            auto const result = warp({picture.view(), {}}, mapping_of({8, 8, 4, 4}, width, height), width,
                                     height, resampling);
            CHECK(same_pixels(result.pixels.view(), plain({width, height, 4}, 31).view()));
        }
}
