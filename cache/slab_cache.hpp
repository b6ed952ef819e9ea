// SPDX-License-Identifier: Apache-2.0
// The slabs that are open: mapped once, used by every request until others push them out.
#pragma once

#include "cache/lru.hpp"
#include "pyramid/store/pyramid.hpp"
#include "pyramid/store/slab.hpp"

#include <memory>

namespace ardoise {

/// Says which slab of which publication of a pyramid. A new revision gets a new serial, so nothing is ever
/// invalidated.
struct SlabKey {
    std::uint64_t serial = 0; // of the publication
    std::uint32_t level = 0;  // number in the pyramid
    bool mask = false;
    TileIndex slab;
    friend bool operator==(SlabKey const&, SlabKey const&) = default;
};

struct SlabKeyHash {
    std::size_t operator()(SlabKey const& key) const noexcept;
};

/// Safe to share. A slab that does not exist is remembered as such: it holds nothing.
class SlabCache {
public:
    /// `most_open` slabs at the most, which is as many mappings (and no descriptors: a mapping needs none).
    explicit SlabCache(std::size_t most_open = 16'384) : slabs_{most_open} {}

    /// Null when there is no such file. Throws Failure when it is not a slab.
    std::shared_ptr<Slab const> open(std::uint64_t serial, Pyramid const& pyramid, Level const& level,
                                     TileIndex slab);
    /// The mask beside it; null when all of the slab's tiles are whole.
    std::shared_ptr<Slab const> open_mask(std::uint64_t serial, Pyramid const& pyramid, Level const& level,
                                          TileIndex slab);

private:
    std::shared_ptr<Slab const> open(SlabKey const& key, Level const& level);

    Lru<SlabKey, std::shared_ptr<Slab const>, SlabKeyHash> slabs_;
};

} // namespace ardoise
