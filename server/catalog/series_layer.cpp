// SPDX-License-Identifier: Apache-2.0
#include "server/catalog/series_layer.hpp"

#include "pyramid/base/bytes.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/base/iso_time.hpp"
#include "pyramid/store/checksums.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

namespace ardoise {

namespace {

char const* kind_of(Pyramid const& pyramid)
{
    if (pyramid.format.compression == TileCompression::vector)
        return "vector tiles";
    switch (pyramid.format.type) {
    case SampleType::uint8:
        return "values of 8 bits";
    case SampleType::uint16:
        return "values of 16 bits";
    case SampleType::float32:
        break;
    }
    return "values of float";
}

/// Why a layer does not go with the first member; empty: it does.
std::string disagreement(Layer const& first, Layer const& other)
{
    auto const& a = first.pyramid;
    auto const& b = other.pyramid;
    if (a.set->id != b.set->id || a.set->matrices.size() != b.set->matrices.size())
        return fmt::format("{} lies in {}, but {} in {}: build all members with one --tms", other.name,
                           b.set->id, first.name, a.set->id);
    if (std::string_view{kind_of(a)} != kind_of(b))
        return fmt::format("{} holds {}, but {} holds {}: make a series of each kind", other.name, kind_of(b),
                           first.name, kind_of(a));
    if (a.channels != b.channels)
        return fmt::format("{} has {} channels, but {} has {}: build all members with the same --bands",
                           other.name, b.channels, first.name, a.channels);
    return {};
}

/// A member as it is described, with its layer.
struct Member {
    std::shared_ptr<Layer const> layer;
    MemberDescription const* description = nullptr;

