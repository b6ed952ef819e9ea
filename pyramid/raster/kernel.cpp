// SPDX-License-Identifier: Apache-2.0
#include "pyramid/raster/kernel.hpp"

#include <algorithm>
#include <array>
#include <numbers>
#include <utility>
#include <vector>

namespace ardoise {

namespace {

constexpr int lobes = 3;
constexpr int steps_per_pixel = 2048;

double sinc(double x)
{
    return x == 0 ? 1 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x);
}

std::vector<double> lanczos_table()
{
    std::vector<double> table(lobes * steps_per_pixel + 2);
    for (std::size_t i = 0; i < lobes * steps_per_pixel; ++i) {
        double const x = static_cast<double>(i) / steps_per_pixel;
        table[i] = sinc(x) * sinc(x / lobes);
    }
    // Exactly nothing at whole pixels, where the sine of a multiple of pi leaves noise.
    for (std::size_t i = steps_per_pixel; i < table.size(); i += steps_per_pixel)
        table[i] = 0;
    return table;
}

} // namespace

double lanczos_weight(double distance)
{
    static std::vector<double> const table = lanczos_table();
    double const at = std::abs(distance) * steps_per_pixel;
    if (!(at < lobes * steps_per_pixel))
        return 0;
    auto const step = static_cast<std::size_t>(at);
    return table[step] + (at - static_cast<double>(step)) * (table[step + 1] - table[step]);
}

std::optional<Resampling> parse_resampling(std::string_view name)
{
    using enum Resampling;
    static constexpr std::array<std::pair<std::string_view, Resampling>, 11> names{{
        {"near", near},
        {"nn", near},
        {"bilinear", bilinear},
        {"linear", bilinear},
        {"cubic", cubic},
        {"bicubic", cubic},
        {"lanczos", lanczos},
        {"lanczos_2", lanczos},
        {"lanczos_3", lanczos},
        {"lanczos_4", lanczos},
        {"mode", mode},
    }};
    auto const found =
        std::find_if(names.begin(), names.end(), [&](auto const& entry) { return entry.first == name; });
    return found == names.end() ? std::nullopt : std::optional{found->second};
}

std::string_view rok4_name(Resampling resampling)
{
    switch (resampling) {
    case Resampling::near:
    case Resampling::mode:
        return "nn";
    case Resampling::bilinear:
        return "linear";
    case Resampling::cubic:
        return "bicubic";
    case Resampling::lanczos:
        break;
    }
    return "lanczos";
}

std::int32_t kernel_margin(Resampling resampling, double source_pixels_per_pixel)
{
    if (kernel_of(resampling) == Resampling::near)
        return 1;
    double const radius = kernel_radius(resampling) * std::clamp(source_pixels_per_pixel, 1.0, widest_kernel);
    return static_cast<std::int32_t>(std::ceil(radius)) + 1;
}

} // namespace ardoise
