// SPDX-License-Identifier: Apache-2.0
// A cache that forgets what was used longest ago: sharded, weighed, and loading each key once.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <unordered_map>

namespace ardoise {

/// Safe to share. Values are copied out, so they are cheap to copy (a shared_ptr). Each shard holds its share
/// of the capacity and forgets for itself; a single value heavier than that is handed out but not kept.
template <typename Key, typename Value, typename Hash = std::hash<Key>>
class Lru {
public:
    explicit Lru(std::size_t capacity) : shard_capacity_{capacity / shard_count + 1} {}

    /// The value of `key`: the one kept, or what `load()` returns. Of several callers who miss the same key
    /// one loads, outside of any lock, and the others wait for it. When loading throws, the one who loaded
    /// gets the exception and each of those who waited tries for itself.
    template <typename Load, typename Weigh>
    Value get(Key const& key, Load&& load, Weigh&& weigh)
    {
        auto& shard = shards_[(Hash{}(key) >> 7) % shard_count];
        std::unique_lock lock{shard.mutex};
        while (true) {
            auto const found = shard.places.find(key);
            if (found == shard.places.end())
                break;
            if (!found->second->loading) {
                shard.entries.splice(shard.entries.begin(), shard.entries, found->second);
                return found->second->value;
            }
            shard.loaded.wait(lock);
        }
        shard.entries.push_front({key, {}, 0, true});
        auto const place = shard.entries.begin();
        shard.places.emplace(key, place);
        lock.unlock();
        return load_into(shard, place, load, weigh);
    }

    /// Forgets all that is kept; what is being loaded meanwhile stays.
    void clear()
    {
        for (auto& shard : shards_) {
            std::list<Entry> forgotten; // ends after the lock, which nobody is to wait for
            std::scoped_lock const lock{shard.mutex};
            for (auto next = shard.entries.begin(); next != shard.entries.end();) {
                auto const place = next++;
                if (place->loading)
                    continue;
                shard.weight -= place->weight;
                shard.places.erase(place->key);
                forgotten.splice(forgotten.end(), shard.entries, place);
            }
        }
    }

    /// How much is kept, all shards together.
    std::size_t weight() const
    {
        std::size_t sum = 0;
        for (auto& shard : shards_) {
            std::scoped_lock const lock{shard.mutex};
            sum += shard.weight;
        }
        return sum;
    }

private:
    static constexpr std::size_t shard_count = 16;

    struct Entry {
        Key key;
        Value value;
        std::size_t weight;
        bool loading;
    };
    using Place = typename std::list<Entry>::iterator;

    struct Shard {
        mutable std::mutex mutex;
        std::condition_variable loaded;
        std::list<Entry> entries; // most recently used first
        std::unordered_map<Key, Place, Hash> places;
        std::size_t weight = 0;
    };

    template <typename Load, typename Weigh>
    Value load_into(Shard& shard, Place place, Load& load, Weigh& weigh)
    {
        try {
            Value value = load();
            std::size_t const weight = weigh(value);
            std::scoped_lock const lock{shard.mutex};
            place->value = value;
            place->weight = weight;
            place->loading = false;
            shard.weight += weight;
            forget_oldest(shard);
            shard.loaded.notify_all();
            return value;
        } catch (...) {
            std::scoped_lock const lock{shard.mutex};
            shard.places.erase(place->key);
            shard.entries.erase(place);
            shard.loaded.notify_all();
            throw;
        }
    }

    void forget_oldest(Shard& shard)
    {
        for (auto place = shard.entries.end();
             shard.weight > shard_capacity_ && place != shard.entries.begin();) {
            --place;
            if (place->loading)
                continue;
            shard.weight -= place->weight;
            shard.places.erase(place->key);
            place = shard.entries.erase(place);
        }
    }

    std::size_t shard_capacity_;
    mutable std::array<Shard, shard_count> shards_;
};

} // namespace ardoise
