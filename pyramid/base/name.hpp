// SPDX-License-Identifier: Apache-2.0
// Names that may stand in a path, an address and a list alike.
#pragma once

#include <algorithm>
#include <string_view>

namespace ardoise {

/// Letters and digits of ASCII, '_', '-' and '.', which does not come first.
inline bool is_plain_name(std::string_view name)
{
    auto const plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-' || c == '.';
    };
    return !name.empty() && name.front() != '.' && std::all_of(name.begin(), name.end(), plain);
}

} // namespace ardoise
