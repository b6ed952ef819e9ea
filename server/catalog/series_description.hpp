// SPDX-License-Identifier: Apache-2.0
// What STORE/layers/NAME.json says of a layer that is no pyramid of its own: a series of others, or another
// name for one.
#pragma once

#include "pyramid/base/handwritten_json.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ardoise {

/// Both ends belong to it: seconds since 1970-01-01T00:00:00Z, or the units of elevations.
struct Interval {
    double lowest = 0, highest = 0;
    friend bool operator==(Interval const&, Interval const&) = default;
};

/// Whether a value that there is none of is refused, or stands for the nearest.
enum class Match { exact, nearest };

struct MemberDescription {
    std::string layer;
    std::optional<Interval> time, elevation; // one of them at least; all members have the same
};

struct DimensionDescription {
    std::optional<Interval> default_value; // unsaid: of time the newest, of elevations the nearest to 0
    Match match = Match::exact;
    std::string units; // of elevations
};

/// Another name of a layer; of a series at these values, as clients write them.
struct AliasDescription {
    std::string layer, time, elevation;
};

/// A value: either members or an alias.
struct SeriesDescription {
    std::vector<MemberDescription> members;
    DimensionDescription time, elevation;
    bool hides_members = false; // they answer to their names, but stand in no list
    std::optional<AliasDescription> alias;
};

/// Nothing when the file speaks of neither. Throws Failure naming file, key and what is expected there.
std::optional<SeriesDescription> parse_series_description(HandwrittenJson const& file);

} // namespace ardoise
