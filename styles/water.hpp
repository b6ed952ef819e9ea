// SPDX-License-Identifier: Apache-2.0
// Water at a level: what lies lower and is reached from the river.
#pragma once

#include "pyramid/raster/raster.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace ardoise {

/// The depth of the water, in metres, of terrain with two channels: heights, and the levels at which water
/// gets there (pyramid/raster/flood.hpp). Of the same height system as these.
struct WaterSurface {
    double height = 0;
};

/// One channel of float; data where the ground is lower than the water and the water gets there.
MaskedRaster depth_below(WaterSurface const& water, MaskedView terrain);

/// A height that people know by a name.
struct NamedLevel {
    std::string name;
    double value = 0; // as levels are stated
};

/// What the river stood at.
struct LevelReading {
    double level = 0; // as levels are stated
    std::chrono::system_clock::time_point taken;
};

/// The levels that a style of water can be asked for. All are metres, either of the data's height system or
/// above the zero of a gauge.
struct WaterScale {
    std::string gauge; // its name; may be empty
    double zero = 0;   // of the gauge, in the data's height system
    bool above_zero = false;
    double lowest = 0, highest = 0, step = 0.1;
    std::vector<NamedLevel> named;       // within that range
    double usual = 0;                    // what is shown unasked
    std::string current_file;            // beside the style's file; empty where nothing is read
    double current_hours = 24;           // an older reading says nothing
    std::optional<LevelReading> current; // what was read there

    /// In the data's height system.
    double height_of(double level) const { return above_zero ? zero + level : level; }
    double level_of_reading(double above_gauge_zero) const
    {
        return above_zero ? above_gauge_zero : zero + above_gauge_zero;
    }
};

/// Styles are made ahead for each level: so many at the most.
inline constexpr std::size_t most_water_levels = 1000;

/// All that can be asked for, rising, each once: each step from the lowest to the highest, and those with
/// names. To the millimetre.
std::vector<double> levels_of(WaterScale const& scale);

/// As short as tells it: "6.66".
std::string level_text(double level);

} // namespace ardoise
