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
};

/// Bakes the patches of one quadtree on its own canvases: one a thread. The base level goes through in blocks
/// that stay in the processor's cache.
class PatchBaker {
public:
    /// `reader` outlives it.
    PatchBaker(BakeJob const& job, std::size_t quadtree, SourceReader& reader);

    /// Its quadtree's number in the plan.
    std::size_t quadtree() const { return number_; }

    /// The pixels are the baker's own, and change after the call. Tiles without data are left out.
    using OnTile = std::function<void(std::size_t level, TileIndex tile, MaskedView pixels)>;
    /// Calls `on_tile` for each tile of the patch at `place`, from the base level to the roots'.
    void bake(TileIndex place, OnTile const& on_tile);

private:
    void bake_base(TileIndex place, OnTile const& on_tile);
    void bake_block(TileRange const& block, TileIndex place, OnTile const& on_tile);
    void show_tiles(std::size_t level, TileRange const& tiles, MaskedView pixels,
                    OnTile const& on_tile) const;
    void reduce(MaskedView from, std::size_t level, std::int32_t x, std::int32_t y);
    MaskedRaster& canvas(std::size_t level) { return canvases_[quadtree_.base_level - level]; }

    BakeJob job_;
    std::size_t number_;
    Quadtree const& quadtree_;
    SourceReader& reader_;
    std::int32_t block_side_; // tiles
    /// A block of the base level, then all of the patch at each level above it.
    std::vector<MaskedRaster> canvases_;
};

} // namespace ardoise
