// SPDX-License-Identifier: Apache-2.0
#include "pyramid/sources/cf_time.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/base/letter_case.hpp"
#include "pyramid/base/number.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <optional>

namespace ardoise {

namespace {

namespace chrono = std::chrono;

constexpr std::int64_t day_length = 86'400;
constexpr std::array days_before_month{0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
/// The first day of the Gregorian calendar.
constexpr CalendarTime reform{1582, 10, 15};

chrono::year_month_day as_ours(CalendarTime const& date)
{
    return chrono::year{date.year} / date.month / date.day;
}

/// Of the Julian calendar, since 1970-01-01 of ours: leap years are every fourth, and years begin in March
/// for this.
std::int64_t julian_days(CalendarTime const& date)
{
    std::int64_t const year = date.year - (date.month < 3 ? 1 : 0);
    std::int64_t const month = (date.month + 9) % 12;
    auto const leap_days = year >= 0 ? year / 4 : -((3 - year) / 4);
    return 365 * year + leap_days + (153 * month + 2) / 5 + date.day - 719'471;
}

/// Cuts the first word off.
std::string_view next_word(std::string_view& rest)
{
    auto const start = std::min(rest.find_first_not_of(' '), rest.size());
    rest.remove_prefix(start);
    auto const word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(word.size());
    return word;
}

/// Seconds; nothing when it is no unit of fixed length.
std::optional<double> unit_called(std::string_view name)
{
    static constexpr struct {
        std::string_view name;
        double seconds;
    } units[] = {{"day", 86'400}, {"d", 86'400}, {"hour", 3600}, {"hr", 3600}, {"h", 3600},
                 {"minute", 60},  {"min", 60},   {"second", 1},  {"sec", 1},   {"s", 1}};
    auto const lower = lower_case(name);
    for (auto const& unit : units)
        if (lower == unit.name || lower == std::string{unit.name} + "s")
            return unit.seconds;
    return std::nullopt;
}

/// Numbers with separators between them, at least one; those that are not there are 0.
std::optional<std::array<double, 3>> three_numbers(std::string_view text, char separator)
{
    std::array<double, 3> numbers{};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        auto const number = parse_number<double>(text.substr(0, text.find(separator)));
        if (!number || *number < 0 || *number > 9999)
            return std::nullopt;
        numbers[i] = *number;
        if (text.find(separator) == std::string_view::npos)
            return numbers;
        text.remove_prefix(text.find(separator) + 1);
    }
    return std::nullopt;
}

bool is_utc(std::string_view zone)
{
    static constexpr std::string_view names[] = {"",       "Z",      "z",    "UTC",   "GMT",
                                                 "+00:00", "-00:00", "0:00", "+0:00", "00:00"};
    return std::find(std::begin(names), std::end(names), zone) != std::end(names);
}

/// "1850-1-1", "1850-01-01 00:00:0.0", "1850-01-01T00:00:00Z".
std::optional<CalendarTime> parse_origin(std::string_view text)
{
    auto const clock_start = text.find_first_of("T ");
    auto const date = three_numbers(text.substr(0, clock_start), '-');
    if (!date)
        return std::nullopt;
    CalendarTime time{static_cast<int>((*date)[0]), static_cast<int>((*date)[1]),
                      static_cast<int>((*date)[2])};
    if (time.month < 1 || time.month > 12 || time.day < 1 || time.day > 31)
        return std::nullopt;
    auto rest = clock_start == std::string_view::npos ? std::string_view{} : text.substr(clock_start + 1);
    auto clock_text = next_word(rest);
    if (clock_text.ends_with('Z'))
        clock_text.remove_suffix(1);
    auto const clock =
        clock_text.empty() ? std::optional{std::array<double, 3>{}} : three_numbers(clock_text, ':');
    if (!clock || (*clock)[0] > 23 || (*clock)[1] > 59 || (*clock)[2] >= 60 || !is_utc(next_word(rest)))
        return std::nullopt;
    time.hour = static_cast<int>((*clock)[0]);
    time.minute = static_cast<int>((*clock)[1]);
    time.second = static_cast<int>((*clock)[2]);
    return time;
}

} // namespace

std::string date_text(CalendarTime const& time)
{
    return fmt::format("{:04}-{:02}-{:02}", time.year, time.month, time.day);
}

std::string date_and_clock_text(CalendarTime const& time)
{
    return fmt::format("{}T{:02}:{:02}:{:02}Z", date_text(time), time.hour, time.minute, time.second);
}

CfTime::Calendar CfTime::calendar_called(std::string_view name)
{
    auto const lower = lower_case(name);
    if (lower.empty() || lower == "standard" || lower == "gregorian")
        return Calendar::standard;
    if (lower == "proleptic_gregorian")
        return Calendar::proleptic;
    if (lower == "noleap" || lower == "365_day")
        return Calendar::no_leap;
    if (lower == "360_day")
        return Calendar::days_360;
    fail("times are counted in the calendar \"{}\"; those that are understood are standard, gregorian, "
         "proleptic_gregorian, noleap, 365_day and 360_day",
         name);
}

CfTime::CfTime(std::string_view units, std::string_view calendar) : calendar_{calendar_called(calendar)}
{
    auto rest = units;
    auto const unit = unit_called(next_word(rest));
    auto const since = next_word(rest);
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    auto const origin = parse_origin(rest);
    if (!unit || since != "since" || !origin)
        fail("times are counted in \"{}\"; what is understood are days, hours, minutes or seconds, as in "
             "\"days "
             "since 1850-01-01 00:00:00\", in UTC",
             units);
    unit_ = *unit;
    origin_ = days_of(*origin) * day_length + 3600LL * origin->hour + 60LL * origin->minute + origin->second;
}

/// From some day of the calendar on.
std::int64_t CfTime::days_of(CalendarTime const& date) const
{
    switch (calendar_) {
    case Calendar::days_360:
        return 360LL * date.year + 30LL * (date.month - 1) + date.day - 1;
    case Calendar::no_leap:
        return 365LL * date.year + days_before_month[static_cast<std::size_t>(date.month - 1)] + date.day - 1;
    case Calendar::standard:
        if (date < reform)
            return julian_days(date);
        break;
    case Calendar::proleptic:
        break;
    }
    return chrono::sys_days{as_ours(date)}.time_since_epoch().count();
}

CalendarTime CfTime::date_of(std::int64_t days) const
{
    auto const in_years_of = [&](std::int64_t length) {
        auto const year = days >= 0 ? days / length : (days - length + 1) / length;
        return std::pair{static_cast<int>(year), static_cast<int>(days - year * length)};
    };
    if (calendar_ == Calendar::days_360) {
        auto const [year, day] = in_years_of(360);
        return {year, day / 30 + 1, day % 30 + 1};
    }
    if (calendar_ == Calendar::no_leap) {
        auto const [year, day] = in_years_of(365);
        auto const* const next = std::upper_bound(days_before_month.begin(), days_before_month.end(), day);
        return {year, static_cast<int>(next - days_before_month.begin()), day - *(next - 1) + 1};
    }
    chrono::year_month_day const date{chrono::sys_days{chrono::days{days}}};
    return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
            static_cast<int>(static_cast<unsigned>(date.day()))};
}

CalendarTime CfTime::at(double value) const
{
    constexpr double longest = 1e12; // seconds: thirty thousand years
    auto const offset = value * unit_;
    if (!(std::abs(offset) < longest))
        fail("the time {} lies beyond the years 1 to 9999", value);
    auto const seconds = origin_ + std::llround(offset);
    auto const days = seconds >= 0 ? seconds / day_length : (seconds - day_length + 1) / day_length;
    auto const clock = static_cast<int>(seconds - days * day_length);
    auto time = date_of(days);
    time.hour = clock / 3600;
    time.minute = clock / 60 % 60;
    time.second = clock % 60;
    if (time.year < 1 || time.year > 9999)
        fail("the time {} lies beyond the years 1 to 9999", value);
    if (calendar_ == Calendar::standard && time < reform)
        fail("the time {} lies before October 1582, when the calendar was another one", value);
    if (!as_ours(time).ok())
        fail("the time {} is {} in the calendar of the file, which ours does not have", value,
             date_text(time));
    return time;
}

} // namespace ardoise
