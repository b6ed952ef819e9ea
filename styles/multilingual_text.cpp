// SPDX-License-Identifier: Apache-2.0
#include "styles/multilingual_text.hpp"

#include "pyramid/base/handwritten_json.hpp"
#include "pyramid/base/letter_case.hpp"

namespace ardoise {

namespace {

/// "fr" of "fr-ca", nothing of "fr".
std::string without_last_part(std::string tag)
{
    auto const hyphen = tag.find_last_of('-');
    tag.resize(hyphen == std::string::npos ? 0 : hyphen);
    return tag;
}

} // namespace

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
    for (auto const& [language, words] : json.members())
        if (!text.by_language.emplace(lower_case(language), read_words(words)).second)
            words.refuse("is there twice");
    if (text.empty())
        json.refuse("is empty: expected a text, or one for each language, as {\"en\": ..., \"fr\": ...}");
    return text;
}

} // namespace ardoise
