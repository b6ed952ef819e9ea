// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/bake.hpp"
#include "tests/support/dalle.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace ardoise;
using namespace ardoise::test;

namespace {

constexpr double left = 1000, top = 9000; // of the one source, whose pixels are 1 m wide
std::vector<int> const one_band{1};

struct Baked {
    MaskedRaster canvas;
    Validity validity;
};

/// A canvas of `width` x `height` cells whose corner is `x` and `y` metres from the source's, east and south.
Baked bake_at(std::filesystem::path const& file, double x, double y, double cell, std::int32_t width,
              std::int32_t height, Resampling resampling)
{
    auto const source = describe_source(file, {});
    Mosaics const mosaics{group_by_grid({source})};
    SourceReader reader{{}};
    Baked baked{MaskedRaster{{width, height, 1, source.type}}, Validity::none};
    baked.validity =
        bake(mosaics, reader, {left + x, top - y, cell}, source.crs, one_band, resampling, baked.canvas);
    return baked;
}

Dalle heights(std::int32_t width, std::int32_t height)
{
    return {.left = left,
            .top = top,
            .pixel = 1,
            .width = width,
            .height = height,
            .bands = 1,
            .type = SampleType::float32};
}

/// The place in the source from which a sample of numbered_pixels() comes.
struct Place {
    int x, y;
};

double numbered_pixels(double x, double y, int)
{
    return std::floor(top - y) * 4096 + std::floor(x - left);
}

Place place_in(float sample)
{
    auto const number = static_cast<int>(sample);
    return {number % 4096, number / 4096};
}

} // namespace

TEST_CASE("a cell is the mean of its ground, in its place, however many pixels lie in it")
{
    TemporaryFolder const folder;
    auto const slope = [](double x, double y, int) { return 0.37 * (x - left) - 0.21 * (top - y); };
    auto const file = write_dalle(folder / "slope.tif", heights(3000, 2500), slope);
    for (auto const resampling : {Resampling::bilinear, Resampling::cubic, Resampling::lanczos})
        for (double const cell : {1.33, 2.0, 2.5, 3.99, 4.0, 5.0, 7.3, 8.0, 50.0, 127.0}) {
            INFO(cell);
            auto const corner = 6.5 * cell; // far enough from the edge for every kernel
            auto const side = static_cast<std::int32_t>(std::min(300.0, 2500 / cell - 13));
            auto const [canvas, validity] = bake_at(file, corner, corner, cell, side, side, resampling);
            REQUIRE(validity == Validity::full);
            for (std::int32_t row = 0; row < side; row += 3)
                for (std::int32_t col = 0; col < side; col += 2) {
                    double const mean =
                        0.37 * (corner + (col + 0.5) * cell) - 0.21 * (corner + (row + 0.5) * cell);
                    REQUIRE(canvas.pixels.row<float>(row)[col] == Approx(mean).margin(0.03 * cell));
                }
        }
}

TEST_CASE("what waves gently comes out as the mean over each cell's area")
{
    TemporaryFolder const folder;
    auto const waves = [](double x, double y, int) {
        return 120 + 60 * std::sin(x / 97) + 40 * std::cos(y / 131);
    };
    auto const file = write_dalle(folder / "waves.tif", heights(1500, 1500), waves);
    for (double const cell : {2.5, 5.0, 12.5}) {
        INFO(cell);
        auto const [canvas, validity] =
            bake_at(file, 4 * cell, 4 * cell, cell, 100, 100, Resampling::bilinear);
        REQUIRE(validity == Validity::full);
        for (std::int32_t row = 0; row < 100; row += 7)
            for (std::int32_t col = 0; col < 100; ++col) {
                // In steps of half a pixel, as cells of 2.5 px end in the midst of one.
                auto const steps = static_cast<int>(2 * cell);
                double sum = 0;
                for (int j = 0; j < steps; ++j)
                    for (int i = 0; i < steps; ++i)
                        sum += waves(left + std::floor((col + 4) * cell + i * 0.5) + 0.5,
                                     top - std::floor((row + 4) * cell + j * 0.5) - 0.5, 0);
                REQUIRE(canvas.pixels.row<float>(row)[col] == Approx(sum / (steps * steps)).margin(0.3));
            }
    }
}

TEST_CASE("near takes the pixel under the middle of each cell, however many pixels lie in it")
{
    TemporaryFolder const folder;
    auto const file = write_dalle(folder / "numbers.tif", heights(4000, 3000), numbered_pixels);
    for (double const cell : {1.33, 2.5, 4.0, 5.0, 8.0, 12.5, 50.0, 333.0}) {
        INFO(cell);
        double const x = 3.25, y = 7.5;
        auto const width = static_cast<std::int32_t>(std::min(1024.0, (4000 - x) / cell)),
                   height = static_cast<std::int32_t>(std::min(700.0, (3000 - y) / cell));
        auto const [canvas, validity] = bake_at(file, x, y, cell, width, height, Resampling::near);
        REQUIRE(validity == Validity::full);
        for (std::int32_t row = 0; row < height; ++row)
            for (std::int32_t col = 0; col < width; ++col) {
                auto const place = place_in(canvas.pixels.row<float>(row)[col]);
                REQUIRE(place.x == static_cast<int>(std::floor(x + (col + 0.5) * cell + 1e-7)));
                REQUIRE(place.y == static_cast<int>(std::floor(y + (row + 0.5) * cell + 1e-7)));
            }
    }
}

TEST_CASE("beyond the edge nothing is data, near it a share, and what is no data never bleeds")
{
    TemporaryFolder const folder;
    auto dalle = heights(1200, 1000);
    dalle.type = SampleType::uint8;
    dalle.nodata = 0;
    auto const stripes = [](double x, double y, int) { return std::fmod(x + 2 * y, 7) < 3 ? 0.0 : 200.0; };
    auto const file = write_dalle(folder / "stripes.tif", dalle, stripes);
    for (auto const resampling : {Resampling::near, Resampling::bilinear, Resampling::lanczos})
        for (double const cell : {2.5, 5.0, 50.0}) {
            INFO(cell);
            auto const side = static_cast<std::int32_t>(1600 / cell);
            auto const canvas = bake_at(file, -100, -100, cell, side, side, resampling).canvas;
            double data = 0;
            for (std::int32_t row = 0; row < side; ++row)
                for (std::int32_t col = 0; col < side; ++col) {
                    auto const valid = canvas.validity.row(row)[col];
                    REQUIRE(canvas.pixels.row(row)[col] == (valid > 0 ? 200 : 0));
                    data += valid / 255.0 * cell * cell;
                    double const x = -100 + (col + 0.5) * cell, y = -100 + (row + 0.5) * cell,
                                 reach = 3.5 * cell;
                    if (x < -reach || y < -reach || x > 1200 + reach || y > 1000 + reach)
                        REQUIRE(valid == 0);
                }
            // Four of seven pixels are data; near may meet more of them or fewer, where cells and stripes
            // beat.
            if (resampling != Resampling::near)
                CHECK(data == Approx(1200 * 1000 * 4.0 / 7).epsilon(0.02));
        }
}
