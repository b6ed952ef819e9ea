// SPDX-License-Identifier: Apache-2.0
// The slabs of a build as a tree: a parent's pixels are the means of its children's while these are still in
// memory.
#pragma once

#include "pyramid/build/plan.hpp"

#include <memory>
#include <optional>

namespace ardoise {

/// Gathers children into parents. Safe to call from several threads: quadrants do not overlap, and whoever
/// brings the last child goes on with the parent. Only the parents on the way up are in memory: with children
/// coming in Morton order, about one a level and thread.
class SlabTree {
public:
    /// `resampling` near picks one of four pixels, all others take their mean.
    SlabTree(BuildPlan const& plan, Resampling resampling);
    ~SlabTree();

    struct Finished {
        TileIndex slab;
        MaskedRaster pixels;
    };
    /// Reduces a finished slab of `level` (its number in the plan) into its parent. Returns the parent when
    /// this was the last child it waited for; nothing when others are missing, or there is no level above.
    std::optional<Finished> hand_up(std::size_t level, TileIndex slab, MaskedView pixels);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace ardoise
