// SPDX-License-Identifier: Apache-2.0
// A layer that is a series of others along time, elevation or both, of which a request chooses one.
#pragma once

#include "server/catalog/series_description.hpp"
#include "server/exchange/ogc_error.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ardoise {

struct Layer;

/// A value as it is published, and what it covers.
struct DimensionValue {
    Interval interval;
    std::string text;
};

/// What members differ in (OGC 06-042 annex C).
struct Dimension {
    enum class Kind { time, elevation };

    Kind kind = Kind::time;
    std::string units, unit_symbol; // "ISO8601"; of elevations the vertical system, and "m"
    Match match = Match::exact;
    std::vector<DimensionValue> values; // rising, each once
    std::size_t default_value = 0;      // its number in `values`

    /// "time", "elevation".
    std::string_view name() const { return kind == Kind::time ? "time" : "elevation"; }
    std::string const& default_text() const { return values[default_value].text; }
};

struct SeriesMember {
    std::shared_ptr<Layer const> layer; // no series itself
    std::vector<std::size_t> values;    // numbers of values, one a dimension
};

/// Immutable once published: safe to share. Without dimensions it is an alias: another name of its one
/// member.
struct Series {
    SeriesDescription description;
    std::vector<Dimension> dimensions;
    std::vector<SeriesMember> members; // at least one; by their values, of which no two have the same
    bool is_alias() const { return dimensions.empty(); }
};

/// What a request says of dimensions, as it came: empty where it says nothing.
struct DimensionTexts {
    std::string time, elevation;
    std::string water_level = {}; // of styles of water, whether the layer is a series or none

    std::string_view of(Dimension const& dimension) const
    {
        return dimension.kind == Dimension::Kind::time ? time : elevation;
    }
};

/// How a value was come by.
enum class Choosing { asked, by_default, nearest };

/// A member, and how its value was come by, one a dimension.
struct Choice {
    SeriesMember const* member = nullptr;
    std::vector<Choosing> choosing;
};

/// The member that a request means, time before elevation. A value is one as it is published or any time
/// within it, `current` (of time: the newest), "default" or nothing; with Match::nearest the nearest that
/// there is. Of lists (`a,b`) and steps (`first/last/step`) all that is met must be one member. Of a span
/// (`first/last`, or a year of days) the newest in it is meant, as of `nearest`: clients that animate ask
/// so; of elevations it must hold one. `..` leaves an end of a span open. Else InvalidDimensionValue, with
/// the dimension's name for a locator.
Result<Choice> choose(Series const& series, DimensionTexts const& wanted);

} // namespace ardoise
