// SPDX-License-Identifier: Apache-2.0
#include "styles/parse_colours.hpp"

#include "styles/hex_colour.hpp"
#include "styles/named_palettes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ardoise {

namespace {

bool flag(JsonReader const& json, char const* name, bool unsaid = false)
{
    auto const value = json.find(name);
    return value ? value->boolean() : unsaid;
}

double number_within(JsonReader const& json, double lowest, double highest)
{
    auto const said = json.number();
    if (!(said >= lowest && said <= highest))
        json.refuse(fmt::format("expected {} to {}, not {}", lowest, highest, said));
    return said;
}

/// Two numbers, the first below the second.
std::pair<double, double> rising_pair(JsonReader const& json)
{
    auto const items = json.items();
    if (items.size() != 2 || !(items[0].number() < items[1].number()))
        json.refuse("expected two numbers, the first below the second, as [0, 100]");
    return {items[0].number(), items[1].number()};
}

/// A class or an entry: "colour", or each channel by itself.
PaletteColour colour_of(JsonReader const& json)
{
    if (auto const colour = json.find("colour")) {
        for (char const* channel : {"red", "green", "blue", "alpha"})
            if (auto const found = json.find(channel))
                found->refuse("is said by \"colour\" already");
        return read_hex_colour(*colour);
    }
    auto const alpha = json.find("alpha");
    return {0, read_byte(json.at("red")), read_byte(json.at("green")), read_byte(json.at("blue")),
            alpha ? read_byte(*alpha) : std::uint8_t{255}};
}

std::vector<PaletteColour> colours_by_value(HandwrittenJson const& file, JsonReader const& json)
{
    std::vector<PaletteColour> colours;
    for (auto const& entry : json.items()) {
        file.check_names(entry, {"value", "red", "green", "blue", "alpha"});
        colours.push_back({entry.at("value").number(), read_byte(entry.at("red")),
                           read_byte(entry.at("green")), read_byte(entry.at("blue")),
                           read_byte(entry.at("alpha"))});
    }
    if (colours.empty())
        json.refuse("is empty");
    auto const rising = [](PaletteColour const& a, PaletteColour const& b) { return a.value < b.value; };
    if (!std::is_sorted(colours.begin(), colours.end(), rising))
        json.refuse("must stand by rising value");
    return colours;
}

/// A blend has its first colour at the low end and its last at the high one; of steps all are equally wide.
std::vector<PaletteColour> colours_by_name(JsonReader const& json, bool is_blend)
{
    auto const name = json.at("name");
    auto colours = named_colours(name.string());
    if (colours.empty())
        name.refuse(fmt::format("there is no palette \"{}\"; there are {}", name.string(), palette_names()));
    if (flag(json, "reverse"))
        std::reverse(colours.begin(), colours.end());
    auto const [low, high] = rising_pair(json.at("range"));
    auto const steps = static_cast<double>(colours.size() - (is_blend ? 1 : 0));
    for (std::size_t i = 0; i < colours.size(); ++i)
        colours[i].value = low + (high - low) * static_cast<double>(i) / steps;
    return colours;
}

Percentiles percentiles(JsonReader const& json)
{
    auto const [low, high] = rising_pair(json);
    auto const items = json.items();
    number_within(items[0], 0, 100);
    number_within(items[1], 0, 100);
    return {low, high};
}

void read_stretch(HandwrittenJson const& file, JsonReader const& json, Tone& tone)
{
    file.check_names(json, {"low", "high", "percentiles"});
    if (auto const shares = json.find("percentiles")) {
        for (char const* fixed : {"low", "high"})
            if (auto const found = json.find(fixed))
                found->refuse("a stretch has low and high, or percentiles");
        tone.percentiles = percentiles(*shares);
        return;
    }
    ShadeRange const range{json.at("low").number(), json.at("high").number()};
    if (!(range.low < range.high))
        json.at("high").refuse("expected a value above low");
    tone.stretch = {range};
}

} // namespace

std::uint8_t read_byte(JsonReader const& json)
{
    return static_cast<std::uint8_t>(json.integer(0, 255));
}

Palette read_palette(HandwrittenJson const& file, JsonReader const& json)
{
    file.check_names(
        json, {"rgb_continuous", "alpha_continuous", "no_alpha", "colours", "name", "range", "reverse"});
    bool const is_named = json.find("name").has_value();
    for (char const* other : {is_named ? "colours" : "range", is_named ? "colours" : "reverse"})
        if (auto const found = json.find(other))
            found->refuse("a palette has colours, or a name and a range");
    Palette palette;
    palette.rgb_continuous = flag(json, "rgb_continuous", is_named);
    palette.alpha_continuous = flag(json, "alpha_continuous");
    palette.no_alpha = flag(json, "no_alpha");
    palette.colours =
        is_named ? colours_by_name(json, palette.rgb_continuous) : colours_by_value(file, json.at("colours"));
    if (!std::isfinite(palette.colours.back().value - palette.colours.front().value))
        json.refuse("spans more than numbers hold");
    return palette;
}

void read_classes(HandwrittenJson const& file, JsonReader const& json, Style& style)
{
    Palette palette{.colours = {}, .is_exact = true};
    for (auto const& entry : json.items()) {
        file.check_names(entry, {"value", "colour", "red", "green", "blue", "alpha", "label"});
        auto colour = colour_of(entry);
        colour.value = entry.at("value").number();
        for (auto const& before : palette.colours)
            if (before.value == colour.value)
                entry.at("value").refuse(fmt::format("{} is another class already", colour.value));
        palette.colours.push_back(colour);
        if (auto const label = entry.find("label"))
            style.labels.push_back({colour.value, read_multilingual_text(*label)});
    }
    if (palette.colours.empty())
        json.refuse("is empty");
    std::sort(palette.colours.begin(), palette.colours.end(),
              [](PaletteColour const& a, PaletteColour const& b) { return a.value < b.value; });
    style.palette = std::move(palette);
}

Tone read_tone(HandwrittenJson const& file, JsonReader const& json)
{
    constexpr double least_gamma = 0.1, most_gamma = 10, most_sharpening = 10;
    file.check_names(json, {"gamma", "stretch", "sharpen"});
    Tone tone;
    if (auto const gamma = json.find("gamma"))
        tone.gamma = number_within(*gamma, least_gamma, most_gamma);
    if (auto const stretch = json.find("stretch"))
        read_stretch(file, *stretch, tone);
    if (auto const sharpen = json.find("sharpen"))
        tone.sharpen = number_within(*sharpen, 0, most_sharpening);
    return tone;
}

} // namespace ardoise
