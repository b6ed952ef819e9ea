// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/iso_time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace ardoise {

namespace {

namespace chrono = std::chrono;

constexpr std::int64_t day_length = 86'400;

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/// What is left of a text to read.
struct Rest {
    std::string_view text;

    bool skip(char c)
    {
        bool const is_there = text.starts_with(c);
        text.remove_prefix(is_there ? 1 : 0);
        return is_there;
    }
    bool at_digit() const { return !text.empty() && is_digit(text.front()); }
    /// A number of just so many digits, from 0 to `highest`.
    std::optional<int> number(std::size_t digits, int highest)
    {
        auto const piece = text.substr(0, digits);
        if (piece.size() != digits || !std::all_of(piece.begin(), piece.end(), is_digit))
            return std::nullopt;
        int value = 0;
        for (char const digit : piece)
            value = 10 * value + (digit - '0');
        text.remove_prefix(digits);
        return value <= highest ? std::optional{value} : std::nullopt;
    }
};

std::int64_t seconds_of(chrono::year_month_day const& day)
{
    return day_length * chrono::sys_days{day}.time_since_epoch().count();
}

/// The span from the midnight of one day to that of another.
TimeSpan between(chrono::year_month_day const& from, chrono::year_month_day const& to)
{
    return {seconds_of(from), seconds_of(to) - 1};
}

struct Date {
    TimeSpan span;
    bool is_day = false;
};

/// `year`: the first of its days. Months and days with hyphens before them, or both without.
std::optional<Date> read_date(Rest& rest)
{
    auto const year_number = rest.number(4, 9999);
    if (!year_number)
        return std::nullopt;
    auto const year = chrono::year{*year_number};
    bool const is_basic = rest.at_digit();
    if (!is_basic && !rest.skip('-'))
        return Date{between(year / 1 / 1, (year + chrono::years{1}) / 1 / 1)};
    auto const month_number = rest.number(2, 12);
    if (!month_number || *month_number == 0)
        return std::nullopt;
    auto const month = year / chrono::month{static_cast<unsigned>(*month_number)};
    if (!is_basic && !rest.skip('-'))
        return Date{between(month / 1, (month + chrono::months{1}) / 1)};
    auto const day_number = rest.number(2, 31);
    auto const day = month / chrono::day{static_cast<unsigned>(day_number.value_or(0))};
    if (!day.ok())
        return std::nullopt;
    auto const start = seconds_of(day);
    return Date{{start, start + day_length - 1}, true};
}

/// Seconds of a day; what is not said is part of the span.
std::optional<TimeSpan> read_clock(Rest& rest)
{
    auto const hour = rest.number(2, 23);
    if (!hour)
        return std::nullopt;
    std::int64_t start = 3600LL * *hour;
    bool const has_colons = rest.skip(':');
    if (!has_colons && !rest.at_digit())
        return TimeSpan{start, start + 3599};
    auto const minute = rest.number(2, 59);
    if (!minute)
        return std::nullopt;
    start += 60LL * *minute;
    if (has_colons ? !rest.skip(':') : !rest.at_digit())
        return TimeSpan{start, start + 59};
    auto const second = rest.number(2, 59);
    if (!second)
        return std::nullopt;
    if (rest.skip('.')) {
        if (!rest.at_digit())
            return std::nullopt;
        while (rest.at_digit())
            rest.text.remove_prefix(1);
    }
    return TimeSpan{start + *second, start + *second};
}

/// Seconds east of UTC; nothing unless the text ends with it.
std::optional<std::int64_t> read_zone(Rest& rest)
{
    if (rest.text.empty() || rest.text == "Z" || rest.text == "z")
        return 0;
    bool const is_west = rest.skip('-');
    if (!is_west && !rest.skip('+') && !rest.skip(' '))
        return std::nullopt;
    auto const hours = rest.number(2, 23);
    if (!hours)
        return std::nullopt;
    rest.skip(':');
    auto const minutes = rest.text.empty() ? std::optional{0} : rest.number(2, 59);
    if (!minutes || !rest.text.empty())
        return std::nullopt;
    auto const seconds = 3600LL * *hours + 60LL * *minutes;
    return is_west ? -seconds : seconds;
}

} // namespace

std::optional<TimeSpan> parse_time(std::string_view text)
{
    Rest rest{text};
    auto date = read_date(rest);
    if (!date)
        return std::nullopt;
    if (rest.text.empty())
        return date->span;
    if (!date->is_day || !(rest.skip('T') || rest.skip('t')))
        return std::nullopt;
    auto const clock = read_clock(rest);
    auto const zone = clock ? read_zone(rest) : std::nullopt;
    if (!zone)
        return std::nullopt;
    TimeSpan const span{date->span.first + clock->first - *zone, date->span.first + clock->last - *zone};
    static auto const first_second = seconds_of(chrono::year{0} / 1 / 1);
    static auto const end = seconds_of(chrono::year{10000} / 1 / 1);
    return span.first >= first_second && span.last < end ? std::optional{span} : std::nullopt;
}

std::string format_time(TimeSpan const& span)
{
    auto const day_of = [](std::int64_t seconds) {
        return chrono::floor<chrono::days>(chrono::sys_seconds{chrono::seconds{seconds}});
    };
    auto const midnight = day_of(span.first);
    chrono::year_month_day const day{midnight};
    auto const date = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                                  static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
    auto const month = day.year() / day.month();
    if (span == between(day.year() / 1 / 1, (day.year() + chrono::years{1}) / 1 / 1))
        return date.substr(0, 4);
    if (span == between(month / 1, (month + chrono::months{1}) / 1))
        return date.substr(0, 7);
    if (span == between(day, midnight + chrono::days{1}))
        return date;
    auto const second = span.first - seconds_of(day);
    return fmt::format("{}T{:02}:{:02}:{:02}Z", date, second / 3600, second / 60 % 60, second % 60);
}

bool is_duration(std::string_view text)
{
    Rest rest{text};
    if (!rest.skip('P'))
        return false;
    std::string_view units = "YMWD";
    bool has_piece = false;
    while (!rest.text.empty()) {
        if (units != "HMS" && rest.skip('T'))
            units = "HMS";
        auto const digits = std::min(rest.text.find_first_not_of("0123456789."), rest.text.size());
        if (digits == 0 || digits == rest.text.size() || !rest.at_digit() ||
            units.find(rest.text[digits]) == std::string_view::npos)
            return false;
        rest.text.remove_prefix(digits + 1);
        has_piece = true;
    }
    return has_piece;
}

} // namespace ardoise
