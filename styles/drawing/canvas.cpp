// SPDX-License-Identifier: Apache-2.0
#include "styles/drawing/canvas.hpp"

#include "pyramid/raster/few_colours.hpp"
#include "pyramid/raster/lay_pixel.hpp"

#include <algorithm>
#include <array>

namespace ardoise {

namespace {

Rgba colour_at(std::uint8_t const* samples, std::int32_t channels)
{
    switch (channels) {
    case 1:
        return {samples[0], samples[0], samples[0], 255};
    case 2:
        return {samples[0], samples[0], samples[0], samples[1]};
    case 3:
        return {samples[0], samples[1], samples[2], 255};
    default:
        return {samples[0], samples[1], samples[2], samples[3]};
    }
}

} // namespace

Canvas::Canvas(std::int32_t width, std::int32_t height) : pixels_{{width, height, 4, SampleType::uint8}} {}

void Canvas::lay(MaskedView picture)
{
    auto const shape = picture.pixels.shape;
    for (std::int32_t y = 0; y < shape.height; ++y) {
        auto const* from = picture.pixels.row(y);
        auto const* valid = picture.all_valid() ? nullptr : picture.validity.row(y);
        auto* to = pixels_.row(y);
        for (std::int32_t x = 0; x < shape.width; ++x, from += shape.channels, to += 4) {
            auto const colour = colour_at(from, shape.channels);
            auto const share = valid ? static_cast<unsigned>(valid[x]) : 255U;
            lay_pixel(colour, rounded_ratio(colour[3] * share, 255), to);
        }
    }
}

void Canvas::lay(Colour colour, RasterView cover)
{
    Rgba const over{colour.red, colour.green, colour.blue, 255};
    for (std::int32_t y = 0; y < cover.shape.height; ++y) {
        auto const* from = cover.row(y);
        auto* to = pixels_.row(y);
        for (std::int32_t x = 0; x < cover.shape.width; ++x, ++from, to += 4)
            lay_pixel(over, *from, to);
    }
}

Raster Canvas::picture(bool transparent, Colour background) const
{
    auto const shape = pixels_.shape();
    auto const opaque_everywhere = [&] {
        auto const bytes = pixels_.bytes();
        for (std::size_t i = 3; i < bytes.size(); i += 4)
            if (bytes[i] != std::byte{255})
                return false;
        return true;
    };
    if (transparent && !opaque_everywhere())
        return pixels_.clone();
    Raster flat{{shape.width, shape.height, 3, SampleType::uint8}};
    std::array<unsigned, 3> const behind{background.red, background.green, background.blue};
    for (std::int32_t y = 0; y < shape.height; ++y) {
        auto const* from = pixels_.row(y);
        auto* to = flat.row(y);
        for (std::int32_t x = 0; x < shape.width; ++x, from += 4, to += 3)
            for (std::size_t c = 0; c < 3; ++c)
                to[c] = rounded_ratio(from[c] * static_cast<unsigned>(from[3]) + behind[c] * (255U - from[3]),
                                      255);
    }
    return flat;
}

} // namespace ardoise
