// SPDX-License-Identifier: Apache-2.0
// A patch: read, warped, and reduced from its base tiles up to its root, while the pixels are at hand.
#pragma once

#include "pyramid/build/bake.hpp"
#include "pyramid/build/plan.hpp"

#include <functional>

namespace ardoise {

/// What a baker needs to know of a build.
struct BakeJob {
    BuildPlan const& plan;
    Mosaics const& mosaics;
    std::span<int const> bands;
    SampleType type;
    Resampling resampling;
    SourceOptions const& sources;
    std::shared_ptr<BlockCache> blocks; // shared by all bakers
};

/// Has its own canvases and open datasets: one a thread. The base level goes through in blocks that stay in
/// the processor's cache.
class PatchBaker {
public:
    explicit PatchBaker(BakeJob const& job);

    /// The pixels are the baker's own, and change after the call. Tiles without data are left out.
    using OnTile = std::function<void(std::size_t level, TileIndex tile, MaskedView pixels)>;
    /// Calls `on_tile` for each tile of the patch, from the base level to the roots'.
    void bake(TileIndex patch, OnTile const& on_tile);

private:
    void bake_base(TileIndex patch, OnTile const& on_tile);
    void bake_block(TileRange const& block, TileIndex patch, OnTile const& on_tile);
    void show_tiles(std::size_t level, TileRange const& tiles, MaskedView pixels,
                    OnTile const& on_tile) const;
    void reduce(MaskedView from, std::size_t level, std::int32_t x, std::int32_t y);
    MaskedRaster& canvas(std::size_t level) { return canvases_[job_.plan.base_level() - level]; }
    TileMatrix const& matrix(std::size_t level) const
    {
        return job_.plan.set->matrices[job_.plan.levels[level].matrix];
    }

    BakeJob job_;
    SourceReader reader_;
    std::int32_t block_side_; // tiles
    /// A block of the base level, then all of the patch at each level above it.
    std::vector<MaskedRaster> canvases_;
};

} // namespace ardoise
