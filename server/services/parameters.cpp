// SPDX-License-Identifier: Apache-2.0
#include "server/services/parameters.hpp"

#include "pyramid/base/letter_case.hpp"
#include "pyramid/base/number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

namespace ardoise {

namespace {

OgcError invalid(std::string_view name, std::string text)
{
    return {"InvalidParameterValue", std::string{name}, std::move(text)};
}

} // namespace

std::size_t count_pieces(std::string_view text, char separator)
{
    return 1 + static_cast<std::size_t>(std::count(text.begin(), text.end(), separator));
}

std::string_view cut_piece(std::string_view& rest, char separator)
{
    auto const piece = rest.substr(0, rest.find(separator));
    rest.remove_prefix(std::min(piece.size() + 1, rest.size()));
    return piece;
}

Result<std::string_view> required(Query const& query, std::string_view name)
{
    auto const value = query.find(name);
    if (!value || value->empty())
        return OgcError{"MissingParameterValue", std::string{name},
                        fmt::format("The parameter {} is missing.", name)};
    return *value;
}

Result<std::int64_t> integer(Query const& query, std::string_view name, std::int64_t lowest,
                             std::int64_t highest)
{
    auto const text = required(query, name);
    if (!text)
        return text.error();
    auto const value = parse_number<std::int64_t>(*text);
    if (!value || *value < lowest || *value > highest)
        return invalid(name, fmt::format("{} must be an integer from {} to {}, not \"{}\".", name, lowest,
                                         highest, *text));
    return *value;
}

Result<bool> flag(Query const& query, std::string_view name)
{
    auto const text = query.find(name).value_or("");
    if (equal_ignoring_case(text, "TRUE") || text == "1")
        return true;
    if (text.empty() || equal_ignoring_case(text, "FALSE") || text == "0")
        return false;
    return invalid(name, fmt::format("{} must be TRUE or FALSE, not \"{}\".", name, text));
}

Result<Colour> colour(Query const& query, std::string_view name)
{
    auto const text = query.find(name).value_or("");
    if (text.empty())
        return Colour{};
    auto digits = text;
    if (digits.starts_with("0x") || digits.starts_with("0X"))
        digits.remove_prefix(2);
    else if (digits.starts_with("#"))
        digits.remove_prefix(1);
    std::uint32_t value = 0;
    auto const [end, trouble] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (digits.size() != 6 || trouble != std::errc{} || end != digits.data() + digits.size())
        return invalid(name, fmt::format("{} must be a colour like 0xFFFFFF, not \"{}\".", name, text));
    return Colour{static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 8 & 255),
                  static_cast<std::uint8_t>(value & 255)};
}

Result<Backdrop> backdrop(Query const& query)
{
    auto const transparent = flag(query, "TRANSPARENT");
    if (!transparent)
        return transparent.error();
    auto const background = colour(query, "BGCOLOR");
    if (!background)
        return background.error();
    return Backdrop{*transparent, *background};
}

Result<BoundingBox> box(Query const& query, std::string_view name)
{
    auto const text = required(query, name);
    if (!text)
        return text.error();
    auto const pieces = split_exactly<4>(*text, ',');
    if (!pieces)
        return invalid(name, fmt::format("{} must be four numbers with commas between them.", name));
    std::array<double, 4> numbers{};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        auto const number = parse_number<double>((*pieces)[i]);
        if (!number)
            return invalid(name, fmt::format("{} holds \"{}\", which is no number.", name, (*pieces)[i]));
        numbers[i] = *number;
    }
    return BoundingBox{numbers[0], numbers[1], numbers[2], numbers[3]};
}

std::string url_encode(std::string_view text)
{
    std::string encoded;
    for (char const c : text) {
        auto const code = static_cast<unsigned char>(c);
        if (std::isalnum(code) || std::string_view{"-._~"}.find(c) != std::string_view::npos)
            encoded += c;
        else
            encoded += fmt::format("%{:02X}", code);
    }
    return encoded;
}

} // namespace ardoise
