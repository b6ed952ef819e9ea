// SPDX-License-Identifier: Apache-2.0
#include "server/render/sight.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ardoise {

namespace {

/// A level may be enlarged this much before the next finer one is taken.
constexpr double most_enlarged = 1.25;
/// Pixels that one layer of a map may decode: the largest map at the least favourable level needs fewer.
constexpr std::int64_t most_pixels = 48 << 20;

bool is_whole(double pixels)
{
    return std::abs(pixels - std::round(pixels)) < 1e-6;
}

} // namespace

Sight::Sight(Layer const& layer, MapFrame frame)
    : layer_{layer}, frame_{std::move(frame)}, is_parallel_{same_place(frame_.crs, layer.pyramid.set->crs)},
      ground_{layer.transform_from(frame_.crs).apply(frame_.box)}, pixel_width_{ground_.width() /
                                                                                frame_.width},
      pixel_height_{ground_.height() / frame_.height}, level_{find_level()}
{
}

Level const* Sight::find_level() const
{
    double const wanted = std::sqrt(pixel_width_ * pixel_height_) * most_enlarged;
    auto const& levels = layer_.pyramid.levels;
    auto level = std::find_if(levels.begin(), levels.end(), [&](Level const& one) {
        return layer_.pyramid.matrix(one).cell_size <= wanted;
    });
    if (level == levels.end())
        --level;
    while (level != levels.begin() && pixels_on(*level) > most_pixels)
        --level;
    return &*level;
}

double Sight::enlargement() const
{
    return layer_.pyramid.matrix(*level_).cell_size / std::sqrt(pixel_width_ * pixel_height_);
}

std::int64_t Sight::pixels_on(Level const& level) const
{
    auto const window = window_on(level, 1);
    return std::int64_t{window.width} * window.height;
}

bool Sight::is_affordable() const
{
    return ground_.empty() || pixels_on(*level_) <= most_pixels;
}

/// Whether the map's pixels are the level's, one by one.
bool Sight::is_copy_of(Level const& level) const
{
    auto const& matrix = layer_.pyramid.matrix(level);
    return is_parallel_ && is_whole((ground_.min_x - matrix.origin_x) / matrix.cell_size) &&
           is_whole((matrix.origin_y - ground_.max_y) / matrix.cell_size) &&
           std::abs(ground_.width() / matrix.cell_size - frame_.width) < 1e-6 &&
           std::abs(ground_.height() / matrix.cell_size - frame_.height) < 1e-6;
}

/// The ground that is drawn from: a copy needs nothing around it.
BoundingBox Sight::reach(Level const& level, int margins) const
{
    if (is_copy_of(level))
        return ground_;
    auto const& matrix = layer_.pyramid.matrix(level);
    double const scale = std::max({1.0, pixel_width_ / matrix.cell_size, pixel_height_ / matrix.cell_size});
    double const margin = (kernel_margin(map_resampling, scale) + 1) * matrix.cell_size * margins;
    return {ground_.min_x - margin, ground_.min_y - margin, ground_.max_x + margin, ground_.max_y + margin};
}

LevelWindow Sight::window_on(Level const& level, int margins) const
{
    auto const& matrix = layer_.pyramid.matrix(level);
    auto const part = intersect(extent(matrix, layer_.pyramid.tiles_of_extent(level)), reach(level, margins));
    if (ground_.empty() || part.empty())
        return {};
    auto const x =
        static_cast<std::int64_t>(std::floor((part.min_x - matrix.origin_x) / matrix.cell_size + 1e-6));
    auto const y =
        static_cast<std::int64_t>(std::floor((matrix.origin_y - part.max_y) / matrix.cell_size + 1e-6));
    auto const right =
        static_cast<std::int64_t>(std::ceil((part.max_x - matrix.origin_x) / matrix.cell_size - 1e-6));
    auto const bottom =
        static_cast<std::int64_t>(std::ceil((matrix.origin_y - part.min_y) / matrix.cell_size - 1e-6));
    constexpr std::int64_t longest = 1 << 20; // more is never affordable, and must not overflow
    return {x, y, static_cast<std::int32_t>(std::min(right - x, longest)),
            static_cast<std::int32_t>(std::min(bottom - y, longest))};
}

LevelWindow Sight::window(int margins) const
{
    return intersect(ground_, layer_.pyramid.extent()).empty() ? LevelWindow{} : window_on(*level_, margins);
}

bool Sight::is_inside(int margins) const
{
    auto const wanted = reach(*level_, margins),
               there = extent(layer_.pyramid.matrix(*level_), level_->limits);
    return !ground_.empty() && wanted.min_x >= there.min_x && wanted.min_y >= there.min_y &&
           wanted.max_x <= there.max_x && wanted.max_y <= there.max_y;
}

SourceWindow Sight::frame_in(LevelWindow window) const
{
    auto const& matrix = layer_.pyramid.matrix(*level_);
    auto const& box = frame_.box;
    auto const x = (box.min_x - matrix.origin_x) / matrix.cell_size - static_cast<double>(window.x),
               y = (matrix.origin_y - box.max_y) / matrix.cell_size - static_cast<double>(window.y);
    if (is_copy_of(*level_)) // without the noise of the arithmetic
        return {std::round(x), std::round(y), static_cast<double>(frame_.width),
                static_cast<double>(frame_.height)};
    return {x, y, box.width() / matrix.cell_size, box.height() / matrix.cell_size};
}

PixelMapping Sight::mapping_to(LevelWindow window, int step) const
{
    auto const& matrix = layer_.pyramid.matrix(*level_);
    double const left = matrix.origin_x + static_cast<double>(window.x) * matrix.cell_size,
                 top = matrix.origin_y - static_cast<double>(window.y) * matrix.cell_size;
    double const pixel_width = step * frame_.box.width() / frame_.width,
                 pixel_height = step * frame_.box.height() / frame_.height;
    return [=, &transform = layer_.transform_from(frame_.crs), box = frame_.box,
            cell = step * matrix.cell_size](std::span<double> x, std::span<double> y) {
        for (std::size_t i = 0; i < x.size(); ++i) {
            x[i] = box.min_x + x[i] * pixel_width;
            y[i] = box.max_y - y[i] * pixel_height;
        }
        transform.apply(x, y);
        for (std::size_t i = 0; i < x.size(); ++i) {
            x[i] = (x[i] - left) / cell;
            y[i] = (top - y[i]) / cell;
        }
    };
}

} // namespace ardoise
