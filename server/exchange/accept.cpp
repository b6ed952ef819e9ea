// SPDX-License-Identifier: Apache-2.0
#include "server/exchange/accept.hpp"

#include "pyramid/base/letter_case.hpp"
#include "pyramid/base/number.hpp"

#include <algorithm>

namespace ardoise {

namespace {

/// A media range without its parameters and the blanks around it.
std::string_view bare(std::string_view range)
{
    range = range.substr(0, range.find(';'));
    auto const first = range.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return range.substr(first, range.find_last_not_of(" \t") + 1 - first);
}

/// "*", which is not in the standard, is what Java's old clients send.
bool holds(std::string_view range, std::string_view media_type)
{
    if (range == "*" || range == "*/*")
        return true;
    bool const is_family = range.ends_with("/*");
    return equal_ignoring_case(is_family ? range.substr(0, range.size() - 1) : range,
                               is_family ? media_type.substr(0, range.size() - 1) : media_type);
}

/// How closely a range that holds a media type names it.
int closeness(std::string_view range)
{
    return range == "*" || range == "*/*" ? 0 : range.ends_with("/*") ? 1 : 2;
}

/// 1 unless a range says otherwise, 0 when what it says makes no sense.
double weight_of(std::string_view range)
{
    while (range.find(';') != std::string_view::npos) {
        range.remove_prefix(range.find(';') + 1);
        auto const parameter = bare(range);
        if (!parameter.starts_with("q=") && !parameter.starts_with("Q="))
            continue;
        auto const weight = parse_number<double>(parameter.substr(2));
        return weight && *weight >= 0 && *weight <= 1 ? *weight : 0;
    }
    return 1;
}

double weight_of(std::string_view media_type, std::string_view accept)
{
    double weight = 0;
    int closest = -1;
    while (!accept.empty()) {
        auto const piece = accept.substr(0, accept.find(','));
        accept.remove_prefix(std::min(piece.size() + 1, accept.size()));
        auto const range = bare(piece);
        if (range.empty() || !holds(range, media_type) || closeness(range) <= closest)
            continue;
        closest = closeness(range);
        weight = weight_of(piece);
    }
    return weight;
}

} // namespace

bool accepts_any(std::string_view accept, std::span<std::string_view const> media_types)
{
    bool has_ranges = false;
    while (!accept.empty()) {
        auto const piece = accept.substr(0, accept.find(','));
        accept.remove_prefix(std::min(piece.size() + 1, accept.size()));
        auto const range = bare(piece);
        if (range.empty())
            continue;
        has_ranges = true;
        if (std::any_of(media_types.begin(), media_types.end(),
                        [range](std::string_view media_type) { return holds(range, media_type); }))
            return true;
    }
    return !has_ranges;
}

std::optional<std::size_t> most_welcome(std::string_view accept,
                                        std::span<std::string_view const> media_types)
{
    if (accept.find_first_not_of(" \t,") == std::string_view::npos)
        return 0;
    std::optional<std::size_t> best;
    double highest = 0;
    for (std::size_t i = 0; i < media_types.size(); ++i)
        if (double const weight = weight_of(media_types[i], accept); weight > highest) {
            highest = weight;
            best = i;
        }
    return best;
}

} // namespace ardoise
