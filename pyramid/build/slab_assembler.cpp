// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/slab_assembler.hpp"

namespace ardoise {

namespace {

/// Calls `f` with the level and index of each slab that the patch has tiles in.
template <typename F>
void for_each_slab(BuildPlan const& plan, Patch const& patch, F&& f)
{
    auto const& quadtree = plan.quadtree_of(patch);
    for (auto level = quadtree.root_level; level <= quadtree.base_level; ++level) {
        auto const slabs = plan.slabs_of(plan.block_of(patch, level));
        for (auto row = slabs.first.row; row < slabs.last.row; ++row)
            for (auto col = slabs.first.col; col < slabs.last.col; ++col)
                f(level, TileIndex{col, row});
    }
}

} // namespace

SlabAssembler::SlabAssembler(BuildPlan const& plan, std::vector<Patch> const& patches)
    : plan_{plan}, levels_(plan.levels.size()), awaited_(plan.levels.size())
{
    auto const await = [&](std::size_t level, TileIndex slab) {
        ++levels_[level][slab].missing;
        awaited_[level].insert(slab);
    };
    for (auto const& patch : patches)
        for_each_slab(plan, patch, await);
    auto const upper = plan.roots_and_crown(patches);
    for (std::size_t level = 0; level < upper.size(); ++level)
        if (level < plan.quadtree_of(level).root_level)
            for (auto const& tile : upper[level])
                await(level, plan.slab_of(tile));
}

bool SlabAssembler::is_of_one_patch(std::size_t level, TileIndex slab) const
{
    auto const tiles = tiles_of_block(slab, plan_.slab_width, plan_.slab_height);
    auto const side = plan_.quadtree_of(level).tiles_across(level);
    return tiles.first.col / side == (tiles.last.col - 1) / side &&
           tiles.first.row / side == (tiles.last.row - 1) / side;
}

std::optional<FinishedSlab> SlabAssembler::count(std::size_t level, TileIndex slab)
{
    auto const found = levels_[level].find(slab);
    if (--found->second.missing > 0)
        return std::nullopt;
    FinishedSlab finished{level, slab, std::move(found->second.tiles)};
    levels_[level].erase(found);
    return finished;
}

std::vector<FinishedSlab> SlabAssembler::deliver_patch(Patch const& patch, std::vector<EncodedTile> tiles)
{
    std::scoped_lock const lock{mutex_};
    std::vector<FinishedSlab> finished;
    for (auto& tile : tiles)
        levels_[tile.level].at(plan_.slab_of(tile.tile)).tiles.push_back(std::move(tile));
    for_each_slab(plan_, patch, [&](std::size_t level, TileIndex slab) {
        if (auto whole = count(level, slab))
            finished.push_back(std::move(*whole));
    });
    return finished;
}

std::optional<FinishedSlab> SlabAssembler::deliver_crown(std::size_t level, TileIndex tile,
                                                         std::optional<EncodedTile> encoded)
{
    std::scoped_lock const lock{mutex_};
    auto const slab = plan_.slab_of(tile);
    if (encoded)
        levels_[level].at(slab).tiles.push_back(std::move(*encoded));
    return count(level, slab);
}

} // namespace ardoise
