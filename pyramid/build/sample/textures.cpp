// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/sample/textures.hpp"

#include "pyramid/build/sample/noise.hpp"

#include <algorithm>

namespace ardoise::sample {

namespace {

constexpr std::int32_t coarse = 8; // pixels between two computed values of the patches

std::int32_t floor_divided(std::int32_t a, std::int32_t b)
{
    return a >= 0 ? a / b : -((-a + b - 1) / b);
}

/// Value noise that repeats after `cells` lattice steps in either direction.
double periodic_noise(std::uint64_t seed, double x, double y, int cells)
{
    auto const at = [&](int i, int j) { return unit(hash_of(seed, i % cells, j % cells)) * 2 - 1; };
    int const i = static_cast<int>(x), j = static_cast<int>(y);
    double const s = smoothstep(0, 1, x - i), t = smoothstep(0, 1, y - j);
    return (at(i, j) * (1 - s) + at(i + 1, j) * s) * (1 - t) +
           (at(i, j + 1) * (1 - s) + at(i + 1, j + 1) * s) * t;
}

std::int8_t to_byte(double value)
{
    return static_cast<std::int8_t>(std::lround(std::clamp(value, -1.0, 1.0) * 127));
}

/// The slow changes of colour at one corner of the coarse lattice.
double patches_at(std::uint64_t seed, std::int32_t i, std::int32_t j)
{
    double const x = i * coarse * 0.05, y = j * coarse * 0.05;
    double const wide = fractal_noise(seed, x / 60, y / 60, 2);
    double const fine = fractal_noise(seed + 9, x / 9, y / 9, 3);
    return wide * 0.8 + fine * 0.9;
}

} // namespace

Textures::Table Textures::noise_table(std::uint64_t seed, int side, int coarsest, int finest)
{
    Table table{side, {}};
    std::vector<double> sums(static_cast<std::size_t>(side) * static_cast<std::size_t>(side));
    double total = 0, weight = 1;
    for (int cells = side / coarsest; cells <= side / finest; cells *= 2, weight *= 0.75) {
        double const step = static_cast<double>(cells) / side;
        for (int y = 0; y < side; ++y)
            for (int x = 0; x < side; ++x)
                sums[static_cast<std::size_t>(y * side + x)] +=
                    weight * periodic_noise(hash_of(seed, cells), x * step, y * step, cells);
        total += weight * weight;
    }
    // Two tables are added: each fills half of the range at twice its deviation.
    double const scale = 0.36 / (0.45 * std::sqrt(total));
    table.values.reserve(sums.size());
    for (double const sum : sums)
        table.values.push_back(static_cast<std::int8_t>(to_byte(sum * scale) / 2));
    return table;
}

Textures::Textures(std::uint64_t seed)
    : grain_{noise_table(hash_of(seed, 1), 509, 1, 1), noise_table(hash_of(seed, 2), 487, 2, 1)},
      mottle_{noise_table(hash_of(seed, 3), 503, 48, 3), noise_table(hash_of(seed, 4), 541, 60, 4)}, seed_{
                                                                                                         seed}
{
    Dice dice{hash_of(seed, 5)};
    for (int i = 0; i < 64 * 64; ++i)
        pieces_.push_back(static_cast<std::int8_t>(dice.pick(64) - 32));
}

void Textures::Table::add_row(std::int64_t x, std::int64_t y, std::int32_t count, std::int16_t* sum) const
{
    auto const wrapped = [this](std::int64_t v) {
        return static_cast<std::int32_t>(((v % side) + side) % side);
    };
    std::int8_t const* const row = values.data() + static_cast<std::ptrdiff_t>(wrapped(y)) * side;
    std::int32_t from = wrapped(x);
    for (std::int32_t done = 0; done < count; from = 0) {
        std::int32_t const run = std::min(count - done, side - from);
        for (std::int32_t i = 0; i < run; ++i)
            sum[done + i] = static_cast<std::int16_t>(sum[done + i] + row[from + i]);
        done += run;
    }
}

void Textures::sensor_row(std::uint64_t kind, std::int32_t x, std::int32_t y, std::int32_t count,
                          std::int8_t* row) const
{
    std::vector<std::int16_t> sum(static_cast<std::size_t>(count));
    auto const shift = static_cast<std::int64_t>(kind >> 44);
    grain_[0].add_row(x + shift, y + shift / 3, count, sum.data());
    grain_[1].add_row(x - shift, y + shift / 7, count, sum.data());
    for (std::int32_t i = 0; i < count; ++i)
        row[i] = static_cast<std::int8_t>(sum[static_cast<std::size_t>(i)]);
}

NoisePlanes Textures::planes(Window window, int sun_x, int sun_y) const
{
    auto const width = static_cast<std::size_t>(window.width),
               height = static_cast<std::size_t>(window.height);
    NoisePlanes planes;
    for (auto* plane : {&planes.grain, &planes.mottle, &planes.emboss, &planes.patches})
        plane->resize(width * height);

    std::int32_t const i0 = floor_divided(window.x, coarse), j0 = floor_divided(window.y, coarse);
    std::int32_t const columns = floor_divided(window.x + window.width, coarse) - i0 + 2;
    std::int32_t const rows = floor_divided(window.y + window.height, coarse) - j0 + 2;
    std::vector<std::int32_t> lattice;
    for (std::int32_t j = 0; j < rows; ++j)
        for (std::int32_t i = 0; i < columns; ++i)
            lattice.push_back(to_byte(patches_at(hash_of(seed_, 6), i0 + i, j0 + j)));

    std::vector<std::int16_t> sum(width), other(width);
    std::vector<std::int32_t> column(static_cast<std::size_t>(columns));
    for (std::int32_t y = 0; y < window.height; ++y) {
        auto const at = static_cast<std::size_t>(y) * width;
        std::int32_t const global = window.y + y;
        sensor_row(0, window.x, global, window.width, planes.grain.data() + at);

        std::fill(sum.begin(), sum.end(), std::int16_t{0});
        std::fill(other.begin(), other.end(), std::int16_t{0});
        for (auto const& table : mottle_) {
            table.add_row(window.x, global, window.width, sum.data());
            table.add_row(window.x + sun_x, global + sun_y, window.width, other.data());
        }
        for (std::size_t x = 0; x < width; ++x) {
            planes.mottle[at + x] = static_cast<std::int8_t>(sum[x]);
            planes.emboss[at + x] = static_cast<std::int8_t>((sum[x] - other[x]) / 2);
        }

        std::int32_t const j = floor_divided(global, coarse), part = global - j * coarse;
        auto const base = static_cast<std::size_t>(j - j0) * static_cast<std::size_t>(columns);
        for (std::size_t i = 0; i < column.size(); ++i)
            column[i] = lattice[base + i] * (coarse - part) +
                        lattice[base + static_cast<std::size_t>(columns) + i] * part;
        for (std::int32_t x = 0; x < window.width; ++x) {
            std::int32_t const i = floor_divided(window.x + x, coarse), share = window.x + x - i * coarse;
            auto const k = static_cast<std::size_t>(i - i0);
            planes.patches[at + static_cast<std::size_t>(x)] = static_cast<std::int8_t>(
                (column[k] * (coarse - share) + column[k + 1] * share) / (coarse * coarse));
        }
    }
    return planes;
}

} // namespace ardoise::sample
