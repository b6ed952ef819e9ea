// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/letter_case.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <unordered_map>

using namespace ardoise;

TEST_CASE("only letters of ASCII have a case, in whatever locale")
{
    CHECK(lower_case("GetMap @[`{ 1.3.0") == "getmap @[`{ 1.3.0");
    CHECK(upper_case("epsg:2154 @[`{") == "EPSG:2154 @[`{");
    CHECK(lower_case("\xC3\x89t\xC3\xA9") == "\xC3\x89t\xC3\xA9"); // UTF-8 stays as it is
}

TEST_CASE("names are equal but for their case")
{
    CHECK(equal_ignoring_case("GetTile", "GETTILE"));
    CHECK(equal_ignoring_case("", ""));
    CHECK_FALSE(equal_ignoring_case("GetTile", "GetTiles"));
    CHECK_FALSE(equal_ignoring_case("a[", "A{")); // 32 apart, as letters are
}

TEST_CASE("a map finds its keys whatever their case")
{
    std::unordered_map<std::string, int, HashIgnoringCase, EqualIgnoringCase> const places{{"EPSG:2154", 1},
                                                                                           {"a[", 2}};
    CHECK(places.find(std::string_view{"epsg:2154"})->second == 1);
    CHECK(places.find(std::string_view{"A["})->second == 2);
    CHECK(places.find(std::string_view{"a{"}) == places.end());
    CHECK(places.find(std::string_view{"EPSG:215"}) == places.end());
}
