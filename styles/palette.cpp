// SPDX-License-Identifier: Apache-2.0
#include "styles/palette.hpp"

#include <algorithm>
#include <cmath>

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
Raster map_samples(RasterView values, bool no_alpha, Colour const& colour)
{
    auto const shape = values.shape;
    auto picture = Raster::unwritten({shape.width, shape.height, no_alpha ? 3 : 4, SampleType::uint8});
    for (std::int32_t y = 0; y < shape.height; ++y) {
        auto const* from = values.row<Sample>(y);
        auto* to = picture.row(y);
        for (std::int32_t x = 0; x < shape.width; ++x)
            write_colour(colour(from[x]), to, no_alpha);
    }
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

Raster coloured(RasterView values, Palette const& palette)
{
    auto const look_up = [&](auto value) { return colour_at(palette, value); };
    switch (values.shape.type) {
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

} // namespace ardoise
