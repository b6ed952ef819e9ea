// SPDX-License-Identifier: Apache-2.0
#include "styles/style.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ardoise {

namespace {

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
                                     : static_cast<std::uint8_t>(std::clamp(value, 0.0F, 255.0F) + 0.5F);
        });
    return picture;
}

/// The one of them that a style is made of.
struct Treat {
    MaskedRaster values;
    Ground const& ground;

    MaskedRaster operator()(AsStored const&) { return std::move(values); }
    MaskedRaster operator()(BandOrder const& order) { return in_place(picked(order, values.pixels.view())); }
    MaskedRaster operator()(NormalisedDifference const& bands)
    {
        return in_place(normalised_difference(bands, values.pixels.view()));
    }
    MaskedRaster operator()(Slope const& how) { return slope(how, values.view(), ground); }
    MaskedRaster operator()(Aspect const& how) { return aspect(how, values.view(), ground); }
    MaskedRaster operator()(Hillshade const& how) { return hillshade(how, values.view(), ground); }
    MaskedRaster operator()(TerrainRgb const& how)
    {
        return in_place(terrain_rgb(how, values.pixels.view()));
    }
    MaskedRaster operator()(Colorize const& how) { return in_place(colorized(how, values.pixels.view())); }

    MaskedRaster operator()(WaterSurface const& water) { return depth_below(water, values.view()); }

    MaskedRaster in_place(Raster made)
    {
        values.pixels = std::move(made);
        return std::move(values);
    }
};

} // namespace

MaskedRaster apply(Style const& style, MaskedRaster values, Ground const& ground)
{
    auto picture = std::visit(Treat{std::move(values), ground}, style.treatment);
    picture.pixels = style.palette ? coloured(picture.pixels.view(), *style.palette)
                                   : to_8_bits(std::move(picture.pixels));
    return picture;
}

bool may_be_blended(Style const& style)
{
    return !std::holds_alternative<WaterSurface>(style.treatment);
}

int reach(Style const& style)
{
    return std::holds_alternative<Slope>(style.treatment) ||
           std::holds_alternative<Aspect>(style.treatment) ||
           std::holds_alternative<Hillshade>(style.treatment);
}

} // namespace ardoise
