// SPDX-License-Identifier: Apache-2.0
// All that is kept warm between requests.
#pragma once

#include "cache/slab_cache.hpp"
#include "cache/tile_cache.hpp"

#include <string>

namespace ardoise {

/// Safe to share.
struct Caches {
    explicit Caches(std::size_t tile_bytes = fitting_tile_cache_bytes(), std::size_t slab_descriptors = 0)
        : slabs{SlabCache::usually_open, slab_descriptors}, tiles{tile_bytes}
    {
    }

    SlabCache slabs;
    TileCache tiles;
    /// Encoded maps, by all that they depend on: who asks for one that is being drawn waits for it, and who
    /// waited in the queue behind these finds it.
    LoadingCache<S3Fifo<std::string, std::shared_ptr<Bytes const>>> maps{64 << 20};
};

} // namespace ardoise
