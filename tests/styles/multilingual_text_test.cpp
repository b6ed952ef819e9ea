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

TEST_CASE("what is no text is refused by its place")
{
    using Catch::Contains;
    CHECK_THROWS_WITH(read("{}"), Contains("title: is empty"));
    CHECK_THROWS_WITH(read(R"({"fr": ""})"), Contains("title.fr"));
    CHECK_THROWS_WITH(read(R"({"fr": "a", "FR": "b"})"), Contains("is there twice"));
    CHECK_THROWS_WITH(read("3"), Contains("title"));
}
