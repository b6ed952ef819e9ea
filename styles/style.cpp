// SPDX-License-Identifier: Apache-2.0
#include "styles/style.hpp"

#include "styles/library.hpp"

#include <algorithm>

namespace ardoise {

namespace {

std::uint8_t colour_value(JsonReader const& json, char const* name)
{
    return static_cast<std::uint8_t>(json.at(name).integer(0, 255));
}

bool flag(JsonReader const& json, char const* name)
{
    auto const value = json.find(name);
    return value && value->boolean();
}

Palette parse_palette(JsonReader const& json)
{
    Palette palette;
    palette.rgb_continuous = flag(json, "rgb_continuous");
    palette.alpha_continuous = flag(json, "alpha_continuous");
    palette.no_alpha = flag(json, "no_alpha");
    for (auto const& entry : json.at("colours").items())
        palette.colours.push_back({entry.at("value").number(), colour_value(entry, "red"),
                                   colour_value(entry, "green"), colour_value(entry, "blue"),
                                   colour_value(entry, "alpha")});
    if (palette.colours.empty())
        json.at("colours").refuse("is empty");
    auto const rising = [](PaletteColour const& a, PaletteColour const& b) { return a.value < b.value; };
    if (!std::is_sorted(palette.colours.begin(), palette.colours.end(), rising))
        json.at("colours").refuse("must stand by rising value");
    return palette;
}

} // namespace

Style const& normal_style()
{
    static Style const style{"normal", "normal", "The data as they are", std::nullopt};
    return style;
}

Style const& elevation_style()
{
    static Style const style = [] {
        auto const json = parse_json(elevation_style_file, "elevation.json");
        return parse_style(JsonReader{json, "elevation.json"});
    }();
    return style;
}

std::span<Style const* const> known_styles()
{
    static Style const* const styles[] = {&normal_style(), &elevation_style()};
    return styles;
}

Style parse_style(JsonReader const& json)
{
    Style style{.identifier = json.at("identifier").string(),
                .title = json.at("title").string(),
                .abstract = {},
                .palette = {}};
    if (auto const abstract = json.find("abstract"))
        style.abstract = abstract->string();
    for (char const* unsupported : {"estompage", "pente", "exposition", "terrainrgb", "colorize"})
        if (auto const found = json.find(unsupported))
            found->refuse("is not supported yet");
    if (auto const palette = json.find("palette"))
        style.palette = parse_palette(*palette);
    return style;
}

bool fits(Style const& style, std::int32_t channels)
{
    return !style.palette || channels == 1;
}

} // namespace ardoise
