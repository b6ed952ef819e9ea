// SPDX-License-Identifier: Apache-2.0
// The crowns of a pyramid: tiles above the patches' roots, each the mean of its four children.
#pragma once

#include "pyramid/build/plan.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace ardoise {

/// Gathers children into parents while they are in memory. Safe to call from several threads: quadrants do
/// not overlap, and whoever brings the last child gets the parent.
class TileTree {
public:
    /// Pixels of a tile that stands already; nothing where there is none.
    using Standing = std::function<std::optional<MaskedRaster>(std::size_t level, TileIndex tile)>;

    /// Waits for the roots of `patches`; children that are not among them and their ancestors are asked of
    /// `standing` (null: there are none). `resampling` near and mode pick one of four pixels, all others take
    /// their mean. The plan outlives the tree.
    TileTree(BuildPlan const& plan, std::vector<Patch> const& patches, RasterShape tile,
             Resampling resampling, Standing standing = nullptr);
    ~TileTree();

    struct Parent {
        TileIndex tile;
        std::optional<MaskedRaster> pixels; // nothing where no child has data
    };
    /// Reduces a finished tile of `level` (its number in the plan) into its parent; `pixels` is null where it
    /// holds nothing. Returns the parent when there is one and this was the last child it waited for.
    std::optional<Parent> hand_up(std::size_t level, TileIndex tile, MaskedRaster const* pixels);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace ardoise
