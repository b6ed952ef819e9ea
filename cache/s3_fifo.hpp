// SPDX-License-Identifier: Apache-2.0
// A shelf that a scan does not empty: S3-FIFO (Yang, Zhang, Qiu, Yue, Vigfusson: "FIFO queues are all you
// need for cache eviction", SOSP 2023).
#pragma once

#include "cache/lru.hpp"

#include <algorithm>

namespace ardoise {

/// What comes in waits in a short queue, a tenth of the room. What was asked for again meanwhile goes on to
/// the long one, all else leaves; but its key is remembered as long as the shelf would hold its like, and
/// when it comes back it goes straight to the long queue. So what is seen once never pushes out what is seen
/// often. A hit moves nothing: it counts.
///
/// For a LoadingCache, which locks it.
template <typename K, typename V, typename H = std::hash<K>>
class S3Fifo {
public:
    using Key = K;
    using Value = V;
    using Hash = H;

    /// Null when it is not kept; valid until the next call of keep().
    Value const* find(Key const& key)
    {
        auto const kept = kept_.find(key);
        if (kept == kept_.end())
            return nullptr;
        auto& entry = *kept->second;
        entry.uses = std::min(entry.uses + 1, most_uses);
        return &entry.value;
    }

    /// Takes in a key that is not kept, of `weight` at most `room`, and lets others go until all fit.
    void keep(Key const& key, Value const& value, std::size_t weight, std::size_t room)
    {
        auto& queue = left_lately_.forget(key) ? residents_ : arrivals_;
        queue.entries.push_front({key, value, weight, 0});
        queue.weight += weight;
        kept_.emplace(key, queue.entries.begin());
        while (this->weight() > room)
            if (arrivals_.weight > room / 10 || residents_.entries.empty())
                judge_oldest_arrival(room);
            else
                judge_oldest_resident();
    }

    std::size_t weight() const { return arrivals_.weight + residents_.weight; }

private:
    static constexpr int most_uses = 3;

    struct Entry {
        Key key;
        Value value;
        std::size_t weight = 0;
        int uses = 0; // since it came into its queue, at most three count
    };
    struct Queue {
        std::list<Entry> entries; // the newest first
        std::size_t weight = 0;
    };
    struct Nothing {};

    void judge_oldest_arrival(std::size_t room)
    {
        auto const oldest = std::prev(arrivals_.entries.end());
        arrivals_.weight -= oldest->weight;
        if (oldest->uses > 0) {
            oldest->uses = 0;
            residents_.weight += oldest->weight;
            residents_.entries.splice(residents_.entries.begin(), arrivals_.entries, oldest);
            return;
        }
        left_lately_.keep(oldest->key, {}, oldest->weight, room);
        kept_.erase(oldest->key);
        arrivals_.entries.erase(oldest);
    }

    void judge_oldest_resident()
    {
        auto const oldest = std::prev(residents_.entries.end());
        if (oldest->uses > 0) {
            --oldest->uses;
            residents_.entries.splice(residents_.entries.begin(), residents_.entries, oldest);
            return;
        }
        residents_.weight -= oldest->weight;
        kept_.erase(oldest->key);
        residents_.entries.erase(oldest);
    }

    Queue arrivals_, residents_; // the short one and the long one
    std::unordered_map<Key, typename std::list<Entry>::iterator, Hash> kept_;
    Lru<Key, Nothing, Hash> left_lately_; // keys alone, with what they weighed
};

} // namespace ardoise
