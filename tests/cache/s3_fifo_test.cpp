// SPDX-License-Identifier: Apache-2.0
#include "cache/s3_fifo.hpp"

#include "cache/loading_cache.hpp"
#include "cache/lru.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <random>
#include <vector>

using namespace ardoise;

namespace {

auto const weighs_one = [](int) { return std::size_t{1}; };

/// SplitMix64's finaliser: shards must share keys evenly for capacities to compare.
struct Spread {
    std::size_t operator()(int key) const
    {
        auto value = static_cast<std::uint64_t>(key) + 0x9e3779b97f4a7c15;
        value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
        value = (value ^ value >> 27) * 0x94d049bb133111eb;
        return value ^ value >> 31;
    }
};

constexpr std::size_t room = 1000;

/// Keys as Zipf's law has them: the k-th of `keys` is asked for in proportion to 1 / k.
std::vector<int> zipf(std::size_t length, int keys)
{
    std::vector<double> weights;
    for (int key = 1; key <= keys; ++key)
        weights.push_back(1.0 / key);
    std::discrete_distribution<int> draw{weights.begin(), weights.end()};
    std::mt19937 random{2022};
    std::vector<int> trace(length);
    for (auto& key : trace)
        key = draw(random);
    return trace;
}

/// The same with runs of keys that are asked for once and never again: somebody downloads the whole layer.
std::vector<int> zipf_with_scans(std::size_t length, int keys)
{
    std::vector<int> trace;
    int never_again = keys;
    for (int const key : zipf(length, keys)) {
        trace.push_back(key);
        if (trace.size() % 10'000 == 0)
            for (int i = 0; i < 5000; ++i)
                trace.push_back(never_again++);
    }
    return trace;
}

/// Round and round over more than fits.
std::vector<int> loop(std::size_t length, int keys)
{
    std::vector<int> trace(length);
    for (std::size_t i = 0; i < length; ++i)
        trace[i] = static_cast<int>(i) % keys;
    return trace;
}

template <typename Cache>
double hit_rate(std::vector<int> const& trace)
{
    Cache cache{room};
    std::size_t loads = 0;
    for (int const key : trace)
        cache.get(
            key, [&] { return static_cast<int>(++loads); }, weighs_one);
    return 1 - static_cast<double>(loads) / static_cast<double>(trace.size());
}

double s3_fifo_rate(std::vector<int> const& trace)
{
    return hit_rate<LoadingCache<S3Fifo<int, int, Spread>>>(trace);
}

double lru_rate(std::vector<int> const& trace)
{
    return hit_rate<LoadingCache<Lru<int, int, Spread>>>(trace);
}

} // namespace

TEST_CASE("S3-FIFO hits no less than LRU where some keys are asked for more than others")
{
    auto const trace = zipf(200'000, 20'000);
    CHECK(s3_fifo_rate(trace) > lru_rate(trace) + 0.02);
    CHECK(s3_fifo_rate(trace) > 0.65);
}

TEST_CASE("a scan does not push out what is asked for again and again")
{
    auto const trace = zipf_with_scans(200'000, 20'000);
    CHECK(s3_fifo_rate(trace) > lru_rate(trace) + 0.03);
}

TEST_CASE("a loop that is larger than the cache hits with S3-FIFO, and never with LRU")
{
    auto const trace = loop(100'000, 1500);
    CHECK(lru_rate(trace) < 0.01);
    CHECK(s3_fifo_rate(trace) > 0.1);
}

TEST_CASE("S3-FIFO keeps no more than its room, and counts")
{
    LoadingCache<S3Fifo<int, int, Spread>> cache{room};
    for (int const key : zipf(50'000, 20'000)) {
        cache.get(
            key, [] { return 1; }, [key](int) { return static_cast<std::size_t>(1 + key % 7); });
        REQUIRE(cache.weight() <= room);
    }
    CHECK(cache.weight() > room * 9 / 10);
    auto const counts = cache.counts();
    CHECK(counts.hits + counts.misses == 50'000);
    CHECK(counts.hits > counts.misses);
}
