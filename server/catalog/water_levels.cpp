// SPDX-License-Identifier: Apache-2.0
#include "server/catalog/water_levels.hpp"

#include "pyramid/base/letter_case.hpp"
#include "pyramid/base/number.hpp"
#include "server/catalog/layer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ardoise {

namespace {

using Clock = std::chrono::system_clock;

constexpr char const* locator = "water_level";

LayerStyle at_level(LayerStyle const& style, double level)
{
    auto made = style;
    set_level(made, level);
    made.levels = nullptr;
    return made;
}

LayerStyle for_a_while(LayerStyle const& style, double level)
{
    auto made = at_level(style, level);
    made.is_passing = true;
    return made;
}

std::size_t nearest(std::vector<double> const& levels, double wanted)
{
    auto const found = std::min_element(levels.begin(), levels.end(), [&](double a, double b) {
        return std::abs(a - wanted) < std::abs(b - wanted);
    });
    return static_cast<std::size_t>(found - levels.begin());
}

/// Neither too old nor, by a clock or a zone that is wrong, of a time so far ahead.
bool is_fresh(WaterScale const& scale, Clock::time_point now)
{
    std::chrono::duration<double, std::ratio<3600>> const believed{scale.current_hours};
    return scale.current && std::chrono::abs(now - scale.current->taken) < believed;
}

/// One of those that can be asked for, as clients send back what documents state.
double shown_today(WaterLevels const& water)
{
    return water.levels[nearest(water.levels, water.scale.current->level)];
}

ChosenLevel unasked(WaterLevels const& water, Choosing choosing, Clock::time_point now)
{
    auto const level = default_level(water, now);
    if (water.today && is_fresh(water.scale, now))
        return {&*water.today, level, choosing};
    if (water.meanwhile)
        return {&*water.meanwhile, level, choosing};
    return {&water.styles[nearest(water.levels, level)], level, choosing};
}

std::optional<double> level_called(WaterScale const& scale, std::string_view name)
{
    auto const found = std::find_if(scale.named.begin(), scale.named.end(), [&](NamedLevel const& level) {
        return equal_ignoring_case(level.name, name);
    });
    return found == scale.named.end() ? std::nullopt : std::optional{found->value};
}

std::string names_of(WaterScale const& scale)
{
    std::string names;
    for (auto const& level : scale.named)
        names += fmt::format(", {}", level.name);
    return names;
}

OgcError no_such_level(WaterScale const& scale, std::string_view wanted)
{
    return {"InvalidDimensionValue", locator,
            fmt::format("\"{}\" is no water level: there are {} to {} metres{}{}.", wanted,
                        level_text(scale.lowest), level_text(scale.highest), names_of(scale),
                        scale.current_file.empty() ? "" : ", current")};
}

} // namespace

MultilingualText with_names_of_levels(MultilingualText abstract, WaterScale const& scale)
{
    std::string names;
    for (auto const& [name, value] : scale.named)
        names += fmt::format("{}{} = {} m", names.empty() ? "" : "; ", name, level_text(value));
    if (abstract.empty())
        return MultilingualText{names};
    for (auto& [language, text] : abstract.by_language)
        text += (names.empty() ? "" : "; ") + names;
    return abstract;
}

std::shared_ptr<WaterLevels const> make_water_levels(LayerStyle const& style)
{
    auto made = std::make_shared<WaterLevels>();
    made->scale = *style.water;
    made->levels = levels_of(made->scale);
    for (double const level : made->levels)
        made->styles.push_back(at_level(style, level));
    if (!made->scale.current_file.empty())
        made->meanwhile = for_a_while(style, made->scale.usual);
    if (made->scale.current)
        made->today = for_a_while(style, shown_today(*made));
    return made;
}

double default_level(WaterLevels const& water, Clock::time_point now)
{
    auto const& scale = water.scale;
    return is_fresh(scale, now) ? shown_today(water) : scale.usual;
}

Result<ChosenLevel> choose_level(WaterLevels const& water, std::string_view wanted, Clock::time_point now)
{
    auto const& scale = water.scale;
    if (wanted.empty() || equal_ignoring_case(wanted, "default"))
        return unasked(water, Choosing::by_default, now);
    if (equal_ignoring_case(wanted, "current") && water.meanwhile)
        return unasked(water, is_fresh(scale, now) ? Choosing::asked : Choosing::by_default, now);
    auto const named = level_called(scale, wanted);
    auto const level = named ? named : parse_number<double>(wanted);
    if (!level || *level < scale.lowest || *level > scale.highest)
        return no_such_level(scale, wanted);
    auto const number = nearest(water.levels, *level);
    bool const is_that = std::abs(water.levels[number] - *level) < 5e-4;
    return ChosenLevel{&water.styles[number], water.levels[number],
                       is_that ? Choosing::asked : Choosing::nearest};
}

LayerStyle const* find_water_style(Layer const& layer)
{
    auto const found = std::find_if(layer.styles.begin(), layer.styles.end(),
                                    [](LayerStyle const& style) { return style.levels != nullptr; });
    return found == layer.styles.end() ? nullptr : &*found;
}

} // namespace ardoise
