// SPDX-License-Identifier: Apache-2.0
// Times as climate models count them: numbers since a date, in a calendar (CF conventions 1.10, 4.4).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ardoise {

/// What a clock and a calendar on the wall show.
struct CalendarTime {
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    bool is_midnight() const { return hour == 0 && minute == 0 && second == 0; }
    friend auto operator<=>(CalendarTime const&, CalendarTime const&) = default;
};

/// "2005-01-16"; with the clock "2005-01-16T12:00:00Z".
std::string date_text(CalendarTime const& time);
std::string date_and_clock_text(CalendarTime const& time);

/// Units and calendar of a time axis. A value.
class CfTime {
public:
    /// "days since 1850-01-01 00:00:00" in days, hours, minutes or seconds; the calendars standard,
    /// gregorian, proleptic_gregorian, noleap, 365_day and 360_day; empty: standard. Throws Failure that says
    /// what is not understood.
    CfTime(std::string_view units, std::string_view calendar);

    /// The date that `value` has in the calendar, to the second. In calendars other than ours it is kept as
    /// it reads there. Throws Failure where our calendar has no such date (30 February, anything before
    /// October 1582 where the calendar was Julian then, years but 1 to 9999).
    CalendarTime at(double value) const;

    /// Whether dates are counted as ours are.
    bool is_ours() const { return calendar_ == Calendar::standard || calendar_ == Calendar::proleptic; }

private:
    enum class Calendar { standard, proleptic, no_leap, days_360 };
    static Calendar calendar_called(std::string_view name);
    std::int64_t days_of(CalendarTime const& date) const;
    CalendarTime date_of(std::int64_t days) const;

    Calendar calendar_;
    double unit_ = 1;         // seconds
    std::int64_t origin_ = 0; // seconds of the calendar
};

} // namespace ardoise
