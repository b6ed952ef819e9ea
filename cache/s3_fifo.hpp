// SPDX-License-Identifier: Apache-2.0
// A cache that a scan does not empty: S3-FIFO (Yang, Zhang, Qiu, Yue, Vigfusson: "FIFO queues are all you
// need for cache eviction", SOSP 2023), sharded, weighed, and loading each key once.
#pragma once

#include <algorithm>
#include <array>

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace ardoise {

/// How a cache has done since it was made.
struct CacheCounts {
    std::uint64_t hits = 0, misses = 0;
};

/// What comes in waits in a short queue, a tenth of the room. What was asked for again meanwhile goes on to
/// the long one, all else leaves; but its key is remembered as long as the cache would hold its like, and
/// when it comes back it goes straight to the long queue. So what is seen once never pushes out what is seen
/// often. A hit moves nothing: it counts.
///
/// Safe to share. Values are copied out, so they are cheap to copy (a shared_ptr). Each shard holds its share
/// of the capacity; a single value heavier than that is handed out but not kept. A capacity of 0 keeps
/// nothing: who asks for a key while it is loaded still gets that one.
template <typename Key, typename Value, typename Hash = std::hash<Key>>
class S3Fifo {
public:
    explicit S3Fifo(std::size_t capacity) : room_{capacity / shard_count} {}

    /// The value of `key`: the one kept, or what `load()` returns. Of several callers who miss the same key
    /// one loads, outside of any lock, and the others wait for it. When loading throws, the one who loaded
    /// gets the exception and each of those who waited tries for itself.
    template <typename Load, typename Weigh>
    Value get(Key const& key, Load&& load, Weigh&& weigh)
    {
        auto& shard = shards_[(Hash{}(key) >> 7) % shard_count];
        std::unique_lock lock{shard.mutex};
        while (true) {
            if (auto const kept = shard.kept.find(key); kept != shard.kept.end()) {
                ++shard.counts.hits;
                auto& entry = *kept->second;
                entry.uses = std::min(entry.uses + 1, most_uses);
                return entry.value;
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

    /// How much is kept, all shards together.
    std::size_t weight() const
    {
        return sum<std::size_t>([](Shard const& shard) { return shard.weight(); });
    }
    CacheCounts counts() const
    {
        return {sum<std::uint64_t>([](Shard const& shard) { return shard.counts.hits; }),
                sum<std::uint64_t>([](Shard const& shard) { return shard.counts.misses; })};
    }

private:
    static constexpr std::size_t shard_count = 8;
    static constexpr int most_uses = 3;

    struct Entry {
        Key key;
        Value value;
        std::size_t weight = 0;
        int uses = 0; // since it came into its queue, at most three count
    };
    using Queue = std::list<Entry>; // the newest first

    /// A load under way.
    struct Flight {
        std::condition_variable done;
        bool is_over = false, has_value = false;
        Value value{};
    };

    /// Keys that left lately, bounded by what they weighed.
    class Ghosts {
    public:
        void add(Key const& key, std::size_t weight, std::size_t room)
        {
            order_.push_front({key, weight});
            places_[key] = order_.begin();
            weight_ += weight;
            while (weight_ > room)
                forget(std::prev(order_.end()));
        }
        /// Whether it is one; it is none any more.
        bool take(Key const& key)
        {
            auto const found = places_.find(key);
            if (found == places_.end())
                return false;
            forget(found->second);
            return true;
        }

    private:
        struct Ghost {
            Key key;
            std::size_t weight;
        };
        using Place = typename std::list<Ghost>::iterator;
        void forget(Place place)
        {
            weight_ -= place->weight;
            places_.erase(place->key);
            order_.erase(place);
        }

        std::list<Ghost> order_;
        std::unordered_map<Key, Place, Hash> places_;
        std::size_t weight_ = 0;
    };

    struct Shard {
        mutable std::mutex mutex;
        Queue arrivals, residents; // the short queue and the long one
        std::size_t arrivals_weight = 0, residents_weight = 0;
        std::unordered_map<Key, typename Queue::iterator, Hash> kept;
        std::unordered_map<Key, std::shared_ptr<Flight>, Hash> flights;
        Ghosts ghosts;
        CacheCounts counts;

        std::size_t weight() const { return arrivals_weight + residents_weight; }
    };

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
            keep(shard, {key, value, weight, 0});
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

    void keep(Shard& shard, Entry entry)
    {
        if (entry.weight > room_)
            return;
        bool const is_known = shard.ghosts.take(entry.key);
        auto& queue = is_known ? shard.residents : shard.arrivals;
        (is_known ? shard.residents_weight : shard.arrivals_weight) += entry.weight;
        queue.push_front(std::move(entry));
        shard.kept.emplace(queue.front().key, queue.begin());
        while (shard.weight() > room_)
            if (shard.arrivals_weight > room_ / 10 || shard.residents.empty())
                judge_oldest_arrival(shard);
            else
                judge_oldest_resident(shard);
    }

    void judge_oldest_arrival(Shard& shard)
    {
        auto const oldest = std::prev(shard.arrivals.end());
        shard.arrivals_weight -= oldest->weight;
        if (oldest->uses > 0) {
            oldest->uses = 0;
            shard.residents_weight += oldest->weight;
            shard.residents.splice(shard.residents.begin(), shard.arrivals, oldest);
            return;
        }
        shard.ghosts.add(oldest->key, oldest->weight, room_);
        shard.kept.erase(oldest->key);
        shard.arrivals.erase(oldest);
    }

    void judge_oldest_resident(Shard& shard)
    {
        auto const oldest = std::prev(shard.residents.end());
        if (oldest->uses > 0) {
            --oldest->uses;
            shard.residents.splice(shard.residents.begin(), shard.residents, oldest);
            return;
        }
        shard.residents_weight -= oldest->weight;
        shard.kept.erase(oldest->key);
        shard.residents.erase(oldest);
    }

    std::size_t room_; // of a shard
    mutable std::array<Shard, shard_count> shards_;
};

} // namespace ardoise
