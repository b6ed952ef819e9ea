// SPDX-License-Identifier: Apache-2.0
// Inner loops that gain from wide registers: each compiled twice, for any processor and for those with AVX2,
// from the same source and to the same result, bit by bit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ardoise {

enum class Processor { any, avx2 };
/// What this machine has.
Processor this_processor();

/// What the pixels of one axis draw from, as many taps for each: weights[tap * pixels + pixel].
struct EvenTaps {
    std::vector<std::int32_t> firsts; // a source pixel for each pixel
    std::vector<float> weights;
    std::int32_t taps = 0;
};

/// out[x] = the sum of weights times source[firsts[x]...].
void mix_across(Processor processor, EvenTaps const& taps, float const* source, std::span<float> out);

struct WeighedRow {
    float const* row;
    float weight;
};

/// Each pixel the sum of weights times rows, of which there is one at least, rounded to nearest and kept
/// within 0 to 255.
void mix_down(Processor processor, std::span<WeighedRow const> rows, std::span<std::uint8_t> out);

/// Where points run through a plane: the first one, counted from a source pixel's centre, and the way to the
/// next. No point is further than 2^(31 - fraction_bits) pixels from that one.
struct BlendPath {
    static constexpr int fraction_bits = 20;
    std::int32_t x = 0, y = 0, step_x = 0, step_y = 0;
};

/// Bilinear: each pixel of `out` a blend of the four around its point. `source` is the pixel that the path is
/// counted from; two bytes before the upper left one of the four are read as well.
void blend_along(Processor processor, std::uint8_t const* source, std::int32_t stride, BlendPath path,
                 std::span<std::uint8_t> out);

/// to[i] = row[i] - above[i], beyond 0 and 255 from the other end.
void subtract(Processor processor, std::span<std::byte const> row, std::byte const* above, std::byte* to);

} // namespace ardoise
