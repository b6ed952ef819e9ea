// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/block_cache.hpp"

namespace ardoise {

BlockCache::Block BlockCache::find(BlockKey const& key)
{
    std::scoped_lock const lock{mutex_};
    auto const place = places_.find(key);
    if (place == places_.end())
        return nullptr;
    entries_.splice(entries_.begin(), entries_, place->second);
    return entries_.front().block;
}

void BlockCache::keep(BlockKey const& key, Block block, std::size_t bytes)
{
    std::scoped_lock const lock{mutex_};
    if (places_.contains(key))
        return; // another thread was quicker
    bytes_ += bytes;
    entries_.push_front({key, std::move(block), bytes});
    places_.emplace(key, entries_.begin());
    while (bytes_ > most_bytes_) {
        bytes_ -= entries_.back().bytes;
        places_.erase(entries_.back().key);
        entries_.pop_back();
    }
}

} // namespace ardoise
