// SPDX-License-Identifier: Apache-2.0
// What a style of water adds to a tile: 256x256 pixels of heights and flood levels are decoded, coloured and
// encoded, beside the same tile decoded and the same picture encoded, in turns, on one thread.
//
//   water_tile [SECONDS]
//
// The terrain is a made-up valley, half of it wet. Prints microseconds of CPU a tile, and the ratio.

#include "pyramid/base/number.hpp"
#include "pyramid/raster/flood.hpp"
#include "pyramid/store/tile_format.hpp"
#include "styles/style.hpp"

#include <fmt/format.h>

#include <cmath>
#include <ctime>
#include <random>

namespace ardoise {
namespace {

constexpr std::int32_t side = 256;
constexpr RasterShape shape{side, side, 2, SampleType::float32};

/// A river down the middle between rough slopes, and the levels at which it floods them.
Raster valley()
{
    Terrain terrain{side, side, {}};
    std::mt19937 dice{1}; // NOLINT(cert-msc51-cpp): the same ground at every run
    std::normal_distribution<float> rough{0, 0.05F};
    for (std::int32_t y = 0; y < side; ++y)
        for (std::int32_t x = 0; x < side; ++x)
            terrain.heights.push_back(
                15 +
                0.04F * std::abs(static_cast<float>(x) - 128 - 30 * std::sin(static_cast<float>(y) / 40)) +
                0.5F * std::sin(static_cast<float>(x) / 17) * std::cos(static_cast<float>(y) / 23) +
                rough(dice));
    std::uint32_t const river = 128;
    auto const levels = flood_levels(terrain, {&river, 1});
    Raster both{shape};
    for (std::size_t i = 0; i < levels.size(); ++i) {
        both.row<float>(0)[2 * i] = terrain.heights[i];
        both.row<float>(0)[2 * i + 1] = levels[i];
    }
    return both;
}

Style water()
{
    return parse_style({R"({"identifier":"water","title":"Water","water":{"range":[0,30],"default":17.5},
        "palette":{"rgb_continuous":true,"alpha_continuous":true,"colours":[
            {"value":0,"red":190,"green":220,"blue":250,"alpha":150},
            {"value":1,"red":90,"green":160,"blue":230,"alpha":190},
            {"value":4,"red":20,"green":60,"blue":150,"alpha":220}]}})",
                        "water.json"});
}

/// As a canvas does it: nothing where it is dry.
Raster seen(MaskedRaster picture)
{
    for (std::int32_t y = 0; y < side; ++y)
        for (std::int32_t x = 0; x < side; ++x)
            if (picture.validity.row(y)[x] == 0)
                std::fill_n(picture.pixels.row(y) + 4 * x, 4, std::uint8_t{0});
    return std::move(picture.pixels);
}

double cpu_seconds()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

template <typename Work>
double seconds_of(Work const& work)
{
    auto const start = cpu_seconds();
    for (int i = 0; i < 20; ++i)
        work();
    return (cpu_seconds() - start) / 20;
}

void run(double seconds)
{
    auto const& format = *find_tile_format("TIFF_ZIP_FLOAT32");
    auto const stored = encode_tile(valley().view(), format, 100);
    auto const style = water();
    auto const decode = [&] {
        MaskedRaster terrain;
        terrain.pixels = decode_tile(stored, format, shape);
        return terrain;
    };
    auto const picture = seen(apply(style, decode()));
    std::size_t bytes = 0; // so that nothing is left out
    double plain = 0, styled = 0;
    int turns = 0;
    for (auto const end = cpu_seconds() + seconds; cpu_seconds() < end; ++turns) {
        plain += seconds_of([&] {
            bytes += decode().pixels.bytes().size();
            bytes += png::encode(picture.view()).size();
        });
        styled += seconds_of([&] { bytes += png::encode(seen(apply(style, decode())).view()).size(); });
    }
    fmt::print("decoded and encoded {:.0f} us, in a style of water {:.0f} us, ratio {:.3f} ({} turns)\n",
               1e6 * plain / turns, 1e6 * styled / turns, styled / plain, bytes > 0 ? turns : 0);
}

} // namespace
} // namespace ardoise

int main(int count, char** values)
{
    auto const seconds = count > 1 ? ardoise::parse_number<double>(values[1]) : std::optional{5.0};
    if (!seconds || *seconds <= 0) {
        fmt::print(stderr, "usage: water_tile [SECONDS]\n");
        return 2;
    }
    ardoise::run(*seconds);
}
