// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/report/preview.hpp"

#include "pyramid/raster/dispatch.hpp"
#include "pyramid/raster/resample.hpp"

#include <algorithm>
#include <cmath>

namespace ardoise {

namespace {

constexpr std::int64_t longest_side = 1024, most_tiles = 4096;

/// A rectangle of pixels of a level (halved so many times), half-open.
struct Frame {
    std::size_t level = 0;
    int halvings = 0;
    std::int64_t left = 0, top = 0, right = 0, bottom = 0;

    std::int64_t longer_side() const { return std::max(right - left, bottom - top); }
};

/// The ground of the base level's limits.
Frame frame_at(Pyramid const& pyramid, std::size_t level, int halvings)
{
    constexpr double nothing = 1e-6; // of a pixel
    auto const ground = pyramid.extent();
    auto const& matrix = pyramid.matrix(pyramid.levels[level]);
    double const pixel = matrix.cell_size * (1 << halvings);
    auto const first = [&](double distance) {
        return static_cast<std::int64_t>(std::floor(distance / pixel + nothing));
    };
    auto const last = [&](double distance) {
        return static_cast<std::int64_t>(std::ceil(distance / pixel - nothing));
    };
    return {level,
            halvings,
            first(ground.min_x - matrix.origin_x),
            first(matrix.origin_y - ground.max_y),
            last(ground.max_x - matrix.origin_x),
            last(matrix.origin_y - ground.min_y)};
}

Frame choose_frame(Pyramid const& pyramid)
{
    for (auto level = pyramid.levels.size(); level-- > 0;)
        if (auto const frame = frame_at(pyramid, level, 0); frame.longer_side() <= longest_side)
            return frame;
    auto const shape = pyramid.tile_shape(pyramid.finest());
    auto frame = frame_at(pyramid, 0, 0);
    while (frame.longer_side() > longest_side && (shape.width >> frame.halvings) % 2 == 0 &&
           (shape.height >> frame.halvings) % 2 == 0)
        frame = frame_at(pyramid, 0, frame.halvings + 1);
    return frame;
}

MaskedRaster halved(MaskedRaster pixels, int halvings)
{
    for (int i = 0; i < halvings; ++i) {
        auto shape = pixels.pixels.shape();
        shape.width /= 2;
        shape.height /= 2;
        MaskedRaster half{shape};
        reduce_2x2(pixels.view(), half, 0, 0);
        pixels = std::move(half);
    }
    return pixels;
}

MaskedRaster compose(StandingPyramid const& stored, Frame const& frame)
{
    auto const& pyramid = stored.pyramid();
    auto const& level = pyramid.levels[frame.level];
    auto shape = pyramid.tile_shape(level);
    auto const tile_width = shape.width >> frame.halvings, tile_height = shape.height >> frame.halvings;
    shape.width = static_cast<std::int32_t>(frame.right - frame.left);
    shape.height = static_cast<std::int32_t>(frame.bottom - frame.top);
    MaskedRaster picture{shape};
    for (auto row = level.limits.first.row; row < level.limits.last.row; ++row)
        for (auto col = level.limits.first.col; col < level.limits.last.col; ++col)
            if (auto tile = stored.pixels(level, {col, row})) {
                auto const small = halved(std::move(*tile), frame.halvings);
                auto const x = static_cast<std::int32_t>(col * tile_width - frame.left);
                auto const y = static_cast<std::int32_t>(row * tile_height - frame.top);
                paste(small.pixels.view(), picture.pixels, x, y);
                paste(small.validity.view(), picture.validity, x, y);
            }
    return picture;
}

/// From samples of any type to the 256 values of a picture.
struct Stretch {
    double lowest = 0, highest = 255;

    std::uint8_t operator()(double value) const
    {
        return to_sample<std::uint8_t>((value - lowest) / (highest - lowest) * 255);
    }
};

template <typename Sample>
Stretch stretch_over(MaskedRaster const& picture, std::int32_t shown)
{
    auto const& shape = picture.pixels.shape();
    if (shape.type == SampleType::uint8)
        return {};
    double lowest = HUGE_VAL, highest = -HUGE_VAL;
    for (std::int32_t y = 0; y < shape.height; ++y)
        for (std::int32_t x = 0; x < shape.width; ++x)
            if (picture.validity.row(y)[x] > 0)
                for (std::int32_t c = 0; c < shown; ++c) {
                    double const value = picture.pixels.row<Sample>(y)[x * shape.channels + c];
                    lowest = std::min(lowest, value);
                    highest = std::max(highest, value);
                }
    return highest > lowest ? Stretch{lowest, highest} : Stretch{lowest, lowest + 1};
}

template <typename Sample>
Raster as_rgba(MaskedRaster const& picture)
{
    auto const& shape = picture.pixels.shape();
    std::int32_t const shown = shape.channels >= 3 ? 3 : 1;
    auto const stretch = stretch_over<Sample>(picture, shown);
    Raster rgba{{shape.width, shape.height, 4}};
    for (std::int32_t y = 0; y < shape.height; ++y)
        for (std::int32_t x = 0; x < shape.width; ++x) {
            auto* const to = rgba.row(y) + 4 * x;
            auto const alpha = picture.validity.row(y)[x];
            if (alpha == 0)
                continue;
            auto const* const from = picture.pixels.row<Sample>(y) + x * shape.channels;
            for (std::int32_t c = 0; c < 3; ++c)
                to[c] = stretch(from[std::min(c, shown - 1)]);
            to[3] = alpha;
        }
    return rgba;
}

} // namespace

std::optional<Preview> compose_preview(StandingPyramid const& stored)
{
    auto const& pyramid = stored.pyramid();
    auto const frame = choose_frame(pyramid);
    auto const& level = pyramid.levels[frame.level];
    if (level.limits.cols() * level.limits.rows() > most_tiles)
        return std::nullopt;
    auto const picture = compose(stored, frame);
    Preview preview;
    with_sample_type(picture.pixels.shape().type,
                     [&](auto sample) { preview.pixels = as_rgba<decltype(sample)>(picture); });
    auto const& matrix = pyramid.matrix(level);
    double const pixel = matrix.cell_size * (1 << frame.halvings);
    preview.ground = {matrix.origin_x + static_cast<double>(frame.left) * pixel,
                      matrix.origin_y - static_cast<double>(frame.bottom) * pixel,
                      matrix.origin_x + static_cast<double>(frame.right) * pixel,
                      matrix.origin_y - static_cast<double>(frame.top) * pixel};
    return preview;
}

} // namespace ardoise
