// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/log.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>

#include <unistd.h>

namespace ardoise {

namespace {

std::string_view name_of(LogLevel level)
{
    switch (level) {
    case LogLevel::info:
        return "info";
    case LogLevel::warning:
        return "warning";
    case LogLevel::error:
        break;
    }
    return "error";
}

bool needs_quotes(std::string_view text)
{
    return text.empty() || text.find_first_of(" =\"\\") != std::string_view::npos;
}

void append_value(std::string& line, std::string_view text)
{
    bool const quoted = needs_quotes(text);
    if (quoted)
        line += '"';
    for (char const c : text) {
        auto const code = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            line.append(1, '\\').append(1, c);
        else if (code < 0x20 || code == 0x7f)
            line += fmt::format("\\x{:02x}", code);
        else
            line += c;
    }
    if (quoted)
        line += '"';
}

} // namespace

void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields)
{
    auto const now =
        std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    auto const milliseconds = now.time_since_epoch().count() % 1000;
    auto line =
        fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z {} ", fmt::gmtime(std::chrono::system_clock::to_time_t(now)),
                    milliseconds, name_of(level));
    append_value(line, event);
    for (auto const& [key, value] : fields) {
        line.append(1, ' ').append(key).append(1, '=');
        append_value(line, value);
    }
    line += '\n';
    // One write: lines of several threads do not mix.
    [[maybe_unused]] auto const written = ::write(STDERR_FILENO, line.data(), line.size());
}

} // namespace ardoise
