// SPDX-License-Identifier: Apache-2.0
#include "server/catalog/series_description.hpp"

#include "pyramid/base/iso_time.hpp"
#include "pyramid/base/name.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ardoise {

namespace {

Interval read_time(JsonReader const& json)
{
    auto const span = parse_time(json.string());
    if (!span)
        json.refuse(fmt::format("expected a time as \"2022\", \"2022-06\", \"2022-06-15\" or "
                                "\"2022-06-15T10:30:00Z\", not \"{}\"",
                                json.string()));
    return {static_cast<double>(span->first), static_cast<double>(span->last)};
}

Interval read_elevation(JsonReader const& json)
{
    auto const value = json.number();
    return {value, value};
}

std::string read_layer_name(JsonReader const& json)
{
    if (!is_plain_name(json.string()))
        json.refuse(fmt::format("expected the name of a layer, not \"{}\"", json.string()));
    return json.string();
}

MemberDescription read_member(HandwrittenJson const& file, JsonReader const& json)
{
    file.check_names(json, {"layer", "time", "elevation"});
    MemberDescription member{.layer = read_layer_name(json.at("layer")), .time = {}, .elevation = {}};
    if (auto const time = json.find("time"))
        member.time = read_time(*time);
    if (auto const elevation = json.find("elevation"))
        member.elevation = read_elevation(*elevation);
    if (!member.time && !member.elevation)
        json.refuse(R"(says neither "time" nor "elevation", by which it would be chosen)");
    return member;
}

std::vector<MemberDescription> read_members(HandwrittenJson const& file, JsonReader const& json)
{
    constexpr std::size_t most_members = 5000;
    std::vector<MemberDescription> members;
    auto const items = json.items();
    if (items.empty() || items.size() > most_members)
        json.refuse(fmt::format("expected 1 to {} members", most_members));
    for (auto const& item : items) {
        members.push_back(read_member(file, item));
        auto const& first = members.front();
        auto const& last = members.back();
        if (first.time.has_value() != last.time.has_value() ||
            first.elevation.has_value() != last.elevation.has_value())
            item.refuse(R"(says another of "time" and "elevation" than the first member; all say the same)");
    }
    return members;
}

Match read_match(JsonReader const& json)
{
    if (json.string() != "exact" && json.string() != "nearest")
        json.refuse(fmt::format(R"(expected "exact" or "nearest", not "{}")", json.string()));
    return json.string() == "nearest" ? Match::nearest : Match::exact;
}

std::string read_units(JsonReader const& json)
{
    auto const& code = json.string();
    auto const colon = code.find(':');
    if (colon == std::string::npos || !is_plain_name(code.substr(0, colon)) ||
        !is_plain_name(code.substr(colon + 1)))
        json.refuse(fmt::format("expected the code of a vertical system as EPSG:5030 (heights above the "
                                "ellipsoid) or CRS:88, not \"{}\"",
                                code));
    return code;
}

/// `current`, which time has, is what is unsaid.
DimensionDescription read_time_dimension(HandwrittenJson const& file, JsonReader const& json)
{
    file.check_names(json, {"default", "match"});
    DimensionDescription dimension;
    if (auto const value = json.find("default"); value && value->string() != "current")
        dimension.default_value = read_time(*value);
    if (auto const match = json.find("match"))
        dimension.match = read_match(*match);
    return dimension;
}

DimensionDescription read_elevation_dimension(HandwrittenJson const& file, JsonReader const& json)
{
    file.check_names(json, {"default", "match", "units"});
    DimensionDescription dimension;
    if (auto const value = json.find("default"))
        dimension.default_value = read_elevation(*value);
    if (auto const match = json.find("match"))
        dimension.match = read_match(*match);
    if (auto const units = json.find("units"))
        dimension.units = read_units(*units);
    return dimension;
}

SeriesDescription read_dimensions(HandwrittenJson const& file, JsonReader const& json)
{
    file.check_names(json, {"members", "time", "elevation", "hide_members"});
    SeriesDescription series;
    series.members = read_members(file, json.at("members"));
    if (auto const time = json.find("time")) {
        if (!series.members.front().time)
            time->refuse("members say no \"time\"");
        series.time = read_time_dimension(file, *time);
    }
    if (auto const elevation = json.find("elevation")) {
        if (!series.members.front().elevation)
            elevation->refuse("members say no \"elevation\"");
        series.elevation = read_elevation_dimension(file, *elevation);
    }
    if (auto const hide = json.find("hide_members"))
        series.hides_members = hide->boolean();
    return series;
}

AliasDescription read_alias(HandwrittenJson const& file, JsonReader const& json)
{
    file.check_names(json, {"layer", "time", "elevation"});
    AliasDescription alias{.layer = read_layer_name(json.at("layer")), .time = {}, .elevation = {}};
    if (auto const time = json.find("time")) {
        if (time->string() != "current")
            read_time(*time);
        alias.time = time->string();
    }
    if (auto const elevation = json.find("elevation"))
        alias.elevation = fmt::format("{}", elevation->number());
    return alias;
}

/// What is a matter of pyramids.
void check_keys(JsonReader const& json)
{
    for (auto const* key : {"bbox", "extra_tilematrixsets", "pyramids", "unit"})
        if (auto const found = json.find(key))
            found->refuse(
                "is a matter of the pyramids themselves: say it in the descriptions of the members");
}

} // namespace

std::optional<SeriesDescription> parse_series_description(HandwrittenJson const& file)
{
    auto const json = file.root();
    auto const dimensions = json.find("dimensions");
    auto const alias = json.find("alias");
    if (!dimensions && !alias)
        return std::nullopt;
    if (dimensions && alias)
        alias->refuse("stands beside \"dimensions\": a layer is a series or an alias");
    check_keys(json);
    if (dimensions)
        return read_dimensions(file, *dimensions);
    SeriesDescription series;
    series.alias = read_alias(file, *alias);
    return series;
}

} // namespace ardoise
