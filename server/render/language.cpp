// SPDX-License-Identifier: Apache-2.0
#include "server/render/language.hpp"

#include "pyramid/base/letter_case.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ardoise {

namespace {

constexpr std::string_view no_break_space = "\xc2\xa0";

std::string with_decimal_mark(std::string text, Language language)
{
    if (language == Language::french)
        std::replace(text.begin(), text.end(), '.', ',');
    return text;
}

} // namespace

std::optional<Language> find_language(std::string_view code)
{
    auto const word = code.substr(0, code.find_first_of("-_"));
    auto const is_one_of = [word](auto... names) { return (equal_ignoring_case(word, names) || ...); };
    if (is_one_of("fr", "fre", "fra"))
        return Language::french;
    if (is_one_of("en", "eng"))
        return Language::english;
    return std::nullopt;
}

std::string_view code_of(Language language)
{
    return language == Language::french ? "fr" : "en";
}

Words const& words_in(Language language)
{
    static constexpr Words english{
        "light", "shade", "flat", "more", {"N", "NE", "E", "SE", "S", "SW", "W", "NW"}};
    static constexpr Words french{
        "lumière", "ombre", "plat", "autres", {"N", "NE", "E", "SE", "S", "SO", "O", "NO"}};
    return language == Language::french ? french : english;
}

std::string number_text(double value, Language language)
{
    return with_decimal_mark(fmt::format("{}", value + 0.0), language); // no -0
}

std::string number_text(double value, int decimals, Language language)
{
    return with_decimal_mark(fmt::format("{:.{}f}", value + 0.0, decimals), language);
}

std::string with_unit(std::string number, std::string_view unit, Language language)
{
    if (unit.empty())
        return number;
    bool const is_sign = unit == "°" || (unit == "%" && language == Language::english);
    if (!is_sign)
        number += unit == "%" ? no_break_space : " ";
    return number.append(unit);
}

} // namespace ardoise
