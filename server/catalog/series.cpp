// SPDX-License-Identifier: Apache-2.0
#include "server/catalog/series.hpp"

#include "pyramid/base/iso_time.hpp"
#include "pyramid/base/letter_case.hpp"
#include "pyramid/base/number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace ardoise {

namespace {

constexpr double without_end = std::numeric_limits<double>::infinity();

/// One piece of what a request says: a value, or all that lies within two ends.
struct Piece {
    enum class Kind { value, span, steps };
    Kind kind = Kind::value;
    Interval interval;
};

/// The value that is chosen of a dimension, by its number.
struct Chosen {
    std::size_t value = 0;
    Choosing choosing = Choosing::asked;
};

/// Numbers of values that are to be had, rising.
using Numbers = std::vector<std::size_t>;

OgcError invalid(Dimension const& dimension, std::string text)
{
    return {"InvalidDimensionValue", std::string{dimension.name()}, std::move(text)};
}

/// What may be asked for, in words that do not grow with the series.
std::string offer(Dimension const& dimension, Numbers const& there)
{
    constexpr std::size_t most_named = 12;
    auto const text = [&](std::size_t number) -> std::string const& { return dimension.values[number].text; };
    if (there.size() > most_named)
        return fmt::format("{} values from {} to {}", there.size(), text(there.front()), text(there.back()));
    std::string list;
    for (auto const number : there)
        list += (list.empty() ? "" : ", ") + text(number);
    return list;
}

std::optional<Interval> parse_value(Dimension const& dimension, std::string_view text)
{
    if (dimension.kind == Dimension::Kind::time) {
        auto const span = parse_time(text);
        return span ? std::optional{Interval{static_cast<double>(span->first),
                                             static_cast<double>(span->last)}}
                    : std::nullopt;
    }
    auto const number = parse_number<double>(text);
    return number ? std::optional{Interval{*number, *number}} : std::nullopt;
}

/// An end of a span; `..` is as far as may be.
std::optional<Interval> parse_end(Dimension const& dimension, std::string_view text)
{
    return text == ".." ? std::optional{Interval{-without_end, without_end}} : parse_value(dimension, text);
}

bool is_step(Dimension const& dimension, std::string_view text)
{
    if (dimension.kind == Dimension::Kind::time)
        return is_duration(text);
    auto const number = parse_number<double>(text);
    return number && *number >= 0;
}

/// "first/last" or "first/last/step".
std::optional<Piece> parse_span(Dimension const& dimension, std::string_view text)
{
    auto const slash = text.find('/');
    auto const second = text.find('/', slash + 1);
    auto const first = parse_end(dimension, text.substr(0, slash));
    auto const last = parse_end(dimension, text.substr(slash + 1, second - slash - 1));
    if (!first || !last || first->lowest > last->highest)
        return std::nullopt;
    Interval const interval{first->lowest, last->highest};
    if (second == std::string_view::npos)
        return Piece{Piece::Kind::span, interval};
    if (!is_step(dimension, text.substr(second + 1)))
        return std::nullopt;
    return Piece{Piece::Kind::steps, interval};
}

Result<Piece> parse_piece(Dimension const& dimension, std::string_view text)
{
    std::optional<Piece> piece;
    if (text.find('/') != std::string_view::npos)
        piece = parse_span(dimension, text);
    else if (auto const value = parse_value(dimension, text))
        piece = Piece{Piece::Kind::value, *value};
    if (piece)
        return *piece;
    return invalid(
        dimension,
        dimension.kind == Dimension::Kind::time
            ? fmt::format("\"{}\" is no time: expected one as 2022, 2022-06-15, "
                          "2022-06-15T10:30:00Z, current, or two with a slash between.",
                          text)
            : fmt::format("\"{}\" is no elevation: expected a number, or two with a slash between.", text));
}

double distance(Interval const& a, Interval const& b)
{
    return std::max({a.lowest - b.highest, b.lowest - a.highest, 0.0});
}

/// Where two are as near, the one before.
std::size_t nearest(Dimension const& dimension, Interval const& wanted, Numbers const& there)
{
    return *std::min_element(there.begin(), there.end(), [&](std::size_t a, std::size_t b) {
        return distance(dimension.values[a].interval, wanted) <
               distance(dimension.values[b].interval, wanted);
    });
}

OgcError several(Dimension const& dimension, Numbers const& met)
{
    return invalid(dimension, fmt::format("A map shows one {} at a time; these are {}.", dimension.name(),
                                          offer(dimension, met)));
}

Result<Chosen> choose_of_met(Dimension const& dimension, Piece::Kind kind, Numbers const& met)
{
    bool const is_span_of_time = dimension.kind == Dimension::Kind::time && kind != Piece::Kind::steps;
    if (met.size() > 1 && !is_span_of_time)
        return several(dimension, met);
    return Chosen{met.back(), met.size() > 1 ? Choosing::nearest : Choosing::asked};
}

Result<Chosen> choose_piece(Dimension const& dimension, std::string_view text, Numbers const& there)
{
    auto const piece = parse_piece(dimension, text);
    if (!piece)
        return piece.error();
    Numbers met;
    for (auto const number : there) {
        auto const& interval = dimension.values[number].interval;
        if (piece->kind == Piece::Kind::value && interval == piece->interval)
            return Chosen{number, Choosing::asked};
        if (distance(interval, piece->interval) == 0)
            met.push_back(number);
    }
    if (!met.empty())
        return choose_of_met(dimension, piece->kind, met);
    if (dimension.match == Match::nearest)
        return Chosen{nearest(dimension, piece->interval, there), Choosing::nearest};
    return invalid(dimension, fmt::format("There is nothing at {} {}: there is {}.", dimension.name(), text,
                                          offer(dimension, there)));
}

/// Without a word: the default, if it is to be had together with what was chosen before.
Result<Chosen> choose_default(Dimension const& dimension, Numbers const& there)
{
    if (std::binary_search(there.begin(), there.end(), dimension.default_value))
        return Chosen{dimension.default_value, Choosing::by_default};
    if (dimension.match == Match::nearest)
        return Chosen{nearest(dimension, dimension.values[dimension.default_value].interval, there),
                      Choosing::nearest};
    return invalid(dimension,
                   fmt::format("The default {}, {}, is not to be had there: there is {}.", dimension.name(),
                               dimension.default_text(), offer(dimension, there)));
}

/// `text`: pieces with commas between them.
Result<Chosen> choose_value(Dimension const& dimension, std::string_view text, Numbers const& there)
{
    constexpr std::ptrdiff_t most_values = 16; // each is looked for among all members
    constexpr std::size_t longest = 1000;
    if (text.size() > longest || std::count(text.begin(), text.end(), ',') >= most_values)
        return invalid(dimension, fmt::format("A list of values has at most {} of them, and {} letters.",
                                              most_values, longest));
    if (text.empty() || equal_ignoring_case(text, "default"))
        return choose_default(dimension, there);
    if (dimension.kind == Dimension::Kind::time && equal_ignoring_case(text, "current"))
        return Chosen{there.back(), Choosing::asked};
    auto first = choose_piece(dimension, text.substr(0, text.find(',')), there);
    for (auto rest = text; first && rest.find(',') != std::string_view::npos;) {
        rest.remove_prefix(rest.find(',') + 1);
        auto next = choose_piece(dimension, rest.substr(0, rest.find(',')), there);
        if (!next)
            return next;
        if (next->value != first->value)
            return several(dimension,
                           {std::min(first->value, next->value), std::max(first->value, next->value)});
    }
    return first;
}

/// Values of a dimension that some of the members have, which have the same of those before.
Numbers values_of(std::vector<SeriesMember const*> const& members, std::size_t dimension)
{
    Numbers numbers;
    for (auto const* member : members)
        if (numbers.empty() || numbers.back() != member->values[dimension])
            numbers.push_back(member->values[dimension]);
    return numbers;
}

} // namespace

Result<Choice> choose(Series const& series, DimensionTexts const& wanted)
{
    std::vector<SeriesMember const*> members;
    for (auto const& member : series.members)
        members.push_back(&member);
    Choice choice;
    for (std::size_t i = 0; i < series.dimensions.size(); ++i) {
        auto const& dimension = series.dimensions[i];
        auto const chosen = choose_value(dimension, wanted.of(dimension), values_of(members, i));
        if (!chosen)
            return chosen.error();
        choice.choosing.push_back(chosen->choosing);
        std::erase_if(members, [&](auto const* member) { return member->values[i] != chosen->value; });
    }
    choice.member = members.front();
    return choice;
}

} // namespace ardoise
