// SPDX-License-Identifier: Apache-2.0
#include "styles/shade.hpp"

#include "pyramid/raster/dispatch.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace ardoise {

namespace {

/// What colours are multiplied by under each grey, in 4096ths.
using Factors = std::array<unsigned, 256>;
constexpr unsigned factor_bits = 12, one = 1U << factor_bits;

Factors factors_of(Shade const& shade)
{
    Factors factors{};
    double const level = std::max(1, level_grey(shade.hillshade) - 1); // of light 0 the grey is 1
    for (std::size_t grey = 0; grey < factors.size(); ++grey) {
        double const light = std::max(0.0, static_cast<double>(grey) - 1) / level;
        factors[grey] = static_cast<unsigned>(std::lround(one * (1 + shade.strength * (light - 1))));
    }
    return factors;
}

template <int Channels>
void shade_row(Factors const& factors, std::uint8_t const* light, std::uint8_t const* valid,
               std::int32_t pixels, std::uint8_t* colours)
{
    constexpr int lit = Channels == 2 || Channels == 4 ? Channels - 1 : Channels;
    for (std::int32_t x = 0; x < pixels; ++x, colours += Channels) {
        auto const factor = valid == nullptr || valid[x] != 0 ? factors[light[x]] : one;
        for (int c = 0; c < lit; ++c)
            colours[c] =
                static_cast<std::uint8_t>(std::min((colours[c] * factor + one / 2) >> factor_bits, 255U));
    }
}

} // namespace

void shade(Shade const& shade, MaskedView light, Raster& picture)
{
    auto const factors = factors_of(shade);
    auto const shape = picture.shape();
    with_channels(shape.channels, [&](auto channels) {
        for (std::int32_t y = 0; y < shape.height; ++y)
            shade_row<channels>(factors, light.pixels.row(y),
                                light.all_valid() ? nullptr : light.validity.row(y), shape.width,
                                picture.row(y));
    });
}

} // namespace ardoise
