// SPDX-License-Identifier: Apache-2.0
#include "cache/loading_cache.hpp"

#include "cache/lru.hpp"
#include "cache/s3_fifo.hpp"
#include "tests/support/failure_text.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

using namespace ardoise;

namespace {

using LruCache = LoadingCache<Lru<int, int>>;
using S3FifoCache = LoadingCache<S3Fifo<int, int>>;

auto const weighs_one = [](int) { return std::size_t{1}; };

} // namespace

TEMPLATE_TEST_CASE("a key is loaded once and then kept", "", LruCache, S3FifoCache)
{
    TestType cache{100};
    int loads = 0;
    for (int i = 0; i < 5; ++i)
        CHECK(cache.get(
                  7, [&] { return ++loads * 10; }, weighs_one) == 10);
    CHECK(loads == 1);
}

TEST_CASE("what is forgotten is loaded again, and all else stays")
{
    LruCache cache{1600};
    int loads = 0;
    auto const get = [&] {
        for (int key = 0; key < 20; ++key)
            cache.get(
                key, [&] { return ++loads; }, weighs_one);
    };
    get();
    get();
    CHECK(loads == 20);
    cache.forget([](int key) { return key < 5; });
    CHECK(cache.weight() == 15);
    get();
    CHECK(loads == 25);
    CHECK(cache.weight() == 20);
}

TEMPLATE_TEST_CASE("a value too heavy to keep is handed out all the same", "", LruCache, S3FifoCache)
{
    TestType cache{16};
    CHECK(cache.get(
              1, [] { return 5; }, [](int) { return std::size_t{1000}; }) == 5);
    CHECK(cache.weight() == 0);
}

TEMPLATE_TEST_CASE("with no room all is handed out and nothing kept", "", LruCache, S3FifoCache)
{
    TestType cache{0};
    for (int i = 0; i < 3; ++i)
        CHECK(cache.get(
                  1, [&] { return i; }, weighs_one) == i);
    CHECK(cache.weight() == 0);
    CHECK(cache.counts().misses == 3);
}

TEMPLATE_TEST_CASE("of many who miss one key one loads, even where nothing is kept", "", LruCache,
                   S3FifoCache)
{
    for (std::size_t const capacity : {std::size_t{0}, std::size_t{1000}}) {
        TestType cache{capacity};
        std::atomic<int> loads{0}, right{0}, waiting{0};
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i)
            threads.emplace_back([&] {
                ++waiting;
                right += cache.get(
                             3,
                             [&] {
                                 while (waiting < 8)
                                     std::this_thread::yield();
                                 // Those who are on their way get there while this one loads.
                                 std::this_thread::sleep_for(std::chrono::milliseconds{200});
                                 ++loads;
                                 return 42;
                             },
                             weighs_one) == 42;
            });
        threads.clear();
        CHECK(right == 8);
        CHECK(loads < 8);
    }
}

TEMPLATE_TEST_CASE("a load that fails fails for its caller, and the next one tries again", "", LruCache,
                   S3FifoCache)
{
    TestType cache{100};
    CHECK(test::failure_text([&] {
              cache.get(
                  1, []() -> int { fail("broken"); }, weighs_one);
          }) == "broken");
    CHECK(cache.get(
              1, [] { return 2; }, weighs_one) == 2);
}

TEMPLATE_TEST_CASE("nobody waits for ever for a load that failed", "", LruCache, S3FifoCache)
{
    TestType cache{100};
    std::latch all_here{6};
    std::atomic<int> failed{0}, got{0};
    std::vector<std::jthread> threads;
    std::atomic<int> attempts{0};
    for (int i = 0; i < 6; ++i)
        threads.emplace_back([&] {
            all_here.arrive_and_wait();
            try {
                got += cache.get(
                    1,
                    [&]() -> int {
                        if (++attempts <= 2)
                            fail("broken");
                        return 1;
                    },
                    weighs_one);
            } catch (Failure const&) {
                ++failed;
            }
        });
    threads.clear();
    CHECK(failed == 2);
    CHECK(got == 4);
}

TEMPLATE_TEST_CASE("threads that come and go over many keys see what belongs to each", "", LruCache,
                   S3FifoCache)
{
    TestType cache{64};
    std::atomic<int> wrong{0};
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 5000; ++i) {
                int const key = (i * 7 + t) % 300;
                wrong += cache.get(
                             key, [&] { return key * 3; }, weighs_one) != key * 3;
            }
        });
    threads.clear();
    CHECK(wrong == 0);
}

TEMPLATE_TEST_CASE("what is looked for without loading is found only if it is kept", "", LruCache,
                   S3FifoCache)
{
    TestType cache{64};
    CHECK_FALSE(cache.find(1));
    CHECK(cache.counts().misses == 0);
    cache.get(
        1, [] { return 11; }, weighs_one);
    CHECK(cache.find(1) == 11);
    CHECK(cache.counts().hits == 1);
    CHECK_FALSE(cache.find(2));
}
