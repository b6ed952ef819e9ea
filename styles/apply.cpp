// SPDX-License-Identifier: Apache-2.0
#include "styles/style.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ardoise {

namespace {

std::uint8_t between(std::uint8_t a, std::uint8_t b, double share)
{
    return static_cast<std::uint8_t>(std::lround(a + (b - a) * share));
}

void write_colour(PaletteColour const& colour, std::uint8_t*& to, bool no_alpha)
{
    *to++ = colour.red;
    *to++ = colour.green;
    *to++ = colour.blue;
    if (!no_alpha)
        *to++ = colour.alpha;
}

/// Values in, colours out; `colour` maps one sample.
template <typename Sample, typename Colour>
Raster map_samples(Raster const& values, bool no_alpha, Colour const& colour)
{
    auto const shape = values.shape();
    Raster picture{{shape.width, shape.height, no_alpha ? 3 : 4, SampleType::uint8}};
    for (std::int32_t y = 0; y < shape.height; ++y) {
        auto const* from = values.row<Sample>(y);
        auto* to = picture.row(y);
        for (std::int32_t x = 0; x < shape.width; ++x)
            write_colour(colour(from[x]), to, no_alpha);
    }
    return picture;
}

Raster apply_palette(Palette const& palette, Raster const& values)
{
    auto const look_up = [&](auto value) { return colour_at(palette, value); };
    switch (values.shape().type) {
    case SampleType::uint8: {
        std::vector<PaletteColour> table;
        for (int value = 0; value < 256; ++value)
            table.push_back(colour_at(palette, value));
        return map_samples<std::uint8_t>(values, palette.no_alpha,
                                         [&](std::uint8_t value) { return table[value]; });
    }
    case SampleType::uint16:
        return map_samples<std::uint16_t>(values, palette.no_alpha, look_up);
    case SampleType::float32:
        break;
    }
    return map_samples<float>(values, palette.no_alpha, look_up);
}

/// 8 bits of what has more: the upper half of 16, and of float the value itself where it lies within 0 to
/// 255.
Raster to_8_bits(Raster values)
{
    auto shape = values.shape();
    if (shape.type == SampleType::uint8)
        return values;
    auto const samples = static_cast<std::size_t>(shape.width) * static_cast<std::size_t>(shape.height) *
                         static_cast<std::size_t>(shape.channels);
    auto const type = std::exchange(shape.type, SampleType::uint8);
    Raster picture{shape};
    auto* to = picture.row(0);
    if (type == SampleType::uint16)
        std::transform(values.row<std::uint16_t>(0), values.row<std::uint16_t>(0) + samples, to,
                       [](std::uint16_t value) { return static_cast<std::uint8_t>(value >> 8); });
    else
        std::transform(values.row<float>(0), values.row<float>(0) + samples, to, [](float value) {
            return std::isnan(value) ? std::uint8_t{0}
                                     : static_cast<std::uint8_t>(std::clamp(value, 0.0F, 255.0F));
        });
    return picture;
}

} // namespace

PaletteColour colour_at(Palette const& palette, double value)
{
    auto const above =
        std::upper_bound(palette.colours.begin(), palette.colours.end(), value,
                         [](double v, PaletteColour const& colour) { return v < colour.value; });
    if (above == palette.colours.begin())
        return palette.colours.front();
    auto const& below = *(above - 1);
    if (above == palette.colours.end())
        return below;
    double const share = (value - below.value) / (above->value - below.value);
    PaletteColour colour = below;
    if (palette.rgb_continuous) {
        colour.red = between(below.red, above->red, share);
        colour.green = between(below.green, above->green, share);
        colour.blue = between(below.blue, above->blue, share);
    }
    if (palette.alpha_continuous)
        colour.alpha = between(below.alpha, above->alpha, share);
    return colour;
}

MaskedRaster apply(Style const& style, MaskedRaster values)
{
    values.pixels =
        style.palette ? apply_palette(*style.palette, values.pixels) : to_8_bits(std::move(values.pixels));
    return values;
}

} // namespace ardoise
