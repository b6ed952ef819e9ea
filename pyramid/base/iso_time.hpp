// SPDX-License-Identifier: Apache-2.0
// Times as ISO 8601 writes them, with less or more of their pieces: "2005" is a whole year.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ardoise {

/// Whole seconds since 1970-01-01T00:00:00Z (UTC, proleptic Gregorian, no leap seconds); both ends belong to
/// it.
struct TimeSpan {
    std::int64_t first = 0, last = 0;
    friend bool operator==(TimeSpan const&, TimeSpan const&) = default;
};

/// yyyy, yyyy-MM, yyyy-MM-dd or yyyyMMdd, and after a day Thh, Thh:mm, Thh:mm:ss (with a fraction, which is
/// dropped) or Thhmm, Thhmmss, with Z, +hh, +hh:mm or +hhmm behind it; without a zone it is UTC. A space
/// stands for '+', which is what addresses make of it. Of years 0000 to 9999; nothing for anything else.
std::optional<TimeSpan> parse_time(std::string_view text);

/// The shortest of yyyy, yyyy-MM and yyyy-MM-dd that is just this span; for others the first second as
/// yyyy-MM-ddThh:mm:ssZ.
std::string format_time(TimeSpan const& span);

/// Whether the text is a duration of ISO 8601, as P1Y, P3M or PT6H.
bool is_duration(std::string_view text);

} // namespace ardoise
