// SPDX-License-Identifier: Apache-2.0
#include "cache/lru.hpp"
#include "cache/slab_cache.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/painted_store.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <latch>
#include <set>
#include <thread>

using namespace ardoise;

namespace {

auto const weighs_one = [](int) { return std::size_t{1}; };

} // namespace

TEST_CASE("a key is loaded once and then kept")
{
    Lru<int, int> cache{100};
    int loads = 0;
    for (int i = 0; i < 5; ++i)
        CHECK(cache.get(
                  7, [&] { return ++loads * 10; }, weighs_one) == 10);
    CHECK(loads == 1);
}

TEST_CASE("what was used longest ago is forgotten first")
{
    // One shard's worth: keys that fall on the same shard compete, others do not; so many keys, and a count.
    Lru<int, int> cache{160};
    int loads = 0;
    auto const load = [&] { return ++loads; };
    for (int key = 0; key < 20'000; ++key) {
        cache.get(key, load, weighs_one);
        cache.get(0, load, weighs_one); // used again and again
    }
    int const before = loads;
    cache.get(0, load, weighs_one);
    CHECK(loads == before);
    cache.get(1, load, weighs_one);
    CHECK(loads == before + 1);
    CHECK(cache.weight() <= 160 + 16);
}

TEST_CASE("what is cleared is loaded again")
{
    Lru<int, int> cache{1600};
    int loads = 0;
    auto const get = [&] {
        for (int key = 0; key < 20; ++key)
            cache.get(
                key, [&] { return ++loads; }, weighs_one);
    };
    get();
    get();
    CHECK(loads == 20);
    cache.clear();
    CHECK(cache.weight() == 0);
    get();
    CHECK(loads == 40);
}

TEST_CASE("a value too heavy to keep is handed out all the same")
{
    Lru<int, int> cache{16};
    CHECK(cache.get(
              1, [] { return 5; }, [](int) { return std::size_t{1000}; }) == 5);
    CHECK(cache.weight() == 0);
}

TEST_CASE("of many who miss one key, one loads and the others wait")
{
    Lru<int, int> cache{100};
    std::atomic<int> loads{0};
    std::latch all_here{8};
    std::vector<std::jthread> threads;
    std::atomic<int> right{0};
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            all_here.arrive_and_wait();
            right += cache.get(
                         3,
                         [&] {
                             std::this_thread::yield();
                             return ++loads * 42;
                         },
                         weighs_one) == 42;
        });
    threads.clear();
    CHECK(loads == 1);
    CHECK(right == 8);
}

TEST_CASE("a load that fails fails for its caller, and the next one tries again")
{
    Lru<int, int> cache{100};
    CHECK(test::failure_text([&] {
              cache.get(
                  1, []() -> int { fail("broken"); }, weighs_one);
          }) == "broken");
    CHECK(cache.get(
              1, [] { return 2; }, weighs_one) == 2);
}

TEST_CASE("nobody waits for ever for a load that failed")
{
    Lru<int, int> cache{100};
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

TEST_CASE("threads that come and go over many keys see what belongs to each")
{
    Lru<int, int> cache{64};
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

TEST_CASE("a slab is mapped once, and one that is not there is remembered as such")
{
    test::TemporaryFolder const folder;
    auto const pyramid = test::paint_pyramid(folder.path(), {});
    SlabCache slabs;
    auto const& level = pyramid.finest();
    auto const first = slabs.open(1, pyramid, level, {2, 1});
    REQUIRE(first);
    CHECK(slabs.open(1, pyramid, level, {2, 1}) == first);
    CHECK(slabs.open(1, pyramid, level, {9, 9}) == nullptr);
    CHECK(slabs.open_mask(1, pyramid, level, {2, 1}) == nullptr);
    CHECK(slabs.open(2, pyramid, level, {2, 1}) != first); // another publication
}

TEST_CASE("keys that differ in one thing have hashes that differ")
{
    std::set<std::size_t> hashes;
    std::size_t keys = 0;
    for (std::uint64_t serial = 1; serial < 4; ++serial)
        for (std::uint32_t level = 0; level < 23; ++level)
            for (bool const mask : {false, true})
                for (std::int64_t col = 0; col < 10; ++col)
                    for (std::int64_t row = 0; row < 10; ++row, ++keys)
                        hashes.insert(SlabKeyHash{}({serial, level, mask, {col, row}}));
    CHECK(hashes.size() == keys);
}

TEST_CASE("a slab that cannot be seen is a failure, not one that holds nothing")
{
    test::TemporaryFolder const folder;
    auto const pyramid = test::paint_pyramid(folder.path(), {});
    auto const& level = pyramid.finest();
    std::filesystem::rename(level.directory, folder / "elsewhere");
    SlabCache slabs;
    CHECK_THROWS_AS(slabs.open(1, pyramid, level, {2, 1}), SlabsGone);
    CHECK_THAT(test::failure_text([&] {
                   slabs.open(1, pyramid, level, {2, 1});
               }),
               Catch::Contains("folder of its level"));
    std::filesystem::rename(folder / "elsewhere", level.directory);
    CHECK(slabs.open(1, pyramid, level, {2, 1}));
}
