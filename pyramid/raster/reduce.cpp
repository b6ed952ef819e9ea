// SPDX-License-Identifier: Apache-2.0
#include "pyramid/raster/dispatch.hpp"
#include "pyramid/raster/resample.hpp"

#include <array>
#include <cassert>
#include <cstring>

namespace ardoise {

namespace {

/// Half goes to the even side: always upwards would brighten every level by an eighth of a step.
constexpr std::uint32_t rounded_quarter(std::uint32_t sum)
{
    return (sum + 1 + (sum >> 2 & 1)) >> 2;
}

constexpr std::uint32_t rounded_ratio(std::uint32_t sum, std::uint32_t weight)
{
    std::uint32_t const quotient = sum / weight, twice_rest = sum % weight * 2;
    return quotient + (twice_rest > weight || (twice_rest == weight && quotient % 2 == 1) ? 1 : 0);
}

template <typename Sample>
Sample mean(Sample a, Sample b, Sample c, Sample d)
{
    if constexpr (std::is_floating_point_v<Sample>)
        return static_cast<Sample>((double{a} + double{b} + double{c} + double{d}) / 4);
    else
        return static_cast<Sample>(rounded_quarter(std::uint32_t{a} + b + c + d));
}

/// The four pixels under one pixel, in reading order.
template <typename Sample>
using Four = std::array<Sample, 4>;

/// What weighs nothing is not even looked at: it may be NaN.
template <typename Sample>
Sample weighted_mean(Four<Sample> const& samples, Four<std::uint8_t> const& weights, std::uint32_t weight)
{
    std::conditional_t<std::is_floating_point_v<Sample>, double, std::uint32_t> sum = 0;
    for (std::size_t i = 0; i < 4; ++i)
        if (weights[i] > 0)
            sum += static_cast<decltype(sum)>(samples[i]) * weights[i];
    if constexpr (std::is_floating_point_v<Sample>)
        return static_cast<Sample>(sum / weight);
    else
        return static_cast<Sample>(rounded_ratio(sum, weight));
}

template <int channels, typename Sample>
void reduce_row(Sample const* upper, Sample const* lower, Sample* out, std::int32_t width)
{
    for (std::int32_t x = 0; x < width; ++x, upper += 2 * channels, lower += 2 * channels, out += channels)
        for (int c = 0; c < channels; ++c)
            out[c] = mean(upper[c], upper[c + channels], lower[c], lower[c + channels]);
}

template <int channels, typename Sample>
void reduce_masked_row(Sample const* upper, Sample const* lower, std::uint8_t const* upper_validity,
                       std::uint8_t const* lower_validity, Sample* out, std::uint8_t* out_validity,
                       std::int32_t width)
{
    for (std::int32_t x = 0; x < width; ++x, upper += 2 * channels, lower += 2 * channels, out += channels) {
        Four<std::uint8_t> const weights{upper_validity[2 * x], upper_validity[2 * x + 1],
                                         lower_validity[2 * x], lower_validity[2 * x + 1]};
        auto const weight = std::uint32_t{weights[0]} + weights[1] + weights[2] + weights[3];
        out_validity[x] = static_cast<std::uint8_t>(std::max(rounded_quarter(weight), weight > 0 ? 1U : 0U));
        for (int c = 0; c < channels; ++c)
            out[c] =
                weight == 0
                    ? Sample{0}
                    : weighted_mean<Sample>({upper[c], upper[c + channels], lower[c], lower[c + channels]},
                                            weights, weight);
    }
}

template <int channels, typename Sample>
void reduce(MaskedView from, MaskedRaster& to, std::int32_t x, std::int32_t y)
{
    auto const width = from.pixels.shape.width / 2, height = from.pixels.shape.height / 2;
    for (std::int32_t row = 0; row < height; ++row) {
        auto const* upper = from.pixels.row<Sample>(2 * row);
        auto const* lower = from.pixels.row<Sample>(2 * row + 1);
        auto* out = to.pixels.row<Sample>(y + row) + x * channels;
        auto* out_validity = to.validity.row(y + row) + x;
        if (validity_of(from.crop({0, 2 * row, 2 * width, 2})) == Validity::full) {
            reduce_row<channels>(upper, lower, out, width);
            std::memset(out_validity, 255, static_cast<std::size_t>(width));
        } else {
            reduce_masked_row<channels>(upper, lower, from.validity.row(2 * row),
                                        from.validity.row(2 * row + 1), out, out_validity, width);
        }
    }
}

/// Where the four pixels under one lie that are data, in reading order.
struct Block {
    std::array<std::byte const*, 4> pixels{};
    std::array<std::uint8_t, 4> validity{};
    std::size_t size = 0;
};

Block data_under(MaskedView from, std::int32_t col, std::int32_t row)
{
    auto const bytes = from.pixels.shape.bytes_per_pixel();
    Block block;
    for (std::int32_t i = 0; i < 4; ++i) {
        auto const x = 2 * col + i % 2, y = 2 * row + i / 2;
        auto const valid = from.all_valid() ? std::uint8_t{255} : from.validity.row(y)[x];
        if (valid == 0)
            continue;
        block.pixels[block.size] = from.pixels.row<std::byte>(y) + static_cast<std::size_t>(x) * bytes;
        block.validity[block.size++] = valid;
    }
    return block;
}

/// The first of those that are most often there. What is more than half of them is not counted against.
std::size_t most_frequent(Block const& block, std::size_t bytes)
{
    auto const count = [&](std::size_t one) {
        std::size_t same = 0;
        for (std::size_t i = 0; i < block.size; ++i)
            same += std::memcmp(block.pixels[one], block.pixels[i], bytes) == 0 ? 1 : 0;
        return same;
    };
    std::size_t best = 0, most = count(0);
    for (std::size_t i = 1; i < block.size && 2 * most <= block.size; ++i)
        if (auto const same = count(i); same > most) {
            best = i;
            most = same;
        }
    return best;
}

} // namespace

void reduce_2x2(MaskedView from, MaskedRaster& to, std::int32_t x, std::int32_t y)
{
    auto const& shape = from.pixels.shape;
    assert(shape.width % 2 == 0 && shape.height % 2 == 0);
    assert(shape.channels == to.pixels.shape().channels && shape.type == to.pixels.shape().type);
    assert(x >= 0 && y >= 0 && x + shape.width / 2 <= to.pixels.shape().width &&
           y + shape.height / 2 <= to.pixels.shape().height);
    with_sample_type(shape.type, [&](auto sample) {
        with_channels(shape.channels,
                      [&](auto channels) { reduce<channels(), decltype(sample)>(from, to, x, y); });
    });
}

void pick_2x2(MaskedView from, MaskedRaster& to, std::int32_t x, std::int32_t y)
{
    auto const shape = from.pixels.shape;
    auto const pixel = shape.bytes_per_pixel();
    for (std::int32_t row = 0; row < shape.height / 2; ++row)
        for (std::int32_t col = 0; col < shape.width / 2; ++col) {
            to.validity.row(y + row)[x + col] = 0;
            for (std::int32_t i = 0; i < 4; ++i) {
                auto const from_x = 2 * col + i % 2, from_y = 2 * row + i / 2;
                auto const valid = from.all_valid() ? std::uint8_t{255} : from.validity.row(from_y)[from_x];
                if (valid == 0)
                    continue;
                std::memcpy(to.pixels.row<std::byte>(y + row) + static_cast<std::size_t>(x + col) * pixel,
                            from.pixels.row<std::byte>(from_y) + static_cast<std::size_t>(from_x) * pixel,
                            pixel);
                to.validity.row(y + row)[x + col] = valid;
                break;
            }
        }
}

void mode_2x2(MaskedView from, MaskedRaster& to, std::int32_t x, std::int32_t y)
{
    auto const shape = from.pixels.shape;
    auto const bytes = shape.bytes_per_pixel();
    for (std::int32_t row = 0; row < shape.height / 2; ++row)
        for (std::int32_t col = 0; col < shape.width / 2; ++col) {
            auto const block = data_under(from, col, row);
            auto& validity = to.validity.row(y + row)[x + col];
            validity = 0;
            if (block.size == 0)
                continue;
            auto const chosen = most_frequent(block, bytes);
            std::memcpy(to.pixels.row<std::byte>(y + row) + static_cast<std::size_t>(x + col) * bytes,
                        block.pixels[chosen], bytes);
            validity = block.validity[chosen];
        }
}

Halving halving_of(Resampling resampling)
{
    switch (resampling) {
    case Resampling::near:
        return pick_2x2;
    case Resampling::mode:
        return mode_2x2;
    default:
        return reduce_2x2;
    }
}

} // namespace ardoise
