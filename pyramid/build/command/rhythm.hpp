// SPDX-License-Identifier: Apache-2.0
// How often to say how far the work is.
#pragma once

#include <chrono>

namespace ardoise {

/// At its end, and before that no more often than every so long.
class Rhythm {
public:
    using Clock = std::chrono::steady_clock;

    /// The first time is due `pause` after `last`.
    Rhythm(Clock::duration pause, Clock::time_point last) : pause_{pause}, last_{last} {}

    /// Who is told that it is due says it.
    bool due(Clock::time_point now, bool at_end)
    {
        if (!at_end && now - last_ < pause_)
            return false;
        last_ = now;
        return true;
    }

private:
    Clock::duration pause_;
    Clock::time_point last_;
};

} // namespace ardoise
