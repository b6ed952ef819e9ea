// SPDX-License-Identifier: Apache-2.0
#include "server/exchange/request.hpp"

#include "pyramid/base/letter_case.hpp"

#include <algorithm>
#include <cstring>
#include <span>

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

/// Whether decoding it changes nothing, as of nearly all that clients send.
bool is_literal(char c)
{
    auto const code = static_cast<unsigned char>(c);
    return code > 0 && code < 0x80 && c != '%' && c != '+';
}

/// The same of eight at once: less one, a byte that is 0 gets its high bit (those behind it may, too), and so
/// do percent and plus by what differs from them.
bool is_literal(std::uint64_t eight)
{
    constexpr std::uint64_t ones = 0x0101010101010101, high_bits = 0x80 * ones;
    auto const special =
        eight | (eight - ones) | ((eight ^ '%' * ones) - ones) | ((eight ^ '+' * ones) - ones);
    return (special & high_bits) == 0;
}

bool is_literal(std::string_view text)
{
    std::uint64_t eight;
    for (; text.size() >= sizeof eight; text.remove_prefix(sizeof eight)) {
        std::memcpy(&eight, text.data(), sizeof eight);
        if (!is_literal(eight))
            return false;
    }
    return std::all_of(text.begin(), text.end(), [](char c) { return is_literal(c); });
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

/// Decodes text where it stands, as it never becomes longer. Its length then, or nothing when the encoding is
/// malformed or the result is not clean UTF-8.
std::optional<std::size_t> decode_in_place(std::span<char> text, Plus plus)
{
    if (is_literal({text.data(), text.size()}))
        return text.size();
    auto out = text.begin();
    for (auto in = text.begin(); in != text.end(); ++in) {
        char c = *in;
        if (c == '+' && plus == Plus::space) {
            c = ' ';
        } else if (c == '%') {
            if (text.end() - in < 3 || hex_digit(in[1]) < 0 || hex_digit(in[2]) < 0)
                return std::nullopt;
            c = static_cast<char>(hex_digit(in[1]) * 16 + hex_digit(in[2]));
            in += 2;
        }
        *out++ = c;
    }
    auto const size = static_cast<std::size_t>(out - text.begin());
    return is_clean_utf8({text.data(), size}) ? std::optional{size} : std::nullopt;
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
    path = raw_path;
    auto const size = decode_in_place(path, Plus::literal);
    if (!raw_path.starts_with('/') || !size)
        return false;
    path.resize(*size);
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

/// A piece without key ("", "=", "=x") says nothing and is left out.
bool Query::assign(std::string_view text)
{
    text_ = text;
    parameters_.clear();
    bool const literal = is_literal(text);
    for (std::size_t start = 0; start < text.size();) {
        auto const piece = text.substr(start, text.find('&', start) - start);
        auto const equals = std::min(piece.find('='), piece.size()),
                   value = std::min(equals + 1, piece.size());
        Parameter parameter{.key = {start, equals}, .value = {start + value, piece.size() - value}};
        start += piece.size() + 1;
        bool const is_sound = literal || (decode(parameter.key) && decode(parameter.value));
        if (parameter.key.size > 0)
            parameters_.push_back(parameter);
        if (!is_sound || parameters_.size() > max_parameters) {
            parameters_.clear();
            return false;
        }
    }
    return true;
}

bool Query::decode(Part& part)
{
    auto const size = decode_in_place({text_.data() + part.at, part.size}, Plus::space);
    part.size = size.value_or(0);
    return size.has_value();
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
