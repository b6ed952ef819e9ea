// SPDX-License-Identifier: Apache-2.0
// A shelf that forgets what was used longest ago.
#pragma once

#include <cstddef>
#include <functional>
#include <iterator>
#include <list>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ardoise {

/// For a LoadingCache, which locks it.
template <typename K, typename V, typename H = std::hash<K>>
class Lru {
public:
    using Key = K;
    using Value = V;
    using Hash = H;

    /// Null when it is not kept; valid until the next call of anything else.
    Value const* find(Key const& key)
    {
        auto const found = places_.find(key);
        if (found == places_.end())
            return nullptr;
        entries_.splice(entries_.begin(), entries_, found->second);
        return &found->second->value;
    }

    /// Takes in a key that is not kept, of `weight` at most `room`, and forgets others until all fit.
    void keep(Key const& key, Value const& value, std::size_t weight, std::size_t room)
    {
        entries_.push_front({key, value, weight});
        places_.emplace(key, entries_.begin());
        weight_ += weight;
        while (weight_ > room)
            forget(std::prev(entries_.end()));
    }

    /// Returns whether it was kept.
    bool forget(Key const& key)
    {
        auto const found = places_.find(key);
        if (found == places_.end())
            return false;
        forget(found->second);
        return true;
    }

    /// Lets go of those whose key `is_unwanted`; what they hold is gone when the caller lets go of it.
    template <typename IsUnwanted>
    std::vector<Value> take_out(IsUnwanted const& is_unwanted)
    {
        std::vector<Value> taken;
        for (auto place = entries_.begin(); place != entries_.end();)
            if (auto const entry = place++; is_unwanted(entry->key)) {
                taken.push_back(std::move(entry->value));
                forget(entry);
            }
        return taken;
    }

    std::size_t weight() const { return weight_; }

private:
    struct Entry {
        Key key;
        Value value;
        std::size_t weight;
    };
    using Place = typename std::list<Entry>::iterator;

    void forget(Place place)
    {
        weight_ -= place->weight;
        places_.erase(place->key);
        entries_.erase(place);
    }

    std::list<Entry> entries_; // most recently used first
    std::unordered_map<Key, Place, Hash> places_;
    std::size_t weight_ = 0;
};

} // namespace ardoise
