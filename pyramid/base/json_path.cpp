// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/json_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

namespace ardoise {

namespace {

constexpr char encoded_member[] = "percent_encoded";

/// The bytes of the character that `text` begins with (RFC 3629: no surrogates, nothing longer than it need
/// be); 0 when it begins with none.
std::size_t character_length(std::string_view text)
{
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    auto const first = byte(0);
    std::size_t const length = first < 0x80                     ? 1
                               : first >= 0xc2 && first <= 0xdf ? 2
                               : first >= 0xe0 && first <= 0xef ? 3
                               : first >= 0xf0 && first <= 0xf4 ? 4
                                                                : 0;
    if (text.size() < length)
        return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xc0) != 0x80)
            return 0;
    bool const too_long = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xf0 && byte(1) < 0x90);
    bool const no_character = (first == 0xed && byte(1) > 0x9f) || (first == 0xf4 && byte(1) > 0x8f);
    return too_long || no_character ? 0 : length;
}

bool is_utf8(std::string_view text)
{
    while (!text.empty()) {
        auto const length = character_length(text);
        if (length == 0)
            return false;
        text.remove_prefix(length);
    }
    return true;
}

std::string percent_encoded(std::string_view text)
{
    std::string encoded;
    while (!text.empty()) {
        auto const length = character_length(text);
        if (length == 0 || text.front() == '%')
            encoded += fmt::format("%{:02X}", static_cast<unsigned char>(text.front()));
        else
            encoded += text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(1, length));
    }
    return encoded;
}

std::string percent_decoded(JsonReader const& json)
{
    std::string decoded;
    for (std::string_view text = json.string(); !text.empty(); text.remove_prefix(1)) {
        if (text.front() != '%') {
            decoded += text.front();
            continue;
        }
        unsigned byte = 0;
        auto const digits = text.substr(1, 2);
        auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
        if (error != std::errc{} || end != digits.data() + 2)
            json.refuse("expected two hexadecimal digits behind each %");
        decoded += static_cast<char>(byte);
        text.remove_prefix(2);
    }
    return decoded;
}

} // namespace

Json path_json(std::filesystem::path const& path)
{
    auto const& bytes = path.native();
    return is_utf8(bytes) ? Json{bytes} : Json::object({{encoded_member, percent_encoded(bytes)}});
}

std::filesystem::path read_path(JsonReader const& json)
{
    return json.json().as<std::string>() ? json.string() : percent_decoded(json.at(encoded_member));
}

} // namespace ardoise
