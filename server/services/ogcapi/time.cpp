// SPDX-License-Identifier: Apache-2.0
#include "server/services/ogcapi/time.hpp"

#include "pyramid/base/iso_time.hpp"
#include "pyramid/base/letter_case.hpp"
#include "server/catalog/series.hpp"
#include "server/services/parameters.hpp"

#include <algorithm>
#include <limits>

namespace ardoise::ogcapi {

namespace {

constexpr std::string_view open_end = "..";

bool is_end(std::string_view text)
{
    return text.empty() || text == open_end || text == "*" || parse_time(text);
}

std::string_view end_as_stated(std::string_view text)
{
    return text.empty() || text == "*" ? open_end : text;
}

OgcError no_time(Parameter const& parameter, std::string_view text)
{
    return invalid(parameter, fmt::format("must be an instant or an interval of RFC 3339, not \"{}\"", text));
}

Result<StatedTime> interval(std::string_view first, std::string_view last, Parameter const& parameter,
                            std::string_view text)
{
    if (!is_end(first) || !is_end(last))
        return no_time(parameter, text);
    return StatedTime{fmt::format("{}/{}", end_as_stated(first), end_as_stated(last))};
}

Result<StatedTime> read_datetime(std::string_view text)
{
    auto rest = text;
    auto const count = count_pieces(rest, '/');
    auto const first = cut_piece(rest, '/');
    if (count == 2)
        return interval(first, rest, parameter::datetime, text);
    if (count != 1 || !parse_time(first))
        return no_time(parameter::datetime, text);
    return StatedTime{std::string{first}};
}

/// The text between quotation marks, which `rest` loses with a colon behind them. Without marks all of it.
std::string_view cut_quoted(std::string_view& rest)
{
    if (!rest.starts_with('"'))
        return std::exchange(rest, {});
    rest.remove_prefix(1);
    auto const text = cut_piece(rest, '"');
    if (rest.starts_with(':'))
        rest.remove_prefix(1);
    return text;
}

/// `time("2022")`, `time("2021-01-01":"2022-12-31")`, where `*` is an open end.
Result<StatedTime> read_subset(std::string_view piece)
{
    if (!piece.ends_with(')'))
        return no_time(parameter::subset, piece);
    auto rest = piece.substr(piece.find('(') + 1);
    rest.remove_suffix(1);
    if (rest.starts_with("*:"))
        return rest.remove_prefix(2), interval(open_end, cut_quoted(rest), parameter::subset, piece);
    auto const first = cut_quoted(rest);
    if (rest.empty())
        return parse_time(first) ? Result<StatedTime>{StatedTime{std::string{first}}}
                                 : no_time(parameter::subset, piece);
    return interval(first, cut_quoted(rest), parameter::subset, piece);
}

Interval span_of(std::string_view time)
{
    auto constexpr everything = std::numeric_limits<double>::infinity();
    auto rest = time;
    auto const first = cut_piece(rest, '/'), last = rest.empty() ? first : rest;
    auto const from = parse_time(first), to = parse_time(last);
    return {from ? static_cast<double>(from->first) : -everything,
            to ? static_cast<double>(to->last) : everything};
}

Dimension const* time_of(Layer const& layer)
{
    if (!layer.series)
        return nullptr;
    auto const& dimensions = layer.series->dimensions;
    auto const found = std::find_if(dimensions.begin(), dimensions.end(), [](Dimension const& dimension) {
        return dimension.kind == Dimension::Kind::time;
    });
    return found == dimensions.end() ? nullptr : &*found;
}

/// RFC 3339, to the second.
std::string instant(double seconds)
{
    auto const second = static_cast<std::int64_t>(seconds);
    return format_time({second, second});
}

} // namespace

bool is_of_time(std::string_view subset_piece)
{
    return equal_ignoring_case(subset_piece.substr(0, subset_piece.find('(')), "time");
}

Result<StatedTime> stated_time(Query const& query)
{
    if (auto const text = find(query, parameter::datetime))
        return read_datetime(*text);
    for (auto const& [name, value] : query.parameters()) {
        std::string_view rest =
            equal_ignoring_case(name, parameter::subset.name) ? value : std::string_view{};
        while (!rest.empty())
            if (auto const piece = cut_piece(rest, ','); is_of_time(piece))
                return read_subset(piece);
    }
    return StatedTime{};
}

bool intersects(Layer const& layer, std::string_view time)
{
    auto const* const dimension = time_of(layer);
    if (!dimension || time.empty())
        return true;
    auto const wanted = span_of(time);
    return std::any_of(dimension->values.begin(), dimension->values.end(), [&](DimensionValue const& value) {
        return value.interval.lowest <= wanted.highest && wanted.lowest <= value.interval.highest;
    });
}

std::string stated_water_level(Query const& query)
{
    return std::string{find(query, parameter::water_level).value_or("")};
}

OgcError invalid_dimension(OgcError const& error)
{
    if (error.locator == parameter::water_level.name)
        return {"InvalidParameterValue", error.locator, "water_level: " + error.text};
    return {"InvalidParameterValue", std::string{parameter::datetime.name}, "datetime: " + error.text};
}

void add_temporal_extent(Json& extent, Layer const& layer)
{
    auto const* const dimension = time_of(layer);
    if (!dimension)
        return;
    auto const span = Json::array({instant(dimension->values.front().interval.lowest),
                                   instant(dimension->values.back().interval.highest)});
    extent.set("temporal", Json::object({{"interval", Json::array({span})},
                                         {"trs", "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"}}));
}

} // namespace ardoise::ogcapi
