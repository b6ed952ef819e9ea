// SPDX-License-Identifier: Apache-2.0
#include "server/exchange/request.hpp"

#include "pyramid/base/letter_case.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace ardoise {

namespace {

enum class Plus { literal, space };

int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/// How many bytes a UTF-8 sequence takes, and which second bytes its first byte allows: this is where
/// overlong forms, surrogates and what lies beyond U+10FFFF are refused (RFC 3629, part 4).
struct Sequence {
    std::size_t length;
    unsigned char second_from, second_to;
};

Sequence sequence_of(unsigned char first)
{
    if (first >= 0xc2 && first <= 0xdf)
        return {2, 0x80, 0xbf};
    if (first == 0xe0)
        return {3, 0xa0, 0xbf};
    if (first == 0xed)
        return {3, 0x80, 0x9f};
    if (first >= 0xe1 && first <= 0xef)
        return {3, 0x80, 0xbf};
    if (first == 0xf0)
        return {4, 0x90, 0xbf};
    if (first >= 0xf1 && first <= 0xf3)
        return {4, 0x80, 0xbf};
    if (first == 0xf4)
        return {4, 0x80, 0x8f};
    return {0, 0, 0};
}

/// The length of the character at the start of `text`, 0 when it is malformed or NUL.
std::size_t character_length(std::string_view text)
{
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    if (byte(0) < 0x80)
        return byte(0) == 0 ? 0 : 1;
    auto const [length, second_from, second_to] = sequence_of(byte(0));
    if (length == 0 || text.size() < length || byte(1) < second_from || byte(1) > second_to)
        return 0;
    for (std::size_t i = 2; i < length; ++i)
        if ((byte(i) & 0xc0) != 0x80)
            return 0;
    return length;
}

/// Whether each of eight bytes is ASCII and neither NUL, percent nor plus, as in nearly all text there is.
bool is_literal(std::uint64_t eight)
{
    constexpr std::uint64_t ones = 0x0101010101010101, high_bits = 0x80 * ones;
    auto const zero_within = [](std::uint64_t word) { return (word - ones) & ~word; };
    auto const special =
        zero_within(eight) | zero_within(eight ^ '%' * ones) | zero_within(eight ^ '+' * ones);
    return ((eight | special) & high_bits) == 0;
}

/// Whether decoding such text changes nothing.
bool is_literal(std::string_view text)
{
    std::uint64_t eight;
    for (; text.size() >= sizeof eight; text.remove_prefix(sizeof eight)) {
        std::memcpy(&eight, text.data(), sizeof eight);
        if (!is_literal(eight))
            return false;
    }
    std::array<char, sizeof eight> rest;
    rest.fill('x');
    std::ranges::copy(text, rest.begin());
    return is_literal(std::bit_cast<std::uint64_t>(rest));
}

bool is_clean_utf8(std::string_view text)
{
    while (!text.empty()) {
        auto const length = character_length(text);
        if (length == 0)
            return false;
        text.remove_prefix(length);
    }
    return true;
}

/// Appends the decoded text. False when the encoding is malformed or the result is not clean UTF-8.
bool append_decoded(std::string_view text, Plus plus, std::string& out)
{
    if (is_literal(text)) {
        out += text;
        return true;
    }
    auto const start = out.size();
    auto const is_special = [&](char c) { return c == '%' || (c == '+' && plus == Plus::space); };
    for (;;) {
        auto const special = std::find_if(text.begin(), text.end(), is_special);
        auto const ahead = static_cast<std::size_t>(special - text.begin());
        out.append(text.data(), ahead);
        text.remove_prefix(ahead);
        if (text.empty())
            return is_clean_utf8(std::string_view{out}.substr(start));
        if (text[0] == '+') {
            out += ' ';
            text.remove_prefix(1);
            continue;
        }
        if (text.size() < 3 || hex_digit(text[1]) < 0 || hex_digit(text[2]) < 0)
            return false;
        out += static_cast<char>(hex_digit(text[1]) * 16 + hex_digit(text[2]));
        text.remove_prefix(3);
    }
}

/// "http://host/wmts?x" becomes "/wmts?x"; what is not in absolute form stays as it is.
std::string_view without_authority(std::string_view target)
{
    for (std::string_view const scheme : {"http://", "https://"}) {
        if (!equal_ignoring_case(target.substr(0, scheme.size()), scheme))
            continue;
        auto const end = target.find_first_of("/?", scheme.size());
        return end == std::string_view::npos ? std::string_view{"/"} : target.substr(end);
    }
    return target;
}

bool assign_target_to(std::string& path, Query& query, std::string_view target)
{
    target = without_authority(target);
    auto const mark = target.find('?');
    auto raw_path = target.substr(0, mark);
    if (raw_path.empty() && mark != std::string_view::npos)
        raw_path = "/";
    path.clear();
    if (!raw_path.starts_with('/') || !append_decoded(raw_path, Plus::literal, path))
        return false;
    return query.assign(mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1));
}

} // namespace

std::optional<Query> Query::parse(std::string_view text)
{
    Query query;
    if (!query.assign(text))
        return std::nullopt;
    return query;
}

bool Query::assign(std::string_view text)
{
    text_.clear();
    parameters_.clear();
    bool const literal = is_literal(text);
    while (!text.empty()) {
        auto const piece = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(piece.size() + 1, text.size()));
        if (!add(piece, literal)) {
            parameters_.clear();
            return false;
        }
    }
    return true;
}

/// A piece without key ("", "=", "=x") says nothing and is left out.
bool Query::add(std::string_view piece, bool is_literal)
{
    auto const equals = piece.find('=');
    auto const key = piece.substr(0, equals);
    auto const value = equals == std::string_view::npos ? std::string_view{} : piece.substr(equals + 1);
    Parameter parameter;
    if (!append(key, is_literal, parameter.key) || !append(value, is_literal, parameter.value))
        return false;
    if (!key.empty())
        parameters_.push_back(parameter);
    return parameters_.size() <= max_parameters;
}

bool Query::append(std::string_view encoded, bool is_literal, Part& part)
{
    part.at = text_.size();
    bool const is_sound = is_literal || append_decoded(encoded, Plus::space, text_);
    if (is_literal)
        text_ += encoded;
    part.size = text_.size() - part.at;
    return is_sound;
}

std::optional<std::string_view> Query::find(std::string_view key) const
{
    for (auto const& parameter : parameters_)
        if (equal_ignoring_case(read(parameter.key), key))
            return read(parameter.value);
    return std::nullopt;
}

std::vector<std::pair<std::string, std::string>> Query::parameters() const
{
    std::vector<std::pair<std::string, std::string>> all;
    for (auto const& [key, value] : parameters_)
        all.emplace_back(read(key), read(value));
    return all;
}

std::optional<std::pair<std::string, Query>> parse_target(std::string_view target)
{
    std::pair<std::string, Query> parsed;
    if (!assign_target_to(parsed.first, parsed.second, target))
        return std::nullopt;
    return parsed;
}

bool assign_target(Request& request, std::string_view target)
{
    return assign_target_to(request.path, request.query, target);
}

} // namespace ardoise
