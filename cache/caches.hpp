// SPDX-License-Identifier: Apache-2.0
// All that is kept warm between requests.
#pragma once

#include "cache/slab_cache.hpp"
#include "cache/tile_cache.hpp"

#include <string>

namespace ardoise {

/// How much of each is kept.
struct CacheSizes {
    std::size_t tile_bytes = fitting_tile_cache_bytes(); // samples; 0 keeps none
    std::size_t map_bytes = 64 << 20;                    // 0 keeps none
    std::size_t slab_descriptors = 0;
};

/// Safe to share.
struct Caches {
    explicit Caches(CacheSizes const& sizes = {})
        : slabs{SlabCache::usually_open, sizes.slab_descriptors}, tiles{sizes.tile_bytes},
          maps{sizes.map_bytes}
    {
    }

    SlabCache slabs;
    TileCache tiles;
    /// Encoded maps, by all that they depend on.
    LoadingCache<S3Fifo<std::string, std::shared_ptr<Bytes const>>> maps;
};

} // namespace ardoise
