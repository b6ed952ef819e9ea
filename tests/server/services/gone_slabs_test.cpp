// SPDX-License-Identifier: Apache-2.0
#include "server/services/gone_slabs.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;

TEST_CASE("slabs that are gone are news once a second and publication, and each meeting is told")
{
    int told = 0;
    GoneSlabs gone{[&] { ++told; }};
    std::chrono::steady_clock::time_point const start{};
    std::chrono::milliseconds const a_while{999}, second{1000};
    CHECK(gone.is_news(1, start));
    CHECK(gone.is_news(2, start + a_while));
    CHECK_FALSE(gone.is_news(1, start + a_while));
    CHECK(gone.is_news(1, start + second));
    CHECK_FALSE(gone.is_news(1, start + a_while + second));
    CHECK(gone.is_news(2, start + a_while + second));
    for (int i = 0; i < 3; ++i)
        gone.meet(SlabsGone{3, "the slab"});
    CHECK(told == 3);
}
