// SPDX-License-Identifier: Apache-2.0
// A cache that loads each key once, however many ask for it, and keeps what its shelves choose to keep.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

namespace ardoise {

/// How a cache has done since it was made.
struct CacheCounts {
    std::uint64_t hits = 0, misses = 0;
};

/// What is kept is shared out among shards, each with a lock and a `Shelf` (Lru, S3Fifo) of its own, which
/// decides what stays in its share of the capacity. A Shelf has Key, Value, Hash; find(key), a pointer to the
/// value or null, which counts as a use; keep(key, value, weight, room); weight(); for
/// forget() also take_out(is_unwanted).
///
/// Safe to share. Values are copied out, so they are cheap to copy (a shared_ptr). A single value heavier
/// than a shard's share is handed out but not kept. A capacity of 0 keeps nothing: who asks for a key while
/// it is loaded still gets that one.
template <typename Shelf>
class LoadingCache {
public:
    using Key = typename Shelf::Key;
    using Value = typename Shelf::Value;
    static constexpr std::size_t shard_count = 8;

    explicit LoadingCache(std::size_t capacity) : room_{capacity / shard_count} {}

    /// The value of `key` if it is kept; nothing is counted otherwise, as get() will.
    std::optional<Value> find(Key const& key)
    {
        auto& shard = shard_of(key);
        std::scoped_lock const lock{shard.mutex};
        auto const* const kept = shard.shelf.find(key);
        if (!kept)
            return std::nullopt;
        ++shard.counts.hits;
        return *kept;
    }

    /// The value of `key`: the one kept, or what `load()` returns. Of several callers who miss the same key
    /// one loads, outside of any lock, and the others wait for it. When loading throws, the one who loaded
    /// gets the exception and each of those who waited tries for itself.
    template <typename Load, typename Weigh>
    Value get(Key const& key, Load&& load, Weigh&& weigh)
    {
        auto& shard = shard_of(key);
        std::unique_lock lock{shard.mutex};
        while (true) {
            if (auto const* kept = shard.shelf.find(key)) {
                ++shard.counts.hits;
                return *kept;
            }
            auto const flight = shard.flights.find(key);
            if (flight == shard.flights.end())
                break;
            auto const loading = flight->second;
            loading->done.wait(lock, [&] { return loading->is_over; });
            if (loading->has_value) {
                ++shard.counts.hits;
                return loading->value;
            }
        }
        ++shard.counts.misses;
        auto const flight = shard.flights.emplace(key, std::make_shared<Flight>()).first->second;
        lock.unlock();
        return land(shard, key, *flight, load, weigh);
    }

    /// Forgets what is kept of keys that are unwanted, where the shelf can; what is being loaded meanwhile
    /// stays.
    template <typename IsUnwanted>
    void forget(IsUnwanted const& is_unwanted)
    {
        for (auto& shard : shards_) {
            std::vector<Value> forgotten; // ends after the lock, which nobody is to wait for
            std::scoped_lock const lock{shard.mutex};
            forgotten = shard.shelf.take_out(is_unwanted);
        }
    }

    /// How much is kept, all shards together.
    std::size_t weight() const
    {
        return sum<std::size_t>([](Shard const& shard) { return shard.shelf.weight(); });
    }
    CacheCounts counts() const
    {
        return {sum<std::uint64_t>([](Shard const& shard) { return shard.counts.hits; }),
                sum<std::uint64_t>([](Shard const& shard) { return shard.counts.misses; })};
    }

private:
    /// A load under way.
    struct Flight {
        std::condition_variable done;
        bool is_over = false, has_value = false;
        Value value{};
    };

    struct Shard {
        mutable std::mutex mutex;
        Shelf shelf;
        std::unordered_map<Key, std::shared_ptr<Flight>, typename Shelf::Hash> flights;
        CacheCounts counts;
    };

    Shard& shard_of(Key const& key) { return shards_[(typename Shelf::Hash{}(key) >> 7) % shard_count]; }

    template <typename Number, typename Of>
    Number sum(Of of) const
    {
        Number total{};
        for (auto const& shard : shards_) {
            std::scoped_lock const lock{shard.mutex};
            total += of(shard);
        }
        return total;
    }

    template <typename Load, typename Weigh>
    Value land(Shard& shard, Key const& key, Flight& flight, Load& load, Weigh& weigh)
    {
        auto const end = [&] {
            flight.is_over = true;
            shard.flights.erase(key);
            flight.done.notify_all();
        };
        try {
            Value value = load();
            std::size_t const weight = weigh(value);
            std::scoped_lock const lock{shard.mutex};
            if (weight <= room_)
                shard.shelf.keep(key, value, weight, room_);
            flight.value = value;
            flight.has_value = true;
            end();
            return value;
        } catch (...) {
            std::scoped_lock const lock{shard.mutex};
            end();
            throw;
        }
    }

    std::size_t room_; // of a shard
    mutable std::array<Shard, shard_count> shards_;
};

} // namespace ardoise
