// SPDX-License-Identifier: Apache-2.0
#include "pyramid/sources/cf_time.hpp"
#include "tests/support/failure_text.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace ardoise;
using Catch::Contains;

TEST_CASE("numbers since a date are dates of their calendar")
{
    struct {
        char const *units, *calendar;
        double value;
        char const* expected;
    } const rows[] = {
        {"days since 1970-01-01", "", 0, "1970-01-01T00:00:00Z"},
        {"days since 1970-01-01", "standard", 12784, "2005-01-01T00:00:00Z"},
        {"days since 1970-01-01", "gregorian", 0.5, "1970-01-01T12:00:00Z"},
        {"days since 1850-1-1 00:00:0.0", "proleptic_gregorian", 59, "1850-03-01T00:00:00Z"},
        {"days since 1850-1-1", "noleap", 59, "1850-03-01T00:00:00Z"},
        {"days since 2000-01-01", "standard", 59, "2000-02-29T00:00:00Z"},
        {"days since 2000-01-01", "noleap", 59, "2000-03-01T00:00:00Z"},
        {"days since 2000-01-01", "365_day", 365 * 3 + 364, "2003-12-31T00:00:00Z"},
        {"days since 2000-01-01", "NoLeap", -1, "1999-12-31T00:00:00Z"},
        {"hours since 1970-01-01 00:00:00", "360_day", -946'800, "1860-06-01T00:00:00Z"},
        {"hours since 1970-01-01 00:00:00", "360_day", 24 * 29.5, "1970-01-30T12:00:00Z"},
        {"minutes since 2005-01-16T06:30:00Z", "", 90, "2005-01-16T08:00:00Z"},
        {"seconds since 2005-01-16 06:30:15 UTC", "", 45, "2005-01-16T06:31:00Z"},
        {"Hours since 1900-01-01 00:00:0.0", "gregorian", 920'712, "2005-01-13T00:00:00Z"},
        // The date that many files of reanalyses count from is one of the Julian calendar.
        {"days since 1-1-1 00:00:00", "standard", 732'313, "2006-01-01T00:00:00Z"},
        {"days since 0001-01-01", "proleptic_gregorian", 0, "0001-01-01T00:00:00Z"},
        {"days since 0001-01-01", "proleptic_gregorian", 732'311, "2006-01-01T00:00:00Z"},
    };
    for (auto const& [units, calendar, value, expected] : rows) {
        INFO(units << " " << calendar << " " << value);
        CHECK(date_and_clock_text(CfTime{units, calendar}.at(value)) == expected);
    }
    CHECK(date_text(CfTime{"days since 1970-01-01", ""}.at(15)) == "1970-01-16");
}

TEST_CASE("a date that our calendar does not have is refused")
{
    auto const mistake = [](char const* units, char const* calendar, double value) {
        return test::failure_text([&] { CfTime{units, calendar}.at(value); });
    };
    CHECK_THAT(mistake("days since 1970-02-30", "360_day", 0),
               Contains("is 1970-02-30 in the calendar of the file"));
    CHECK_THAT(mistake("days since 1971-01-01", "360_day", 58), Contains("1971-02-29"));
    CHECK_THAT(mistake("days since 1582-10-15", "standard", -1), Contains("before October 1582"));
    CHECK(mistake("days since 1582-10-15", "standard", 0) == "(no failure)");
    for (double const value : {1e7, -1e7, 1e300, std::nan(""), HUGE_VAL})
        CHECK_THAT(mistake("days since 1970-01-01", "proleptic_gregorian", value),
                   Contains("beyond the years"));
}

TEST_CASE("units and calendars that are not understood are refused")
{
    for (auto const* units :
         {"", "days", "days since", "days since yesterday", "months since 1970-01-01",
          "days after 1970-01-01", "days since 1970-13-01", "days since 1970-00-01",
          "days since 1970-01-01 25:00", "days since 1970-01-01 00:00:00 +02:00", "days since 1970-01-01-01"})
        CHECK_THAT(test::failure_text([&] { CfTime(units, ""); }), Contains("times are counted in"));
    for (auto const* calendar : {"julian", "none", "366_day", " "})
        CHECK_THAT(test::failure_text([&] { CfTime("days since 1970-01-01", calendar); }),
                   Contains("in the calendar"));
}
