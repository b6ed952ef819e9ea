// SPDX-License-Identifier: Apache-2.0
#include "server/render/language.hpp"
#include "tests/support/french_locale.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;

TEST_CASE("languages are known by each of their codes, and others are none of ours")
{
    for (auto const* code : {"fr", "fre", "fra", "FRE", "fr-FR", "fr_CA"})
        CHECK(find_language(code) == Language::french);
    for (auto const* code : {"en", "eng", "ENG", "en-GB"})
        CHECK(find_language(code) == Language::english);
    for (auto const* code : {"", "ger", "frisian", "f", "-fr", "english please"})
        CHECK_FALSE(find_language(code));
}

TEST_CASE("numbers are written as their language has it, wherever the program runs")
{
    auto const check = [] {
        CHECK(number_text(1234.5, Language::english) == "1234.5");
        CHECK(number_text(1234.5, Language::french) == "1234,5");
        CHECK(number_text(-0.0, Language::english) == "0");
        CHECK(number_text(0.5, 2, Language::french) == "0,50");
        CHECK(with_unit("12", "m", Language::english) == "12 m");
        CHECK(with_unit("12", "°", Language::french) == "12°");
        CHECK(with_unit("12", "%", Language::english) == "12%");
        CHECK(with_unit("12", "%", Language::french) == "12\xc2\xa0%");
        CHECK(with_unit("12", "", Language::french) == "12");
    };
    check();
    test::FrenchLocale const here;
    check();
}
