// SPDX-License-Identifier: Apache-2.0
#include "styles/level_reading.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/base/iso_time.hpp"
#include "pyramid/base/number.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

namespace ardoise {

namespace {

using Clock = std::chrono::system_clock;

std::string_view last_line(std::string_view text)
{
    auto const end = text.find_last_not_of(" \t\r\n");
    if (end == std::string_view::npos)
        return {};
    text = text.substr(0, end + 1);
    auto const before = text.rfind('\n');
    return before == std::string_view::npos ? text : text.substr(before + 1);
}

std::vector<std::string_view> words_of(std::string_view line)
{
    constexpr std::string_view between = " \t;,";
    std::vector<std::string_view> words;
    for (auto first = line.find_first_not_of(between); first != std::string_view::npos;) {
        auto const end = line.find_first_of(between, first);
        words.push_back(line.substr(first, end - first));
        first = end == std::string_view::npos ? end : line.find_first_not_of(between, end);
    }
    return words;
}

Clock::time_point written_at(std::filesystem::path const& file)
{
    auto const written = std::filesystem::last_write_time(file);
    return std::chrono::time_point_cast<Clock::duration>(
        Clock::now() + (written - std::filesystem::file_time_type::clock::now()));
}

/// From 1970 on; nothing where it lies a day ahead, which no zone explains: it would be believed until then.
std::optional<Clock::time_point> time_in(std::string_view word)
{
    auto const span = parse_time(word);
    auto const tomorrow = Clock::to_time_t(Clock::now() + std::chrono::hours{24});
    if (!span || span->first < 0 || span->first > tomorrow)
        return std::nullopt;
    return Clock::time_point{std::chrono::seconds{span->first}};
}

} // namespace

LevelReading read_level(std::filesystem::path const& file, WaterScale const& scale)
{
    constexpr std::size_t most_bytes = 1 << 20;
    auto const text = read_text(file, most_bytes);
    auto const words = words_of(last_line(text));
    auto const height = words.empty() ? std::nullopt : parse_number<double>(words.back());
    auto const taken = words.size() == 2 ? time_in(words.front()) : std::nullopt;
    if (!height || words.size() > 2 || (words.size() == 2 && !taken))
        fail("{}: its last line is no height in metres, nor a time (2026-01-31T06:00:00Z, none to come) and "
             "one",
             file.string());
    return {scale.level_of_reading(*height), taken ? *taken : written_at(file)};
}

} // namespace ardoise
