// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/json_line.hpp"
#include "pyramid/base/json_path.hpp"
#include "tests/support/failure_text.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace ardoise;
using Catch::Contains;
using test::failure_text;

TEST_CASE("a JSON text comes back the same after parsing and writing")
{
    char const* const texts[] = {R"({"a":1,"b":[true,false,null],"c":"x"})", "[]", "{}",
                                 R"([1.5,-2,"\"\\\n"])", R"({"nested":{"deep":[[[1]]]}})"};
    for (auto const* text : texts)
        CHECK(parse_json(text, "test").text() == text);
}

TEST_CASE("members keep the order in which they were set")
{
    auto json = Json::object({{"z", 1}, {"a", 2}});
    json.set("m", 3);
    json.set("z", 4);
    CHECK(json.text() == R"({"z":4,"a":2,"m":3})");
}

TEST_CASE("numbers are written with a dot and in full")
{
    CHECK(Json{0.1}.text() == "0.1");
    CHECK(Json{156543.03392804097}.text() == "156543.03392804097");
    CHECK(Json{std::int64_t{9007199254740993}}.text() == "9007199254740993");
    CHECK(Json{std::numeric_limits<double>::quiet_NaN()}.text() == "null");
}

TEST_CASE("control characters are escaped")
{
    CHECK(Json{std::string{"a\x01z"}}.text() == R"("a\u0001z")");
}

TEST_CASE("a text that is not JSON is refused with its line")
{
    CHECK_THAT(failure_text([] { parse_json("{\n  \"a\": 1,\n  oops\n}", "x.json"); }),
               Contains("x.json: line 3"));
    for (auto const* text : {"", "{", "[1,", "nul", "{\"a\"}", "1 2", "{\"a\":1}}", "\"\\x\"", "/x", "{} /x"})
        CHECK_THAT(failure_text([&] { parse_json(text, "x.json"); }), Contains("not JSON"));
}

TEST_CASE("comments are accepted")
{
    CHECK(parse_json("// note\n{\"a\": /* why */ 1}", "x").text() == R"({"a":1})");
}

TEST_CASE("nesting without end is refused rather than followed")
{
    CHECK(failure_text([] { parse_json(std::string(100'000, '['), "x"); }) != "(no failure)");
}

TEST_CASE("a reader names the path of a wrong field")
{
    auto const json = parse_json(R"({"levels":[{"n":1},{"n":"two"}],"flag":3,"x":1.5})", "P.json");
    JsonReader const reader{json, "P.json"};
    auto const levels = reader.at("levels").items();
    CHECK(levels[0].at("n").integer() == 1);
    CHECK(failure_text([&] { levels[1].at("n").integer(); }) == "P.json: levels[1].n: expected an integer");
    CHECK(failure_text([&] { levels[0].at("m"); }) == "P.json: levels[0]: has no \"m\"");
    CHECK(failure_text([&] { reader.at("flag").boolean(); }) == "P.json: flag: expected true or false");
    CHECK(failure_text([&] { reader.at("flag").string(); }) == "P.json: flag: expected a string");
    CHECK(failure_text([&] { reader.at("flag").items(); }) == "P.json: flag: expected an array");
    CHECK(failure_text([&] { reader.at("x").integer(); }) == "P.json: x: expected an integer");
    CHECK(failure_text([&] { reader.at("flag").integer(4, 9); }) == "P.json: flag: is 3, expected 4 to 9");
    CHECK(failure_text([&] { reader.at("flag").at("y"); }) == "P.json: flag: expected an object");
}

TEST_CASE("null and absent are the same to find()")
{
    auto const json = parse_json(R"({"a":null})", "x");
    JsonReader const reader{json, "x"};
    CHECK_FALSE(reader.find("a"));
    CHECK_FALSE(reader.find("b"));
}

TEST_CASE("integers that doubles cannot tell apart are no integers")
{
    auto const json = parse_json("[1e300, 1e15, 18446744073709551615]", "x");
    auto const items = JsonReader{json, "x"}.items();
    CHECK(failure_text([&] { items[0].integer(); }) != "(no failure)");
    CHECK(items[1].integer() == 1'000'000'000'000'000);
    CHECK(failure_text([&] { items[2].integer(); }) != "(no failure)");
}

TEST_CASE("a path comes back from JSON byte by byte, whether or not it is text")
{
    struct {
        char const *path, *json;
    } const rows[] = {
        {"/data/été 100%.tif", R"("/data/été 100%.tif")"},
        {"/data/\xe9t\xe9 100%.tif", R"({"percent_encoded":"/data/%E9t%E9 100%25.tif"})"},
        {"\xff", R"({"percent_encoded":"%FF"})"},
        {"é\xc3", R"({"percent_encoded":"é%C3"})"},
        {"\xc0\xaf", R"({"percent_encoded":"%C0%AF"})"},                     // longer than it need be
        {"\xe0\x80\xaf", R"({"percent_encoded":"%E0%80%AF"})"},              // the same
        {"\xed\xa0\x80", R"({"percent_encoded":"%ED%A0%80"})"},              // a surrogate
        {"\xf4\x90\x80\x80", R"({"percent_encoded":"%F4%90%80%80"})"},       // beyond Unicode
        {"\xf0\x9f\x97\xba\xe2\x82", R"({"percent_encoded":"🗺%E2%82"})"}, // cut short
    };
    for (auto const& row : rows) {
        CHECK(path_json(row.path).text() == row.json);
        auto const json = parse_json(row.json, "recipe.json");
        CHECK(read_path(JsonReader{json, "recipe.json"}).native() == row.path);
    }
}

TEST_CASE("a path that is not encoded as it should be is refused")
{
    for (auto const* text : {R"({"percent_encoded":"/a%"})", R"({"percent_encoded":"/a%4"})",
                             R"({"percent_encoded":"/a%x0"})", R"({"path":"/a"})", "3"}) {
        auto const json = parse_json(text, "recipe.json");
        CHECK_THAT(failure_text([&] {
                       read_path(JsonReader{json, "recipe.json"});
                   }),
                   Contains("recipe.json"));
    }
}

TEST_CASE("a member is found in its text, whatever looks like one")
{
    std::string_view const text = "// \"c\": 0\n"
                                  "{\"a\": [\"c\", \"\\\"c\\\":\", {\"b\" /* \"c\": */\n"
                                  ": 1}], /* \n"
                                  "*/ \"d\": {\"b\": 2},\n"
                                  "\"c\":\n"
                                  "3}";
    auto const json = parse_json(text, "text");
    CHECK(line_of(*json.find("a"), json, text) == 2);
    CHECK(line_of(*(*json.find("a")->as<Json::Array>())[2].find("b"), json, text) == 2);
    CHECK(line_of(*json.find("d"), json, text) == 4);
    CHECK(line_of(*json.find("d")->find("b"), json, text) == 4);
    CHECK(line_of(*json.find("c"), json, text) == 5);
    CHECK(line_of(json, json, text) == 0);
    CHECK(line_of(Json{3}, json, text) == 0);
}
