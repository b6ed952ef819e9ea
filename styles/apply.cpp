// SPDX-License-Identifier: Apache-2.0
#include "styles/style.hpp"

#include "styles/overlay.hpp"

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
    MaskedRaster operator()(Grey const& how) { return in_place(grey(how, values.pixels.view())); }
    MaskedRaster operator()(NormalisedDifference const& bands)
    {
        return in_place(normalised_difference(bands, values.pixels.view()));
    }
    MaskedRaster operator()(Slope const& how) { return slope(how, values.view(), ground); }
    MaskedRaster operator()(Aspect const& how) { return aspect(how, values.view(), ground); }
    MaskedRaster operator()(Hillshade const& how) { return hillshade(how, values.view(), ground); }
    MaskedRaster operator()(TerrainRgb const& how)
    {
        MaskedRaster made;
        made.pixels = terrain_rgb(how, values.view());
        return made; // valid everywhere
    }
    MaskedRaster operator()(Colorize const& how) { return in_place(colorized(how, values.pixels.view())); }

    MaskedRaster operator()(WaterSurface const& water) { return depth_below(water, values.view()); }

    MaskedRaster in_place(Raster made)
    {
        values.pixels = std::move(made);
        return std::move(values);
    }
};

/// All of them are looked at, whatever comes first: so the loop runs wide.
bool has_nan(float const* samples, std::int32_t count)
{
    int found = 0;
    for (std::int32_t i = 0; i < count; ++i)
        found |= samples[i] != samples[i] ? 1 : 0;
    return found != 0;
}

/// Of floats those that are no number are no data: a palette has no colour for them.
MaskedRaster without_nan(MaskedRaster values)
{
    auto const shape = values.pixels.shape();
    if (shape.type != SampleType::float32)
        return values;
    for (std::int32_t y = 0; y < shape.height; ++y) {
        auto const* row = values.pixels.row<float>(y);
        if (!has_nan(row, shape.width * shape.channels))
            continue;
        if (values.validity.empty())
            values.validity = full_validity(shape);
        for (std::int32_t x = 0; x < shape.width; ++x)
            if (has_nan(row + x * shape.channels, shape.channels))
                values.validity.row(y)[x] = 0;
    }
    return values;
}

bool looks_around(Treatment const& treatment)
{
    return std::holds_alternative<Slope>(treatment) || std::holds_alternative<Aspect>(treatment) ||
           std::holds_alternative<Hillshade>(treatment);
}

Raster within(RasterView values, std::int32_t margin)
{
    auto shape = values.shape;
    shape.width -= 2 * margin;
    shape.height -= 2 * margin;
    auto inner = Raster::unwritten(shape);
    paste(values.crop({margin, margin, shape.width, shape.height}), inner, 0, 0);
    return inner;
}

/// Without the pixels around the picture.
MaskedRaster within(MaskedRaster values, std::int32_t margin)
{
    if (margin == 0)
        return values;
    MaskedRaster inner;
    inner.pixels = within(values.pixels.view(), margin);
    if (!values.view().all_valid())
        inner.validity = within(values.validity.view(), margin);
    return inner;
}

/// What lines are drawn on where a style says nothing else.
Raster nothing(RasterShape shape)
{
    return Raster{{shape.width, shape.height, 4, SampleType::uint8}};
}

Raster colours_of(Style const& style, Raster treated)
{
    if (style.palette)
        return coloured(treated.view(), *style.palette);
    bool const has_lines_alone =
        style.contours && !style.tone && std::holds_alternative<AsStored>(style.treatment);
    return has_lines_alone ? nothing(treated.shape()) : to_8_bits(std::move(treated));
}

/// A hillshade is light as well, and of full strength.
std::optional<Shade> light_of(Style const& style)
{
    auto const* hillshade = std::get_if<Hillshade>(&style.treatment);
    return hillshade && !style.shade && !style.palette ? Shade{*hillshade} : style.shade;
}

bool sharpens(Style const& style)
{
    return style.tone && style.tone->sharpen > 0;
}

MaskedRaster toned(Tone const& tone, MaskedRaster picture, Ground const& ground)
{
    picture.pixels = toned(tone, picture.pixels.view());
    return tone.sharpen > 0 ? sharpened(tone.sharpen, picture.view(), ground.margin) : std::move(picture);
}

} // namespace

MaskedRaster apply(Style const& style, MaskedRaster values, Ground const& ground)
{
    if (style.pairs && values.pixels.shape().type == SampleType::uint8) {
        values.pixels = style.pairs->picture_of(values.pixels.view());
        return values;
    }
    Overlay const overlay{style.shade, style.contours, values.view(), ground};
    if (!looks_around(style.treatment) && !sharpens(style))
        values = within(std::move(values), ground.margin);
    auto picture = without_nan(std::visit(Treat{std::move(values), ground}, style.treatment));
    if (style.tone)
        picture = toned(*style.tone, std::move(picture), ground);
    picture.pixels = overlay.over(colours_of(style, std::move(picture.pixels)));
    return picture;
}

bool may_be_blended(Style const& style)
{
    return !std::holds_alternative<WaterSurface>(style.treatment) && !style.shows_classes();
}

bool wants_sample(Style const& style)
{
    return style.tone && style.tone->percentiles;
}

void settle(Style& style, MaskedRaster sample)
{
    Ground const whole;
    auto const shown = std::visit(Treat{std::move(sample), whole}, style.treatment);
    style.tone->stretch = ranges_of(shown.view(), *style.tone->percentiles);
}

int reach(Style const& style)
{
    return looks_around(style.treatment) || sharpens(style) || style.shade || style.contours;
}

bool lights_pictures(Style const& style)
{
    return light_of(style).has_value();
}

MaskedRaster drape(Style const& style, MaskedView heights, Ground const& ground, MaskedRaster picture)
{
    auto const light = light_of(style);
    picture.pixels = Overlay{light, style.contours, heights, ground}.over(std::move(picture.pixels));
    return picture;
}

} // namespace ardoise
