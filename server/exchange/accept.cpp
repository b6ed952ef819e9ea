// SPDX-License-Identifier: Apache-2.0
#include "server/exchange/accept.hpp"

#include "pyramid/base/letter_case.hpp"

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

} // namespace ardoise
