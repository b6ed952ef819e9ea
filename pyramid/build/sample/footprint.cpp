// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/sample/footprint.hpp"

#include "pyramid/build/sample/noise.hpp"

#include <algorithm>

namespace ardoise::sample {

namespace {

/// How far the edge lies inside its side of the rectangle, `near` and `far` being the distances to the
/// corners.
double depth(std::uint64_t seed, double dalle, double near, double far, double cut_near, double cut_far)
{
    double const wavy = fractal_noise(seed, near / dalle * 0.8, 0.5, 4);
    double const frayed = dalle * 0.5 * fractal_noise(seed + 77, near / dalle * 1.3, 0.5, 4);
    double const held =
        smoothstep(cut_near * 0.5, cut_near * 0.75, near) * smoothstep(cut_far * 0.5, cut_far * 0.75, far);
    double const loose = dalle * (0.19 + 0.16 * wavy);
    return std::max({loose * held, cut_near - near + frayed * held, cut_far - far + frayed * held});
}

} // namespace

Footprint::Footprint(std::uint64_t seed, Window whole, std::int32_t dalle_pixels)
{
    double const dalle = dalle_pixels, width = whole.width, height = whole.height;
    Point const corners[] = {{0, 0}, {width, 0}, {width, height}, {0, height}};
    double cuts[4];
    for (int i = 0; i < 4; ++i)
        cuts[i] = std::min(width, height) * (0.2 + 0.2 * unit(hash_of(seed, 0xF007, i)));
    Point const offset{static_cast<double>(whole.x), static_cast<double>(whole.y)};
    for (int side = 0; side < 4; ++side) {
        Point const from = corners[side], to = corners[(side + 1) % 4];
        Point const along = direction(to - from), inward = left(along);
        double const far = length(to - from), first = cuts[side] / 2, last = far - cuts[(side + 1) % 4] / 2;
        int const steps = std::max(4, static_cast<int>((last - first) / dalle * 12));
        for (int step = 0; step < steps; ++step) {
            double const at = first + (last - first) * step / steps;
            double const in =
                depth(hash_of(seed, 0xF008, side), dalle, at, far - at, cuts[side], cuts[(side + 1) % 4]);
            edge_.push_back(offset + from + along * at + inward * in);
        }
    }
    top_ = whole.y;
    row_height_ = dalle;
    sides_by_row_.resize(static_cast<std::size_t>(std::ceil(height / dalle)));
    auto const row_of = [&](double y) {
        double const last = static_cast<double>(sides_by_row_.size()) - 1;
        return static_cast<std::size_t>(std::clamp((y - top_) / row_height_, 0.0, last));
    };
    for (std::size_t i = 0; i < edge_.size(); ++i) {
        double const a = edge_[i].y, b = edge_[(i + 1) % edge_.size()].y;
        for (std::size_t row = row_of(std::min(a, b)); row <= row_of(std::max(a, b)); ++row)
            sides_by_row_[row].push_back(i);
    }
}

std::vector<double> Footprint::crossings(double y) const
{
    std::vector<double> found;
    auto const row = static_cast<std::int64_t>(std::floor((y - top_) / row_height_));
    if (row < 0 || row >= static_cast<std::int64_t>(sides_by_row_.size()))
        return found;
    for (std::size_t const i : sides_by_row_[static_cast<std::size_t>(row)]) {
        Point const a = edge_[i], b = edge_[(i + 1) % edge_.size()];
        if ((a.y <= y) != (b.y <= y))
            found.push_back(a.x + (y - a.y) * ((b.x - a.x) / (b.y - a.y)));
    }
    std::sort(found.begin(), found.end());
    return found;
}

std::vector<std::uint8_t> Footprint::mask(Window window) const
{
    std::vector<std::uint8_t> mask(static_cast<std::size_t>(window.width) *
                                   static_cast<std::size_t>(window.height));
    for (std::int32_t y = 0; y < window.height; ++y) {
        auto const found = crossings(window.y + y + 0.5);
        for (std::size_t i = 0; i + 1 < found.size(); i += 2) {
            auto const pixel = [&](double x) {
                return static_cast<std::ptrdiff_t>(
                    std::clamp(std::ceil(x - window.x - 0.5), 0.0, 1.0 * window.width));
            };
            auto const row = mask.begin() + static_cast<std::ptrdiff_t>(y) * window.width;
            std::fill(row + pixel(found[i]), row + pixel(found[i + 1]), std::uint8_t{255});
        }
    }
    return mask;
}

Coverage Footprint::coverage(Window window) const
{
    bool some = false, all = true;
    for (std::int32_t y = 0; y < window.height; ++y) {
        auto const found = crossings(window.y + y + 0.5);
        bool whole_row = false;
        for (std::size_t i = 0; i + 1 < found.size(); i += 2) {
            some = some || (found[i] <= window.x + window.width - 0.5 && found[i + 1] > window.x + 0.5);
            whole_row =
                whole_row || (found[i] <= window.x + 0.5 && found[i + 1] > window.x + window.width - 0.5);
        }
        all = all && whole_row;
        if (some && !all)
            return Coverage::partial;
    }
    return all ? Coverage::full : Coverage::none;
}

bool Footprint::contains(Point pixel) const
{
    auto const found = crossings(pixel.y);
    return (std::lower_bound(found.begin(), found.end(), pixel.x) - found.begin()) % 2 == 1;
}

} // namespace ardoise::sample
