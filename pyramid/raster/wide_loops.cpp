// SPDX-License-Identifier: Apache-2.0
#include "pyramid/raster/wide_loops.hpp"

#include "pyramid/raster/dispatch.hpp"
#include "pyramid/raster/two_versions.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace ardoise {

namespace {

ARDOISE_BODY void across(EvenTaps const& taps, float const* source, std::span<float> out)
{
    auto const pixels = out.size();
    auto const* const firsts = taps.firsts.data();
    auto* const sums = out.data();
    std::fill(out.begin(), out.end(), 0.0F);
    for (std::int32_t tap = 0; tap < taps.taps; ++tap) {
        auto const* const weights = taps.weights.data() + static_cast<std::size_t>(tap) * pixels;
        auto const* const from = source + tap;
#pragma GCC ivdep
        for (std::size_t x = 0; x < pixels; ++x)
            sums[x] += weights[x] * from[firsts[x]];
    }
}

/// So many pixels at a time stay in registers or beside them.
constexpr std::size_t block = 64;

ARDOISE_BODY void down_block(std::span<WeighedRow const> rows, std::size_t at, std::size_t count,
                             std::uint8_t* out)
{
    std::array<float, block> sums; // written from the first row on
    for (std::size_t i = 0; i < count; ++i)
        sums[i] = rows[0].weight * rows[0].row[at + i];
    for (auto const [row, weight] : rows.subspan(1))
        for (std::size_t i = 0; i < count; ++i)
            sums[i] += weight * row[at + i];
    for (std::size_t i = 0; i < count; ++i)
        out[at + i] = to_sample<std::uint8_t>(sums[i]);
}

ARDOISE_BODY void down(std::span<WeighedRow const> rows, std::span<std::uint8_t> out)
{
    std::size_t at = 0;
    for (; at + block <= out.size(); at += block)
        down_block(rows, at, block, out.data());
    down_block(rows, at, out.size() - at, out.data());
}

ARDOISE_BODY void difference(std::span<std::byte const> row, std::byte const* above, std::byte* to)
{
#pragma GCC ivdep
    for (std::size_t i = 0; i < row.size(); ++i)
        to[i] =
            static_cast<std::byte>(std::to_integer<unsigned>(row[i]) - std::to_integer<unsigned>(above[i]));
}

/// Four bytes as one number, wherever they stand.
using AnyFour [[gnu::aligned(1), gnu::may_alias]] = std::uint32_t;
static_assert(std::endian::native == std::endian::little, "the last of four bytes is the highest");

ARDOISE_BODY void blend(std::uint8_t const* source, std::int32_t stride, BlendPath path,
                        std::span<std::uint8_t> out)
{
    constexpr int weight_bits = 11; // two weights and a sample fit in 32 bits
    constexpr int idle_bits = BlendPath::fraction_bits - weight_bits;
    constexpr std::uint32_t whole = 1U << weight_bits;
    auto const* const first_upper = source - 2; // four bytes that end with the pixel on the right
    auto const* const first_lower = first_upper + stride;
    path.x += 1 << (idle_bits - 1); // half a weight: the nearest one is taken
    path.y += 1 << (idle_bits - 1);
    auto const weight = [](std::int32_t coordinate) {
        return static_cast<std::uint32_t>(coordinate) >> idle_bits & (whole - 1);
    };
    auto* const blended = out.data();
    auto const pixels = static_cast<std::int32_t>(out.size());
#pragma GCC ivdep
    for (std::int32_t i = 0; i < pixels; ++i, path.x += path.step_x, path.y += path.step_y) {
        auto const at = (path.y >> BlendPath::fraction_bits) * stride + (path.x >> BlendPath::fraction_bits);
        auto const upper = *reinterpret_cast<AnyFour const*>(first_upper + at),
                   lower = *reinterpret_cast<AnyFour const*>(first_lower + at);
        auto const upper_left = upper >> 16 & 255, lower_left = lower >> 16 & 255;
        auto const right = weight(path.x), below = weight(path.y);
        auto const upper_mix = upper_left * whole + ((upper >> 24) - upper_left) * right;
        auto const lower_mix = lower_left * whole + ((lower >> 24) - lower_left) * right;
        auto const sum = upper_mix * whole + (lower_mix - upper_mix) * below;
        blended[i] = static_cast<std::uint8_t>((sum + whole * whole / 2) >> (2 * weight_bits));
    }
}

ARDOISE_AVX2 void across_avx2(EvenTaps const& taps, float const* source, std::span<float> out)
{
    across(taps, source, out);
}

ARDOISE_AVX2 void down_avx2(std::span<WeighedRow const> rows, std::span<std::uint8_t> out)
{
    down(rows, out);
}

ARDOISE_AVX2 void blend_avx2(std::uint8_t const* source, std::int32_t stride, BlendPath path,
                             std::span<std::uint8_t> out)
{
    blend(source, stride, path, out);
}

ARDOISE_AVX2 void difference_avx2(std::span<std::byte const> row, std::byte const* above, std::byte* to)
{
    difference(row, above, to);
}

} // namespace

Processor this_processor()
{
#if defined(__x86_64__)
    static bool const has_avx2 = __builtin_cpu_supports("avx2") != 0;
    return has_avx2 ? Processor::avx2 : Processor::any;
#else
    return Processor::any;
#endif
}

void mix_across(Processor processor, EvenTaps const& taps, float const* source, std::span<float> out)
{
    processor == Processor::avx2 ? across_avx2(taps, source, out) : across(taps, source, out);
}

void mix_down(Processor processor, std::span<WeighedRow const> rows, std::span<std::uint8_t> out)
{
    processor == Processor::avx2 ? down_avx2(rows, out) : down(rows, out);
}

void blend_along(Processor processor, std::uint8_t const* source, std::int32_t stride, BlendPath path,
                 std::span<std::uint8_t> out)
{
    processor == Processor::avx2 ? blend_avx2(source, stride, path, out) : blend(source, stride, path, out);
}

void subtract(Processor processor, std::span<std::byte const> row, std::byte const* above, std::byte* to)
{
    processor == Processor::avx2 ? difference_avx2(row, above, to) : difference(row, above, to);
}

} // namespace ardoise
