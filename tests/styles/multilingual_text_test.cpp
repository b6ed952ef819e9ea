// SPDX-License-Identifier: Apache-2.0
#include "styles/multilingual_text.hpp"

#include "pyramid/base/handwritten_json.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;

namespace {

MultilingualText read(std::string const& json)
{
    HandwrittenJson const file{"{\"title\": " + json + "}", "s.json"};
    return read_multilingual_text(file.root().at("title"));
}

} // namespace

TEST_CASE("a text is in the language that is asked for, or one that it is a kind of")
{
    auto const text = read(R"({"en": "Slope", "FR": "Pente", "pt-BR": "Declive"})");
    CHECK(text.in("fr") == "Pente");
    CHECK(text.in("fr-Latn-CA") == "Pente");
    CHECK(text.in("PT-br") == "Declive");
    CHECK(text.in("pt") == "Slope");
}

TEST_CASE("a text is in English, or as it is, where nobody has said it in the language that is asked for")
{
    CHECK(read(R"({"fr": "Pente", "en": "Slope"})").in("de") == "Slope");
    CHECK(read(R"({"fr": "Pente", "it": "Pendenza"})").in("") == "Pente");
    CHECK(read(R"("Hangneigung")").in("fr") == "Hangneigung");
    CHECK(MultilingualText{}.in("fr").empty());
    CHECK(MultilingualText{""}.empty());
}

TEST_CASE("a tag of a language begins with its code")
{
    for (auto const* tag : {"fr", "FRE", "pt-BR", "zh-Hant-TW"})
        CHECK(is_language_tag(tag));
    for (auto const* other : {"", "f", "french", "français", "fr-", "fr--CA", "fr_FR", "12", "-fr",
                              "fr-aaaaaaaa-aaaaaaaa-aaaaaaaa-aaaaaaaa"})
        CHECK_FALSE(is_language_tag(other));
}

TEST_CASE("what is no text is refused by its place")
{
    using Catch::Contains;
    CHECK_THROWS_WITH(read("{}"), Contains("title: is empty"));
    CHECK_THROWS_WITH(read(R"({"french": "Pente"})"), Contains("title.french: \"french\" is no language"));
    CHECK_THROWS_WITH(read(R"({"fr": ""})"), Contains("title.fr"));
    CHECK_THROWS_WITH(read(R"({"fr": "a", "FR": "b"})"), Contains("is there twice"));
    CHECK_THROWS_WITH(read("3"), Contains("title"));
}
