// SPDX-License-Identifier: Apache-2.0
// Letters of ASCII, whatever the locale: names in requests, formats, endings of files.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ardoise {

constexpr char lower_case(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

constexpr char upper_case(char c)
{
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
}

inline std::string lower_case(std::string_view text)
{
    std::string lower{text};
    for (char& c : lower)
        c = lower_case(c);
    return lower;
}

inline std::string upper_case(std::string_view text)
{
    std::string upper{text};
    for (char& c : upper)
        c = upper_case(c);
    return upper;
}

constexpr bool equal_ignoring_case(char a, char b)
{
    return a == b || lower_case(a) == lower_case(b);
}

constexpr bool equal_ignoring_case(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [](char x, char y) { return equal_ignoring_case(x, y); });
}

/// Of keys in any case, for maps that are asked by views.
struct HashIgnoringCase {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const
    {
        std::uint64_t hash = 0xcbf29ce484222325; // FNV-1a
        for (char const c : text)
            hash = (hash ^ static_cast<unsigned char>(lower_case(c))) * 0x100000001b3;
        return hash;
    }
};

struct EqualIgnoringCase {
    using is_transparent = void;
    bool operator()(std::string_view a, std::string_view b) const { return equal_ignoring_case(a, b); }
};

} // namespace ardoise
