// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/number.hpp"

#include "tests/support/french_locale.hpp"

#include <catch2/catch.hpp>

#include <cstdint>

using namespace ardoise;

TEST_CASE("a number is all of the text or nothing")
{
    for (auto const* text :
         {"", " 1", "1 ", "1x", "0x10", "++1", "+-1", "+", "-", "nan", "inf", "-inf", "1e999", "1,5", "١"})
        CHECK_FALSE(parse_number<double>(text));
    CHECK(parse_number<double>("1.5") == 1.5);
    CHECK(parse_number<double>("+1.5") == 1.5);
    CHECK(parse_number<double>("-.0005E1") == -0.005);
    CHECK(parse_number<double>(".00025E+1") == 0.0025);
}

TEST_CASE("integers that overflow are refused")
{
    CHECK(parse_number<std::int64_t>("9223372036854775807") == INT64_MAX);
    for (auto const* text : {"9223372036854775808", "99999999999999999999", "1.0", "1e3", "--1", "0b1"})
        CHECK_FALSE(parse_number<std::int64_t>(text));
    CHECK_FALSE(parse_number<std::uint16_t>("65536"));
    CHECK_FALSE(parse_number<std::uint16_t>("-1"));
}

TEST_CASE("the locale has no say in numbers")
{
    test::FrenchLocale const french;
    CHECK(parse_number<double>("1.5") == 1.5);
    CHECK_FALSE(parse_number<double>("1,5"));
}
