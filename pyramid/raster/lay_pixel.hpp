// SPDX-License-Identifier: Apache-2.0
// One colour laid on top of another (Porter and Duff's "over", on colours that are not premultiplied).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

namespace ardoise {

inline std::uint8_t rounded_ratio(unsigned numerator, unsigned denominator)
{
    return static_cast<std::uint8_t>((numerator + denominator / 2) / denominator);
}

/// `over` with cover `alpha` on top of `under`: red, green, blue and alpha. Inline in loops, as a call for
/// each pixel is a tenth of a map.
inline void lay_pixel(std::array<std::uint8_t, 4> const& over, unsigned alpha, std::uint8_t* under)
{
    if (alpha == 0)
        return;
    if (alpha == 255 || under[3] == 0) {
        std::copy_n(over.begin(), 3, under);
        under[3] = static_cast<std::uint8_t>(alpha);
        return;
    }
    unsigned const below = under[3] * (255 - alpha); // in 255ths of 255ths
    unsigned const sum = alpha * 255 + below;
    for (std::size_t c = 0; c < 3; ++c)
        under[c] = rounded_ratio(over[c] * alpha * 255 + under[c] * below, sum);
    under[3] = rounded_ratio(sum, 255);
}

/// The same on red, green and blue that nothing shines through.
inline void lay_on_opaque(std::array<std::uint8_t, 4> const& over, unsigned alpha, std::uint8_t* under)
{
    for (std::size_t c = 0; c < 3; ++c)
        under[c] = rounded_ratio(over[c] * alpha + under[c] * (255 - alpha), 255);
}

} // namespace ardoise
