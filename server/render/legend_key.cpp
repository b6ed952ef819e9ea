// SPDX-License-Identifier: Apache-2.0
#include "server/render/legend_key.hpp"

#include <fmt/format.h>

namespace ardoise {

namespace {

/// ROK4's heights where there are none, in palettes as well.
constexpr double rok4_nodata = -99999;

/// What a style makes of values, as far as its legend has to know.
struct Measured {
    std::optional<ValueSpan> span = {}; // that there can be
    std::string unit = {};
    RampLabels labels = RampLabels::numbers;
    std::optional<double> flat = {}; // stands for ground that faces nowhere
};

/// Of treatments that are not named here values are the layer's own.
struct Measure {
    Layer const& layer;

    Measured operator()(Slope const& slope) const
    {
        return {.span = ValueSpan{0, slope.highest}, .unit = slope.in_percent ? "%" : "°"};
    }
    Measured operator()(Aspect const& aspect) const
    {
        return {.span = ValueSpan{0, 360}, .unit = "°", .labels = RampLabels::compass, .flat = aspect.flat};
    }
    Measured operator()(Hillshade const&) const
    {
        return {.span = ValueSpan{0, 255}, .labels = RampLabels::light};
    }
    Measured operator()(NormalisedDifference const&) const { return {.span = ValueSpan{-1, 1}}; }
    Measured operator()(WaterSurface const&) const { return {.unit = "m"}; } // depths
    template <typename Other>
    Measured operator()(Other const&) const
    {
        return {.unit = layer.unit()};
    }
};

Palette greys_up_to(double white)
{
    return {.colours = {{0, 0, 0, 0, 255}, {white, 255, 255, 255, 255}}, .rgb_continuous = true};
}

/// How many channels are shown as they are; 0: none is.
std::int32_t shown_channels(StyledLayer const& styled)
{
    if (styled.style->tone) // shades that no value of the data can be read from
        return 0;
    if (auto const* order = std::get_if<BandOrder>(&styled.style->treatment))
        return static_cast<std::int32_t>(order->bands.size());
    return styled.style->shows_values() ? styled.layer->pyramid.channels : 0;
}

/// What a style without a palette makes of one channel: shades of grey (see apply()). Of 8 bits these are
/// mostly pictures.
std::optional<Palette> greys_of(StyledLayer const& styled)
{
    auto const& treatment = styled.style->treatment;
    auto const type = styled.layer->pyramid.format.type;
    bool const is_relief = std::holds_alternative<Slope>(treatment) ||
                           std::holds_alternative<Aspect>(treatment) ||
                           std::holds_alternative<Hillshade>(treatment);
    if (is_relief)
        return greys_up_to(255);
    if (shown_channels(styled) != 1 || type == SampleType::uint8)
        return std::nullopt;
    return greys_up_to(type == SampleType::uint16 ? 65535 : 255);
}

std::optional<Palette> palette_of(StyledLayer const& styled)
{
    if (styled.style->draped)
        return std::nullopt;
    return styled.style->palette ? styled.style->palette : greys_of(styled);
}

/// From each colour's value up to the next one's; below the first it is the first's, too.
std::string interval_label(std::vector<PaletteColour> const& colours, std::size_t i, std::string const& unit,
                           Language language)
{
    auto const number = [&](std::size_t of) { return value_text(colours, of, language); };
    auto const measured = [&](std::size_t of) { return with_unit(number(of), unit, language); };
    bool const is_first = i == 0, is_last = i + 1 == colours.size();
    if (is_first && is_last)
        return {};
    if (is_last)
        return fmt::format("≥ {}", measured(i));
    return is_first ? fmt::format("< {}", measured(i + 1))
                    : fmt::format("{} – {}", number(i), measured(i + 1));
}

/// What the style calls it, or else its values.
std::string class_label(Style const& style, std::size_t i, std::string const& unit, Language language)
{
    auto const& colours = style.palette->colours;
    if (auto const label = label_of(style, colours[i].value, code_of(language)); !label.empty())
        return std::string{label};
    return style.palette->is_exact ? with_unit(number_text(colours[i].value, language), unit, language)
                                   : interval_label(colours, i, unit, language);
}

std::vector<LegendClass> classes_of(Style const& style, std::string const& unit, Language language)
{
    auto const& colours = style.palette->colours;
    std::vector<LegendClass> classes;
    for (std::size_t i = 0; i < colours.size(); ++i) {
        classes.push_back({.colour = colours[i], .label = class_label(style, i, unit, language)});
        if (style.palette->no_alpha)
            classes.back().colour.alpha = 255;
        if (i + 1 < colours.size())
            classes.back().upper = colours[i + 1].value;
    }
    return classes;
}

/// Of heights: what a palette has at the value for no data is not seen, whatever its colour.
void hide_nodata(std::vector<LegendClass>& classes, Pyramid const& pyramid)
{
    if (pyramid.format.type != SampleType::float32)
        return;
    for (auto& entry : classes)
        if (entry.colour.value == rok4_nodata || entry.colour.value == pyramid.nodata.front())
            entry.colour.alpha = 0;
}

} // namespace

LegendKey legend_key(StyledLayer const& styled, Language language)
{
    auto const palette = palette_of(styled);
    if (!palette)
        return {};
    auto const measured = std::visit(Measure{*styled.layer}, styled.style->treatment);
    LegendKey key{.ramp = ramp_of(*palette, measured.span), .classes = {}};
    if (!key.ramp) {
        key.classes = classes_of(*styled.style, measured.unit, language); // greys blend
        key.is_exact = palette->is_exact;
        hide_nodata(key.classes, styled.layer->pyramid);
        return key;
    }
    key.ramp->unit = measured.unit;
    key.ramp->labels = measured.labels;
    if (measured.flat)
        if (auto const colour = colour_at(*palette, *measured.flat); colour.alpha > 0)
            key.classes.push_back({.colour = colour, .label = std::string{words_in(language).flat}});
    return key;
}

} // namespace ardoise
