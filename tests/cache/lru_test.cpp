// SPDX-License-Identifier: Apache-2.0
#include "cache/lru.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;

TEST_CASE("what was used longest ago is forgotten first")
{
    Lru<int, int> shelf;
    for (int key = 0; key < 10; ++key)
        shelf.keep(key, key * 10, 1, 10);
    CHECK(*shelf.find(0) == 0); // used: now 1 is the oldest
    shelf.keep(10, 100, 1, 10);
    CHECK(shelf.find(1) == nullptr);
    CHECK(*shelf.find(0) == 0);
    CHECK(*shelf.find(10) == 100);
    CHECK(shelf.weight() == 10);
}

TEST_CASE("one that is heavy takes the room of several")
{
    Lru<int, int> shelf;
    for (int key = 0; key < 10; ++key)
        shelf.keep(key, key, 1, 10);
    shelf.keep(10, 10, 7, 10);
    for (int key = 0; key < 7; ++key)
        CHECK(shelf.find(key) == nullptr);
    for (int key = 7; key < 11; ++key)
        CHECK(shelf.find(key));
    CHECK(shelf.weight() == 10);
}

TEST_CASE("a key can be forgotten by its name")
{
    Lru<int, int> shelf;
    shelf.keep(1, 10, 1, 5);
    CHECK(shelf.forget(1));
    CHECK_FALSE(shelf.forget(1));
    CHECK(shelf.find(1) == nullptr);
    CHECK(shelf.weight() == 0);
}
