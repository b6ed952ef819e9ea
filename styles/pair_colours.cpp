// SPDX-License-Identifier: Apache-2.0
#include "styles/pair_colours.hpp"

#include "pyramid/raster/dispatch.hpp"

#include <cstring>

namespace ardoise {

namespace {

constexpr std::int32_t shades = 256;

/// Two channels: the first rises from top to bottom, the second from left to right.
Raster all_pairs()
{
    auto pairs = Raster::unwritten({shades, shades, 2, SampleType::uint8});
    for (std::int32_t a = 0; a < shades; ++a) {
        auto* to = pairs.row(a);
        for (std::int32_t b = 0; b < shades; ++b) {
            *to++ = static_cast<std::uint8_t>(a);
            *to++ = static_cast<std::uint8_t>(b);
        }
    }
    return pairs;
}

template <int channels, int colour_channels>
void look_up(NormalisedDifference const& bands, std::uint8_t const* colours, RasterView values,
             Raster& picture)
{
    for (std::int32_t y = 0; y < values.shape.height; ++y) {
        auto const* from = values.row(y);
        auto* to = picture.row(y);
        for (std::int32_t x = 0; x < values.shape.width; ++x, from += channels, to += colour_channels) {
            auto const pair = std::size_t{from[bands.a - 1]} * shades + from[bands.b - 1];
            std::memcpy(to, colours + pair * colour_channels, colour_channels);
        }
    }
}

} // namespace

PairColours::PairColours(NormalisedDifference const& bands, Palette const& palette)
    : bands_{bands}, colours_{coloured(normalised_difference({1, 2}, all_pairs().view()).view(), palette)}
{
}

Raster PairColours::picture_of(RasterView values) const
{
    auto const colour_channels = colours_.shape().channels;
    auto picture =
        Raster::unwritten({values.shape.width, values.shape.height, colour_channels, SampleType::uint8});
    with_channels(values.shape.channels, [&](auto channels) {
        if (colour_channels == 3)
            look_up<channels(), 3>(bands_, colours_.row(0), values, picture);
        else
            look_up<channels(), 4>(bands_, colours_.row(0), values, picture);
    });
    return picture;
}

} // namespace ardoise