    Interval const& interval(Dimension::Kind kind) const
    {
        return kind == Dimension::Kind::time ? *description->time : *description->elevation;
    }
};

bool has_same_place(MemberDescription const& a, MemberDescription const& b)
{
    return a.time == b.time && a.elevation == b.elevation;
}

std::vector<Member> find_members(SeriesDescription const& description, LayersByName const& layers,
                                 std::vector<SeriesMistake>& mistakes)
{
    std::vector<Member> members;
    for (std::size_t i = 0; i < description.members.size(); ++i) {
        auto const& described = description.members[i];
        auto const leave_out = [&](std::string const& why) {
            mistakes.push_back({"member left out", fmt::format("dimensions.members[{}]: {}", i, why)});
        };
        auto const found = layers.find(described.layer);
        auto const same = std::find_if(members.begin(), members.end(), [&](Member const& member) {
            return has_same_place(*member.description, described);
        });
        if (found == layers.end())
            leave_out(fmt::format("there is no pyramid {}.json in the store", described.layer));
        else if (same != members.end())
            leave_out(
                fmt::format("{} has the same time and elevation as {}", described.layer, same->layer->name));
        else if (auto const why = members.empty() ? "" : disagreement(*members.front().layer, *found->second);
                 !why.empty())
            leave_out(why);
        else
            members.push_back({found->second, &described});
    }
    if (members.empty())
        fail("dimensions.members: none of them can be used");
    return members;
}

std::string text_of(Dimension::Kind kind, Interval const& interval)
{
    if (kind == Dimension::Kind::elevation)
        return fmt::format("{}", interval.lowest);
    return format_time(
        {static_cast<std::int64_t>(interval.lowest), static_cast<std::int64_t>(interval.highest)});
}

/// Without its default.
Dimension collect(Dimension::Kind kind, DimensionDescription const& description,
                  std::vector<Member> const& members)
{
    bool const is_time = kind == Dimension::Kind::time;
    constexpr char const* heights_above_ellipsoid = "EPSG:5030";
    Dimension dimension{.kind = kind,
                        .units = is_time                     ? "ISO8601"
                                 : description.units.empty() ? heights_above_ellipsoid
                                                             : description.units,
                        .unit_symbol = is_time ? "" : "m",
                        .match = description.match,
                        .values = {},
                        .default_value = 0};
    auto& values = dimension.values;
    for (auto const& member : members)
        values.push_back({member.interval(kind), {}});
    std::sort(values.begin(), values.end(), [](DimensionValue const& a, DimensionValue const& b) {
        return std::tie(a.interval.lowest, a.interval.highest) <
               std::tie(b.interval.lowest, b.interval.highest);
    });
    auto const is_same = [](auto const& a, auto const& b) { return a.interval == b.interval; };
    values.erase(std::unique(values.begin(), values.end(), is_same), values.end());
    for (auto& value : values)
        value.text = text_of(kind, value.interval);
    return dimension;
}

std::size_t number_of(Dimension const& dimension, Interval const& interval)
{
    auto const found = std::find_if(dimension.values.begin(), dimension.values.end(),
                                    [&](DimensionValue const& value) { return value.interval == interval; });
    return static_cast<std::size_t>(found - dimension.values.begin());
}

/// The newest; of elevations the nearest to 0. `there`: rising.
std::size_t natural_default(Dimension const& dimension, std::vector<std::size_t> const& there)
{
    if (dimension.kind == Dimension::Kind::time)
        return there.back();
    return *std::min_element(there.begin(), there.end(), [&](std::size_t a, std::size_t b) {
        return std::abs(dimension.values[a].interval.lowest) < std::abs(dimension.values[b].interval.lowest);
    });
}

std::size_t find_default(Dimension const& dimension, DimensionDescription const& description,
                         std::vector<std::size_t> const& there, std::vector<SeriesMistake>& mistakes)
{
    auto const natural = natural_default(dimension, there);
    if (!description.default_value)
        return natural;
    auto const& said = *description.default_value;
    auto const meets = [&](std::size_t number) {
        auto const& interval = dimension.values[number].interval;
        return interval.lowest <= said.highest && said.lowest <= interval.highest;
    };
    if (auto const found = std::find_if(there.rbegin(), there.rend(), meets); found != there.rend())
        return *found;
    mistakes.push_back(
        {"default not used",
         fmt::format("dimensions.{}.default: no member has {}; it is {} instead", dimension.name(),
                     text_of(dimension.kind, said), dimension.values[natural].text)});
    return natural;
}

/// Each default is to be had together with those before.
void set_defaults(Series& series, std::vector<SeriesMistake>& mistakes)
{
    std::vector<SeriesMember const*> members;
    for (auto const& member : series.members)
        members.push_back(&member);
    for (std::size_t i = 0; i < series.dimensions.size(); ++i) {
        auto& dimension = series.dimensions[i];
        std::vector<std::size_t> there;
        there.reserve(members.size());
        for (auto const* member : members)
            there.push_back(member->values[i]);
        auto const& description =
            dimension.kind == Dimension::Kind::time ? series.description.time : series.description.elevation;
        dimension.default_value = find_default(dimension, description, there, mistakes);
        std::erase_if(members,
                      [&](auto const* member) { return member->values[i] != dimension.default_value; });
    }
}

/// Every level that one of them has, over the ground of all.
Pyramid unite(std::string name, Pyramid shown, std::vector<SeriesMember> const& members)
{
    std::map<std::size_t, Level> levels;
    for (auto const& level : shown.levels)
        levels.emplace(level.matrix, level);
    for (auto const& member : members)
        for (auto const& level : member.layer->pyramid.levels)
            levels.emplace(level.matrix, level);
    shown.name = std::move(name);
    shown.levels.clear();
    for (auto& [matrix, level] : levels) {
        for (auto const& member : members) {
            auto const& pyramid = member.layer->pyramid;
            auto const* own = pyramid.find_level(level.id);
            level.limits = join(
                level.limits,
                own != nullptr ? own->limits : tiles_covering(shown.set->matrices[matrix], pyramid.extent()));
        }
        shown.levels.push_back(std::move(level));
    }
    return shown;
}

Series frame_alias(SeriesDescription description, LayersByName const& layers)
{
    auto const& alias = *description.alias;
    auto const found = layers.find(alias.layer);
    if (found == layers.end())
        fail("alias.layer: there is no pyramid or series \"{}\"", alias.layer);
    auto const& target = found->second;
    Series series;
    if (!target->series && !(alias.time.empty() && alias.elevation.empty()))
        fail("alias: {} is no series, so there is no time or elevation to choose", alias.layer);
    if (target->series) {
        auto const choice = choose(*target->series, {.time = alias.time, .elevation = alias.elevation});
        if (!choice)
            fail("alias: {}", choice.error().text);
        series.members = {{choice->member->layer, {}}};
    } else
        series.members = {{target, {}}};
    series.description = std::move(description);
    return series;
}

Series frame_members(SeriesDescription description, LayersByName const& layers,
                     std::vector<SeriesMistake>& mistakes)
{
    auto const members = find_members(description, layers, mistakes);
    Series series;
    if (description.members.front().time)
        series.dimensions.push_back(collect(Dimension::Kind::time, description.time, members));
    if (description.members.front().elevation)
        series.dimensions.push_back(collect(Dimension::Kind::elevation, description.elevation, members));
    for (auto const& member : members) {
        SeriesMember placed{member.layer, {}};
        for (auto const& dimension : series.dimensions)
            placed.values.push_back(number_of(dimension, member.interval(dimension.kind)));
        series.members.push_back(std::move(placed));
    }
    std::sort(series.members.begin(), series.members.end(),
              [](SeriesMember const& a, SeriesMember const& b) { return a.values < b.values; });
    series.description = std::move(description);
    set_defaults(series, mistakes);
    return series;
}

std::vector<std::shared_ptr<TileMatrixSet const>> common_sets(std::vector<SeriesMember> const& members)
{
    std::vector<std::shared_ptr<TileMatrixSet const>> sets;
    for (auto const& link : members.front().layer->links)
        if (std::all_of(members.begin(), members.end(),
                        [&](auto const& member) { return member.layer->find_link(link.set->id); }))
            sets.push_back(link.set);
    return sets;
}

/// What the members are made of, in their order.
Origin origin_of(Series const& series)
{
    Origin origin;
    std::string fingerprints;
    std::string files;
    for (auto const& member : series.members) {
        origin.modified = std::max(origin.modified, member.layer->modified);
        fingerprints += fmt::format("{} {:x} ", member.layer->name, member.layer->fingerprint);
        files += fmt::format("{:x} ", member.layer->files);
    }
    origin.fingerprint = hash_of(as_bytes(fingerprints));
    origin.files = hash_of(as_bytes(files));
    return origin;
}

/// The shown member's, save products that others do not have: they would show its product for their own.
std::vector<LayerStyle> common_styles(Layer const& shown, std::vector<SeriesMember> const& members)
{
    auto styles = shown.styles;
    std::erase_if(styles, [&](LayerStyle const& style) {
        return style.shown && std::any_of(members.begin(), members.end(), [&](SeriesMember const& member) {
                   return member.layer->find_style(style.identifier) == nullptr;
               });
    });
    return styles.empty() ? std::vector{LayerStyle{normal_style()}} : styles;
}

} // namespace

SeriesFrame frame_series(std::string const& name, SeriesDescription description, LayersByName const& layers)
{
    std::vector<SeriesMistake> mistakes;
    auto series = description.alias ? frame_alias(std::move(description), layers)
                                    : frame_members(std::move(description), layers, mistakes);
    auto const shown = choose(series, {})->member->layer;
    auto pyramid = unite(name, shown->pyramid, series.members);
    return {std::move(series), std::move(pyramid), std::move(mistakes)};
}

std::shared_ptr<Layer const> make_series_layer(SeriesFrame frame, LayerDescription description,
                                               Offer const& further, Layer const* before)
{
    auto const origin = origin_of(frame.series);
    description.extra_sets = common_sets(frame.series.members);
    auto const& shown = *choose(frame.series, {})->member->layer;
    if (description.styles.empty())
        description.styles = common_styles(shown, frame.series.members);
    description.unit = shown.description.unit;
    return make_layer(std::move(frame.pyramid), std::move(description), origin, further, before,
                      std::make_shared<Series const>(std::move(frame.series)));
}

} // namespace ardoise
