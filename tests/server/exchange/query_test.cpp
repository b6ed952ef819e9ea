// SPDX-License-Identifier: Apache-2.0
#include "server/exchange/request.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;

namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

Parameters parsed(std::string_view text)
{
    auto const query = Query::parse(text);
    INFO(text);
    REQUIRE(query);
    return query->parameters();
}

std::string many_parameters(int count)
{
    std::string text;
    for (int i = 0; i < count; ++i)
        text += "k" + std::to_string(i) + "=v&";
    return text;
}

} // namespace

TEST_CASE("a query is split at & and =, and decoded afterwards")
{
    struct Row {
        std::string_view text;
        Parameters expected;
    };
    std::vector<Row> const table{
        {"", {}},
        {"&&", {}},
        {"=", {}},
        {"=x", {}},
        {"&=&", {}},
        {"a", {{"a", ""}}},
        {"a=", {{"a", ""}}},
        {"a=b", {{"a", "b"}}},
        {"a=b&", {{"a", "b"}}},
        {"&a=b", {{"a", "b"}}},
        {"a=b&&c=d", {{"a", "b"}, {"c", "d"}}},
        {"a=b=c", {{"a", "b=c"}}},
        {"a==", {{"a", "="}}},
        {"a=b%26c%3Dd&e=f", {{"a", "b&c=d"}, {"e", "f"}}},
        {"a%3Db=c", {{"a=b", "c"}}},
        {"a%26b=c", {{"a&b", "c"}}},
        {"a=x+y", {{"a", "x y"}}},
        {"a+b=1", {{"a b", "1"}}},
        {"a=x%2By", {{"a", "x+y"}}},
        {"a=%20%2f%2F", {{"a", " //"}}},
        {"a=%2541", {{"a", "%41"}}},
        {"a=b;c=d", {{"a", "b;c=d"}}},
        {"a=?b", {{"a", "?b"}}},
        {"a=%0D%0A", {{"a", "\r\n"}}},
        {"TILEMATRIX=EPSG:3857:12&BBOX=1,2,3,4", {{"TILEMATRIX", "EPSG:3857:12"}, {"BBOX", "1,2,3,4"}}},
        {"l=%C3%A9t%C3%A9", {{"l", "\u00e9t\u00e9"}}},
        {"l=\xc3\xa9", {{"l", "\u00e9"}}},
        {"l=%F0%9F%97%BA", {{"l", "\U0001f5fa"}}},
        {"l=%F4%8F%BF%BF", {{"l", "\xf4\x8f\xbf\xbf"}}},
        {"l=%EF%BF%BF", {{"l", "\xef\xbf\xbf"}}},
    };
    for (auto const& [text, expected] : table) {
        INFO(text);
        CHECK(parsed(text) == expected);
    }
}

TEST_CASE("what is special is seen wherever it stands")
{
    for (std::size_t place = 0; place < 40; ++place) {
        INFO(place);
        auto const with = [place](std::string_view special) {
            return std::string(place, 'x') + std::string{special} + std::string(40 - place, 'y');
        };
        auto const value = [&](std::string_view special) { return Query::parse("a=" + with(special)); };
        CHECK(value("%41")->find("a") == with("A"));
        CHECK(value("+")->find("a") == with(" "));
        CHECK(value("$&,")->find("a") == with("$").substr(0, place + 1));
        CHECK(value("\u00e9")->find("a") == with("\u00e9"));
        CHECK_FALSE(value("%"));
        CHECK_FALSE(value("\xe9"));
        CHECK_FALSE(value(std::string_view{"\0", 1}));
    }
}

TEST_CASE("a query with malformed escapes is refused")
{
    for (std::string_view const text :
         {"%", "a=%", "a=%4", "a=%zz", "a=%4z", "a=%z4", "a=%%41", "%=a", "a%4=b", "a=b%", "a=% 1", "a=%+1",
          "a=%-1", "a=%u0041", "a=b&%", "=%zz"}) {
        INFO(text);
        CHECK_FALSE(Query::parse(text));
    }
}

TEST_CASE("a query with a NUL is refused, escaped or not")
{
    CHECK_FALSE(Query::parse("a=%00"));
    CHECK_FALSE(Query::parse("a=12345678%00"));
    CHECK_FALSE(Query::parse("a%00b=c"));
    CHECK_FALSE(Query::parse(std::string_view{"a=b\0c", 5}));
    CHECK_FALSE(Query::parse(std::string_view{"a=bbbbbbb\0bbbbbbb", 17}));
}

TEST_CASE("a query that is not UTF-8 is refused")
{
    for (std::string_view const text :
         {"a=%C0%AF",       "a=%C1%81",       "a=%E0%80%AF",  "a=%E0%9F%BF",
          "a=%F0%80%80%AF", "a=%F0%8F%BF%BF",                          // overlong
          "a=%C0%80",                                                  // overlong NUL
          "a=%ED%A0%80",    "a=%ED%BF%BF",                             // surrogates
          "a=%F4%90%80%80", "a=%F5%80%80%80", "a=%FF",        "a=%FE", // beyond Unicode
          "a=%80",          "a=%BF",          "a=%C3",        "a=%C3A",
          "a=%E2%82",       "a=%E2%82A",      "a=%F0%9F%97",  "a=%C3%C3", // cut short
          "a=\xe9",         "%C3=a",          "a=abcdefg%C3", "a=%C3&b=%A9"}) {
        INFO(text);
        CHECK_FALSE(Query::parse(text));
    }
}

TEST_CASE("keys are found whatever their case, values keep theirs")
{
    auto const query = Query::parse("SERVICE=wms&Request=GetMap&layers=Ortho&%c3%89=x");
    REQUIRE(query);
    CHECK(query->find("service") == "wms");
    CHECK(query->find("SeRvIcE") == "wms");
    CHECK(query->find("REQUEST") == "GetMap");
    CHECK(query->find("LAYERS") == "Ortho");
    CHECK(query->find("\u00c9") == "x");
    CHECK_FALSE(query->find("SERVIC"));
    CHECK_FALSE(query->find("SERVICES"));
    CHECK_FALSE(query->find(""));
}

TEST_CASE("of a repeated key the first counts")
{
    auto const query = Query::parse("a=1&A=2&a=3");
    REQUIRE(query);
    CHECK(query->find("A") == "1");
    CHECK(query->parameters().size() == 3);
}

TEST_CASE("an empty value is a value, an absent key is none")
{
    auto const query = Query::parse("styles=&time");
    REQUIRE(query);
    CHECK(query->find("STYLES") == "");
    CHECK(query->find("TIME") == "");
    CHECK_FALSE(query->find("elevation"));
    CHECK_FALSE(query->empty());
    CHECK(Query{}.empty());
}

TEST_CASE("more parameters than anybody needs are refused")
{
    CHECK(parsed(many_parameters(256)).size() == 256);
    CHECK_FALSE(Query::parse(many_parameters(257)));
    CHECK_FALSE(Query::parse(many_parameters(300)));
    CHECK(parsed(std::string(5000, '&')).empty());
}

TEST_CASE("a query parsed over another keeps nothing of it")
{
    Query query;
    REQUIRE(query.assign("a=1&b=2"));
    REQUIRE(query.assign("c=3"));
    CHECK(query.parameters() == Parameters{{"c", "3"}});
    CHECK_FALSE(query.assign("d=4&e=%"));
    CHECK(query.empty());
}
