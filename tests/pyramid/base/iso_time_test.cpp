// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/iso_time.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;

TEST_CASE("a time is the span that its text leaves open")
{
    constexpr std::int64_t day = 86'400;
    struct {
        char const* text;
        std::int64_t first, length;
        char const* as_published;
    } const rows[] = {
        {"1970", 0, 365 * day, "1970"},
        {"1970-01", 0, 31 * day, "1970-01"},
        {"1970-01-02", day, day, "1970-01-02"},
        {"19700102", day, day, "1970-01-02"},
        {"1972-02", 761 * day, 29 * day, "1972-02"},
        {"1970-01-01T01", 3600, 3600, "1970-01-01T01:00:00Z"},
        {"1970-01-01T01Z", 3600, 3600, "1970-01-01T01:00:00Z"},
        {"1970-01-01T01:02", 3720, 60, "1970-01-01T01:02:00Z"},
        {"1970-01-01T01:02:03", 3723, 1, "1970-01-01T01:02:03Z"},
        {"1970-01-01T01:02:03Z", 3723, 1, "1970-01-01T01:02:03Z"},
        {"1970-01-01t01:02:03z", 3723, 1, "1970-01-01T01:02:03Z"},
        {"1970-01-01T01:02:03.999Z", 3723, 1, "1970-01-01T01:02:03Z"},
        {"19700101T010203Z", 3723, 1, "1970-01-01T01:02:03Z"},
        {"19700101T0102", 3720, 60, "1970-01-01T01:02:00Z"},
        {"1970-01-01T01:02:03+02:00", 3723 - 7200, 1, "1969-12-31T23:02:03Z"},
        {"1970-01-01T01:02:03 02:00", 3723 - 7200, 1, "1969-12-31T23:02:03Z"},
        {"1970-01-01T01:02:03-0230", 3723 + 9000, 1, "1970-01-01T03:32:03Z"},
        {"1970-01-01T01:02:03+02", 3723 - 7200, 1, "1969-12-31T23:02:03Z"},
        {"2000-02-29", 951'782'400, day, "2000-02-29"},
        {"0000", -62'167'219'200, 366 * day, "0000"},
        {"9999-12-31T23:59:59Z", 253'402'300'799, 1, "9999-12-31T23:59:59Z"},
    };
    for (auto const& [text, first, length, as_published] : rows) {
        INFO(text);
        auto const span = parse_time(text);
        REQUIRE(span);
        CHECK(*span == TimeSpan{first, first + length - 1});
        CHECK(format_time(*span) == as_published);
        CHECK(parse_time(as_published)->first == first);
    }
}

TEST_CASE("what is no time is none")
{
    for (auto const* text : {"",
                             "5",
                             "205",
                             "20051",
                             "200506",
                             "2005-",
                             "2005-0",
                             "2005-13",
                             "2005-00",
                             "2005-02-30",
                             "2005-2-3",
                             "1900-02-29",
                             "2005-06-",
                             "2005-06-15T",
                             "2005-06T10",
                             "2005T10",
                             "2005-06-15T24",
                             "2005-06-15T10:60",
                             "2005-06-15T10:59:60",
                             "2005-06-15T10:00:00.",
                             "2005-06-15T10:00:00ZZ",
                             "2005-06-15T10:00:00+",
                             "2005-06-15T10:00:00+2",
                             "2005-06-15T10:00:00+24:00",
                             "2005-06-15 10:00",
                             " 2005",
                             "2005 ",
                             "-2005",
                             "+2005",
                             "2005/2006",
                             "latest",
                             "current",
                             "2005-06-15T10:",
                             "20050615T10:",
                             "0000-01-01T00:00+01:00",
                             "9999-12-31T23:59-01:00",
                             "２００５"}) {
        INFO(text);
        CHECK_FALSE(parse_time(text));
    }
    CHECK_FALSE(parse_time(std::string(100'000, '2')));
    CHECK_FALSE(parse_time(std::string_view{"2005\0", 5}));
}

TEST_CASE("durations are told from other words")
{
    for (auto const* text : {"P1Y", "P3M", "P1W", "P1D", "PT6H", "PT0.5S", "P1Y2M3DT4H5M6S"})
        CHECK(is_duration(text));
    for (auto const* text : {"", "P", "1Y", "PT", "P1YT", "P1", "PY", "P1X", "P1H", "P.Y", "P1Y/", "-P1Y"})
        CHECK_FALSE(is_duration(text));
}
