// SPDX-License-Identifier: Apache-2.0
// The log: one line an event on standard error, as key=value, safe to feed with text from outside.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace ardoise {

enum class LogLevel { info, warning, error };

using LogField = std::pair<std::string_view, std::string>;

/// Writes one line: time (UTC), level, event, fields. Values are quoted where they need it; control
/// characters are escaped, so nobody forges a line. Safe to call from any thread.
void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

} // namespace ardoise
