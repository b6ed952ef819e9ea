// SPDX-License-Identifier: Apache-2.0
// How far the work is: a bar on a terminal, plain lines elsewhere, one JSON object a line for machines.
#pragma once

#include "pyramid/build/command/rhythm.hpp"
#include "pyramid/build/command/work_log.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace ardoise {

enum class ProgressStyle { bar, lines, json };

/// "40 s", "12 min 05 s", "7 h 30 min"
std::string duration_text(double seconds);

/// The style that fits where standard error goes.
ProgressStyle usual_progress_style();

/// Writes to standard error: at most a few times a second, and lines every 10 s, so that of work that is
/// shorter they tell the end alone. What was done when it was first called counts as done, and not for the
/// rate. One thread at a time.
class Progress {
public:
    Progress(std::string what, ProgressStyle style);
    /// Each of them stands for so many megapixels: the rate is also said in Mpx/s.
    void weigh(double megapixels_each) { megapixels_each_ = megapixels_each; }
    /// What lines tell goes to `log` too, which outlives this.
    void keep_in(WorkLog& log) { log_ = &log; }
    void show(std::size_t done, std::size_t total);

private:
    struct Pace {
        double rate = 0, seconds_left = 0; // of things a second
    };
    Pace pace(std::size_t done, std::size_t total) const;
    std::string rate_text(double rate) const;
    std::string line(std::size_t done, std::size_t total, Pace const& pace) const;
    void print(std::size_t done, std::size_t total, Pace const& pace) const;

    std::string what_;
    ProgressStyle style_;
    std::optional<double> megapixels_each_;
    WorkLog* log_ = nullptr;
    Rhythm::Clock::time_point start_ = Rhythm::Clock::now();
    Rhythm shown_, logged_;
    std::optional<std::size_t> done_before_;
};

} // namespace ardoise
