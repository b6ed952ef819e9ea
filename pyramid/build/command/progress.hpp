// SPDX-License-Identifier: Apache-2.0
// How far the work is: a bar on a terminal, plain lines elsewhere, one JSON object a line for machines.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace ardoise {

enum class ProgressStyle { bar, lines, json, silent };

/// The style that fits where standard error goes.
ProgressStyle usual_progress_style();

/// Writes to standard error, at most a few times a second (lines: each tenth of the way). One thread at a
/// time.
class Progress {
public:
    Progress(std::string what, ProgressStyle style);
    void show(std::size_t done, std::size_t total);

private:
    bool due(std::size_t done, std::size_t total);

    std::string what_;
    ProgressStyle style_;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now(), last_shown_{};
    std::size_t tenths_shown_ = 0;
};

} // namespace ardoise
