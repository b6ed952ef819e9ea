// SPDX-License-Identifier: Apache-2.0
#include "server/services/ogcapi/ground_subset.hpp"

#include "pyramid/base/letter_case.hpp"
#include "pyramid/base/number.hpp"
#include "server/catalog/ground.hpp"
#include "server/services/maps.hpp"
#include "server/services/ogcapi/time.hpp"
#include "server/services/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ardoise::ogcapi {

namespace {

enum class Axis { x, y };

/// The names of OGC 20-058 (/req/spatial-subsetting/subset-definition), and those that it recommends beside
/// them.
std::optional<Axis> find_axis(std::string_view name, Crs const& crs)
{
    struct Names {
        Axis axis;
        bool geographic;
        std::string_view name;
    };
    constexpr Names all[] = {
        {Axis::x, true, "lon"},       {Axis::x, true, "long"},     {Axis::x, true, "longitude"},
        {Axis::y, true, "lat"},       {Axis::y, true, "latitude"}, {Axis::x, false, "e"},
        {Axis::x, false, "easting"},  {Axis::x, false, "x"},       {Axis::y, false, "n"},
        {Axis::y, false, "northing"}, {Axis::y, false, "y"}};
    auto const found = std::find_if(std::begin(all), std::end(all), [&](Names const& each) {
        return each.geographic == crs.geographic() && equal_ignoring_case(each.name, name);
    });
    return found == std::end(all) ? std::nullopt : std::optional{found->axis};
}

/// "48.1", or "*" for what is there.
Result<double> subset_end(std::string_view text, double otherwise)
{
    if (text == "*")
        return otherwise;
    auto const number = parse_number<double>(text);
    if (!number)
        return invalid(parameter::subset, fmt::format("holds \"{}\", which is no number", text));
    return *number;
}

/// Narrows `box` by one piece: "Lat(47.4:47.5)".
std::optional<OgcError> narrow(BoundingBox& box, std::string_view piece, Crs const& crs)
{
    auto const open = piece.find('(');
    auto const interval = open == std::string_view::npos || !piece.ends_with(')')
                              ? std::nullopt
                              : split_exactly<2>(piece.substr(open + 1, piece.size() - open - 2), ':');
    if (!interval)
        return invalid(parameter::subset, fmt::format("holds \"{}\", which is no axis(low:high)", piece));
    auto const axis = find_axis(piece.substr(0, open), crs);
    if (!axis)
        return invalid(parameter::subset,
                       fmt::format("names the axis \"{}\"; those of its system are {}", piece.substr(0, open),
                                   crs.geographic() ? "Lon and Lat" : "E and N"));
    auto& from = *axis == Axis::x ? box.min_x : box.min_y;
    auto& to = *axis == Axis::x ? box.max_x : box.max_y;
    auto const low = subset_end((*interval)[0], from), high = subset_end((*interval)[1], to);
    if (!low || !high)
        return low ? high.error() : low.error();
    from = *low;
    to = *high;
    return std::nullopt;
}

/// Those of subset. Several such parameters count as if they were one (OGC 20-058, as above).
std::vector<std::string> pieces_of_ground(Query const& query)
{
    std::vector<std::string> pieces;
    for (auto const& [name, value] : query.parameters()) {
        std::string_view rest =
            equal_ignoring_case(name, parameter::subset.name) ? value : std::string_view{};
        while (!rest.empty())
            if (auto const piece = cut_piece(rest, ','); !is_of_time(piece))
                pieces.emplace_back(piece);
    }
    return pieces;
}

bool names_ground(Query const& query, Parameter const& way)
{
    return find(query, way) && (&way != &parameter::subset || !pieces_of_ground(query).empty());
}

Result<BoundingBox> subset_box(Query const& query, Crs const& crs, BoundingBox box)
{
    for (auto const& piece : pieces_of_ground(query))
        if (auto mistake = narrow(box, piece, crs))
            return *std::move(mistake);
    return sound_box(box, parameter::subset.name);
}

Result<Place> center_place(std::string_view text, Crs const& from, Crs const& to)
{
    auto const n = numbers(text, parameter::center, {2});
    if (!n)
        return n.error();
    Place place{(*n)[0], (*n)[1]};
    if (from.northing_first())
        std::swap(place.x, place.y);
    if (!same_place(from, to))
        transform_between(from, to).apply({&place.x, 1}, {&place.y, 1});
    if (!std::isfinite(place.x) || !std::isfinite(place.y))
        return invalid(parameter::center, "has no place in the map's system");
    return place;
}

/// The first parameter of two that name the ground at once.
std::optional<OgcError> trouble_with_many(Query const& query)
{
    Parameter const* first = nullptr;
    for (auto const* way : {&parameter::bbox, &parameter::subset, &parameter::center})
        if (names_ground(query, *way)) {
            if (first)
                return invalid(*way, fmt::format("cannot stand beside {}", first->name));
            first = way;
        }
    return std::nullopt;
}

} // namespace

Result<BoundingBox> box_in(Crs const& to, BoundingBox const& box, Crs const& from, Parameter const& parameter)
{
    auto const there = same_place(from, to) ? box : transform_between(from, to).apply(box);
    if (there.empty())
        return invalid(parameter, "has no place in the map's system");
    return sound_box(there, parameter.name);
}

Result<GroundSubset> ground_subset(Query const& query, Catalog const& catalog, Crs const& crs,
                                   std::function<BoundingBox(Crs const&)> const& extent_in)
{
    if (auto mistake = trouble_with_many(query))
        return *std::move(mistake);
    struct {
        Parameter const &parameter, &system;
    } const ways[] = {{parameter::bbox, parameter::bbox_crs},
                      {parameter::subset, parameter::subset_crs},
                      {parameter::center, parameter::center_crs}};
    for (auto const& [parameter, system] : ways) {
        if (!names_ground(query, parameter))
            continue;
        auto const text = find(query, parameter);
        auto const from = stated_crs(query, system, catalog, geographic_crs());
        if (!from)
            return from.error();
        if (&parameter == &parameter::center) {
            auto const place = center_place(*text, *from, crs);
            return place ? Result<GroundSubset>{GroundSubset{{}, *place}} : place.error();
        }
        auto const stated = &parameter == &parameter::bbox ? stated_box(*text, parameter::bbox, *from)
                                                           : subset_box(query, *from, extent_in(*from));
        auto const box = stated ? box_in(crs, *stated, *from, parameter) : stated;
        return box ? Result<GroundSubset>{GroundSubset{*box, {}}} : box.error();
    }
    return GroundSubset{};
}

} // namespace ardoise::ogcapi
