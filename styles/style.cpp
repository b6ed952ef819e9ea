// SPDX-License-Identifier: Apache-2.0
#include "styles/style.hpp"

#include "pyramid/raster/resample.hpp"
#include "styles/library.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ardoise {

namespace {

/// What a treatment asks of the data.
struct Wanted {
    std::int32_t channels;
    SampleType type;

    std::optional<std::string> one_channel() const
    {
        if (channels == 1)
            return std::nullopt;
        return fmt::format("is for one channel; this layer has {}", channels);
    }
    std::optional<std::string> heights() const
    {
        if (type != SampleType::float32)
            return "is for heights, of float; this layer has whole numbers";
        return one_channel();
    }
    std::optional<std::string> band(std::int32_t number) const
    {
        if (number <= channels)
            return std::nullopt;
        return fmt::format("shows band {}; this layer has {}", number, channels);
    }

    std::optional<std::string> operator()(AsStored const&) const { return std::nullopt; }
    std::optional<std::string> operator()(BandOrder const& order) const
    {
        return band(*std::max_element(order.bands.begin(), order.bands.end()));
    }
    std::optional<std::string> operator()(Grey const&) const { return std::nullopt; }
    std::optional<std::string> operator()(NormalisedDifference const& bands) const
    {
        return band(std::max(bands.a, bands.b));
    }
    std::optional<std::string> operator()(Slope const&) const { return heights(); }
    std::optional<std::string> operator()(Aspect const&) const { return heights(); }
    std::optional<std::string> operator()(Hillshade const&) const { return heights(); }
    std::optional<std::string> operator()(TerrainRgb const&) const { return one_channel(); }
    std::optional<std::string> operator()(Colorize const& colorize) const
    {
        if (type != SampleType::uint8 || channels < 3)
            return "is for pictures in colours of 8 bits";
        if (static_cast<std::int32_t>(colorize.source.size()) > channels)
            return fmt::format("looks for a colour of {} channels; this layer has {}", colorize.source.size(),
                               channels);
        return std::nullopt;
    }
    std::optional<std::string> operator()(WaterSurface const&) const
    {
        if (type == SampleType::float32 && channels == 2)
            return std::nullopt;
        return "is for heights and flood levels, two channels of float, as `ardoise flood` makes them";
    }
};

/// Of what the palette colours.
std::int32_t treated_channels(Treatment const& treatment, std::int32_t channels)
{
    if (std::holds_alternative<AsStored>(treatment))
        return channels;
    if (auto const* order = std::get_if<BandOrder>(&treatment))
        return static_cast<std::int32_t>(order->bands.size());
    return 1;
}

Style const& shipped(std::string_view identifier)
{
    auto const all = shipped_styles();
    return *std::find_if(all.begin(), all.end(),
                         [&](Style const& style) { return style.identifier == identifier; });
}

} // namespace

std::span<Style const> shipped_styles()
{
    static std::vector<Style> const styles = [] {
        std::vector<Style> all;
        for (auto const& [name, text] : style_library())
            all.push_back(parse_style({std::string{text}, std::string{name}}));
        return all;
    }();
    return styles;
}

Style const& normal_style()
{
    static Style const& style = shipped("normal");
    return style;
}

Style const& elevation_style()
{
    static Style const& style = shipped("elevation");
    return style;
}

std::optional<std::string> misfit(Style const& style, std::int32_t channels, SampleType type)
{
    if (auto why = std::visit(Wanted{channels, type}, style.treatment))
        return why;
    if (style.shade || style.contours)
        if (auto why = Wanted{channels, type}.heights())
            return why;
    if (style.palette && treated_channels(style.treatment, channels) != 1)
        return fmt::format("colours one channel; this layer has {}", channels);
    return std::nullopt;
}

std::optional<std::string> misfit(Style const& style, Pyramid const& pyramid)
{
    if (auto why = misfit(style, pyramid.channels, pyramid.format.type))
        return why;
    if (style.water && pyramid.interpolation != rok4_name(Resampling::near))
        return fmt::format("is for levels that were never blended: build {} anew with --resampling near",
                           pyramid.name);
    return std::nullopt;
}

void set_level(Style& style, double level)
{
    auto const height = style.water->height_of(level);
    style.treatment = WaterSurface{height};
    style.water = std::nullopt;
    style.definition += fmt::format(" at {}", height);
}

std::string_view label_of(Style const& style, double value, std::string_view language)
{
    auto const found = std::find_if(style.labels.begin(), style.labels.end(),
                                    [&](ClassLabel const& label) { return label.value == value; });
    return found == style.labels.end() ? std::string_view{} : found->text.in(language);
}

} // namespace ardoise
