// SPDX-License-Identifier: Apache-2.0
#include "pyramid/sources/block_cache.hpp"

namespace ardoise {

namespace {

/// What a block takes beside its pixels: small ones must not fill the memory with their places.
constexpr std::size_t bytes_an_entry = 256;

} // namespace

std::uint32_t BlockCache::number_of(std::filesystem::path const& file)
{
    std::scoped_lock const lock{mutex_};
    return files_.emplace(file.string(), static_cast<std::uint32_t>(files_.size())).first->second;
}

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
    bytes += bytes_an_entry;
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
