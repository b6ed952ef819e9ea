// SPDX-License-Identifier: Apache-2.0
// Numbers from text that came from outside: all of the text or nothing, no locale.
#pragma once

#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>
#include <type_traits>

namespace ardoise {

/// The number that `text` is, in full: no spaces, no hexadecimal, no overflow, no NaN, no infinity. One
/// leading
/// `+` is accepted (clients send it).
template <typename Number>
requires std::is_arithmetic_v<Number> std::optional<Number> parse_number(std::string_view text)
{
    if (text.size() > 1 && text[0] == '+' && text[1] != '-' && text[1] != '+')
        text.remove_prefix(1);
    Number value{};
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    if constexpr (std::is_floating_point_v<Number>) {
        if (!std::isfinite(value))
            return std::nullopt;
    }
    return value;
}

} // namespace ardoise
