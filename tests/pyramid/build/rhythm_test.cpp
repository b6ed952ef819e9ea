// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/command/rhythm.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;
using namespace std::chrono_literals;

TEST_CASE("work that is short is told at its end only, longer work every so often")
{
    Rhythm::Clock::time_point const start{100s};
    Rhythm rhythm{10s, start};
    CHECK_FALSE(rhythm.due(start + 9s, false));
    CHECK(rhythm.due(start + 9s, true));

    Rhythm longer{10s, start};
    CHECK(longer.due(start + 10s, false));
    CHECK_FALSE(longer.due(start + 19s, false));
    CHECK(longer.due(start + 21s, false));
    CHECK_FALSE(longer.due(start + 30s, false)); // 9 s after the last
    CHECK(longer.due(start + 30s, true));
}
