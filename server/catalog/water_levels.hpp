// SPDX-License-Identifier: Apache-2.0
// A style of water, at each of the levels that it can be asked for.
#pragma once

#include "server/catalog/layer_description.hpp"
#include "server/catalog/series.hpp"

#include <chrono>

namespace ardoise {

/// Made ahead, as there are few: so a level is a style like any other to all that draws, keeps and tags.
/// Immutable.
struct WaterLevels {
    WaterScale scale;
    std::vector<double> levels;     // as they are stated, rising
    std::vector<LayerStyle> styles; // one a level
    /// Of the level of today, and of the usual one while nobody knows that: shown for a while only. The
    /// second is empty where no level of today is read.
    std::optional<LayerStyle> today;
    std::optional<LayerStyle> meanwhile;
};

/// What a style of water is said to be, with its levels that have names: documents of WMS have no other place
/// for them.
MultilingualText with_names_of_levels(MultilingualText abstract, WaterScale const& scale);

/// `style` has a scale.
std::shared_ptr<WaterLevels const> make_water_levels(LayerStyle const& style);

struct ChosenLevel {
    LayerStyle const* style = nullptr; // of those levels
    double level = 0;                  // as it is stated
    Choosing choosing = Choosing::asked;
};

/// The level that a request means: a number, of which the nearest level is shown, a name, `current`, or
/// nothing and `default`: the level of today where one is read, or else the usual one. Else
/// InvalidDimensionValue with "water_level" for a locator. `now`: a reading that is too old by then, or as
/// far ahead, is none.
Result<ChosenLevel> choose_level(WaterLevels const& levels, std::string_view wanted,
                                 std::chrono::system_clock::time_point now);

/// What is shown unasked, as a level is stated.
double default_level(WaterLevels const& levels, std::chrono::system_clock::time_point now);

/// The style of water that the layer has, and of which its dimension WATER_LEVEL is; null where it has none.
LayerStyle const* find_water_style(Layer const& layer);

} // namespace ardoise
