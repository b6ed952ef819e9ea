// SPDX-License-Identifier: Apache-2.0
#include "styles/multilingual_text.hpp"

#include "pyramid/base/handwritten_json.hpp"
#include "pyramid/base/letter_case.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ardoise {

namespace {

/// "fr" of "fr-ca", nothing of "fr".
std::string without_last_part(std::string tag)
{
    auto const hyphen = tag.find_last_of('-');
    tag.resize(hyphen == std::string::npos ? 0 : hyphen);
    return tag;
}

bool is_letter(char c)
{
    return lower_case(c) >= 'a' && lower_case(c) <= 'z';
}

bool is_letter_or_digit(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9');
}

} // namespace

bool is_language_tag(std::string_view text)
{
    constexpr std::size_t longest = 35; // RFC 5646, 4.4.1
    auto const code = text.substr(0, text.find('-'));
    bool const has_code = (code.size() == 2 || code.size() == 3) && std::ranges::all_of(code, is_letter);
    auto const more = text.substr(code.size());
    bool const is_made_of_parts =
        !more.ends_with('-') && more.find("--") == more.npos &&
        std::ranges::all_of(more, [](char c) { return c == '-' || is_letter_or_digit(c); });
    return text.size() <= longest && has_code && is_made_of_parts;
}

MultilingualText::MultilingualText(std::map<std::string, std::string, std::less<>> texts)
    : by_language{std::move(texts)}
{
}

MultilingualText::MultilingualText(std::string text)
{
    if (!text.empty())
        by_language.emplace("", std::move(text));
}

std::string_view MultilingualText::in(std::string_view language) const
{
    for (auto tag = lower_case(language); !tag.empty(); tag = without_last_part(std::move(tag)))
        if (auto const found = by_language.find(tag); found != by_language.end())
            return found->second;
    if (auto const english = by_language.find("en"); english != by_language.end())
        return english->second;
    return by_language.empty() ? std::string_view{} : by_language.begin()->second;
}

MultilingualText read_multilingual_text(JsonReader const& json)
{
    if (json.json().as<std::string>())
        return MultilingualText{read_words(json)};
    MultilingualText text;
    for (auto const& [language, words] : json.members()) {
        if (!is_language_tag(language))
            words.refuse(fmt::format("\"{}\" is no language as \"fr\" or \"en\"", language));
        if (!text.by_language.emplace(lower_case(language), read_words(words)).second)
            words.refuse("is there twice");
    }
    if (text.empty())
        json.refuse("is empty: expected a text, or one for each language, as {\"en\": ..., \"fr\": ...}");
    return text;
}

} // namespace ardoise
