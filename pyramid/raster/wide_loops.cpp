// SPDX-License-Identifier: Apache-2.0
#include "pyramid/raster/wide_loops.hpp"

#include "pyramid/raster/dispatch.hpp"

#include <algorithm>
#include <array>

// The bodies are inlined into both versions. AVX2 alone, without FMA, which would round otherwise.
#define ARDOISE_BODY [[gnu::always_inline]] inline
#if defined(__x86_64__)
#define ARDOISE_AVX2 [[gnu::target("avx2")]]
#else
#define ARDOISE_AVX2
#endif

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
    std::array<float, block> sums{};
    for (auto const [row, weight] : rows)
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

ARDOISE_AVX2 void across_avx2(EvenTaps const& taps, float const* source, std::span<float> out)
{
    across(taps, source, out);
}

ARDOISE_AVX2 void down_avx2(std::span<WeighedRow const> rows, std::span<std::uint8_t> out)
{
    down(rows, out);
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

void subtract(Processor processor, std::span<std::byte const> row, std::byte const* above, std::byte* to)
{
    processor == Processor::avx2 ? difference_avx2(row, above, to) : difference(row, above, to);
}

} // namespace ardoise
