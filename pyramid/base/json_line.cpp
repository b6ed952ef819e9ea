// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/json_line.hpp"

#include <algorithm>

namespace ardoise {

namespace {

/// Whether `json` holds `wanted`; counts the names that stand before it. A document keeps the order of its
/// text.
bool count_names_before(Json const& wanted, Json const& json, int& names)
{
    if (auto const* items = json.as<Json::Array>())
        return std::any_of(items->begin(), items->end(),
                           [&](Json const& item) { return count_names_before(wanted, item, names); });
    auto const* members = json.as<Json::Object>();
    return members != nullptr &&
           std::any_of(members->begin(), members->end(), [&](Json::Member const& member) {
               return &member.second == &wanted ||
                      (++names, count_names_before(wanted, member.second, names));
           });
}

/// Past blanks and comments.
std::size_t past_blanks(std::string_view text, std::size_t at)
{
    while ((at = text.find_first_not_of(" \t\r\n", at)) != std::string_view::npos) {
        auto const opening = text.substr(at, 2);
        if (opening != "//" && opening != "/*")
            return at;
        std::string_view const closing = opening == "//" ? "\n" : "*/";
        auto const end = text.find(closing, at + opening.size());
        if (end == std::string_view::npos)
            break;
        at = end + closing.size();
    }
    return text.size();
}

/// Past the string that opens at `at`.
std::size_t past_string(std::string_view text, std::size_t at)
{
    for (++at; at < text.size() && text[at] != '"'; ++at)
        if (text[at] == '\\')
            ++at;
    return std::min(at + 1, text.size());
}

} // namespace

int line_of(Json const& member, Json const& document, std::string_view text)
{
    int names = 0;
    if (!count_names_before(member, document, names))
        return 0;
    for (auto at = past_blanks(text, 0); at < text.size(); at = past_blanks(text, at)) {
        auto const start = at;
        if (text[start] != '"') {
            ++at;
            continue;
        }
        at = past_string(text, at);
        auto const next = past_blanks(text, at);
        bool const is_name = next < text.size() && text[next] == ':';
        if (is_name && names-- == 0)
            return static_cast<int>(1 + std::ranges::count(text.substr(0, start), '\n'));
    }
    return 0;
}

} // namespace ardoise
