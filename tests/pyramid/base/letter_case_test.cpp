// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/letter_case.hpp"

#include <catch2/catch.hpp>

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
