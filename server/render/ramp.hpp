// SPDX-License-Identifier: Apache-2.0
// Ramps of legends: one block of colours that blend into one another, with ticks at its values.
#pragma once

#include "server/render/language.hpp"
#include "styles/palette.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ardoise {

/// Values from `low` to `high`, both included.
struct ValueSpan {
    double low = 0, high = 0;
};

/// What stands beside a ramp: values, the points of the compass that they are (from north clockwise in
/// degrees), or the words for its two ends.
enum class RampLabels { numbers, compass, light };

/// From the lowest value, at place 0, to the highest, at place 1. Places rise with values, in proportion to
/// them; where a palette's own values lie so unevenly that most of it would be a few pixels high, they stand
/// at equal distances instead.
struct Ramp {
    std::vector<PaletteColour> colours; // by rising value, two at the least
    std::vector<double> places;         // theirs
    bool blends_rgb = true, blends_alpha = true;
    bool is_even = false; // at equal distances
    RampLabels labels = RampLabels::numbers;
    std::string unit;
};

/// The part of a palette that says something: of values that there can be (`span`), without ends that nobody
/// sees, as where ROK4's palettes have the value for no data, and with ends of one colour cut short. Nothing
/// where it does not blend.
std::optional<Ramp> ramp_of(Palette const& palette, std::optional<ValueSpan> span);

/// The value of a colour among others: as it is where that is short, else to a hundredth or so of the least
/// distance between two of them.
std::string value_text(std::vector<PaletteColour> const& colours, std::size_t i, Language language);

/// From one stop to the next all four channels change evenly; where colours jump, two have one place.
struct RampStop {
    double place = 0;
    PaletteColour colour;
};

std::vector<RampStop> stops_of(Ramp const& ramp);
PaletteColour colour_at(std::vector<RampStop> const& stops, double place);

struct RampTick {
    double place = 0;
    std::string label;
};

/// At round values: 1, 2 or 5 times a power of ten. On an even ramp at its palette's own. No nearer to one
/// another than 1 / `most`, from the lowest.
std::vector<RampTick> ticks_of(Ramp const& ramp, int most, Language language);

} // namespace ardoise
