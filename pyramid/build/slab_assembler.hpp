// SPDX-License-Identifier: Apache-2.0
// Tiles gathered into slabs, until a slab has all that it waits for.
#pragma once

#include "pyramid/build/tile_encoder.hpp"

#include <map>
#include <mutex>
#include <set>

namespace ardoise {

/// A slab that has all its tiles, or at least all that hold something.
struct FinishedSlab {
    std::size_t level = 0;
    TileIndex slab;
    std::vector<EncodedTile> tiles; // in any order
};

/// Each slab waits for a number of deliveries: one of each patch that it shares tiles with, below the roots;
/// one a tile, in the crown. Safe to call from several threads.
class SlabAssembler {
public:
    /// Waits for `patches`, and for the crown tiles above them.
    SlabAssembler(BuildPlan const& plan, std::vector<Patch> const& patches);

    /// Whether all tiles of the slab come from one patch (level from the roots' to the base).
    bool is_of_one_patch(std::size_t level, TileIndex slab) const;
    /// Whether the slab waits for something, or did.
    bool has_awaited(std::size_t level, TileIndex slab) const { return awaited_[level].contains(slab); }
    /// All that a patch has. Returns the slabs that are finished now.
    std::vector<FinishedSlab> deliver_patch(Patch const& patch, std::vector<EncodedTile> tiles);
    /// One tile of the crown; empty: it holds nothing.
    std::optional<FinishedSlab> deliver_crown(std::size_t level, TileIndex tile,
                                              std::optional<EncodedTile> encoded);

private:
    struct Slab {
        int missing = 0; // deliveries
        std::vector<EncodedTile> tiles;
    };
    /// Counts one delivery.
    std::optional<FinishedSlab> count(std::size_t level, TileIndex slab);

    BuildPlan const& plan_;
    std::mutex mutex_; // of levels_
    std::vector<std::map<TileIndex, Slab>> levels_;
    std::vector<std::set<TileIndex>> awaited_;
};

} // namespace ardoise
