// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/slab_assembler.hpp"

namespace ardoise {

namespace {

template <typename F>
void for_each(TileRange const& range, F&& f)
{
    for (auto row = range.first.row; row < range.last.row; ++row)
        for (auto col = range.first.col; col < range.last.col; ++col)
            f(TileIndex{col, row});
}

} // namespace

SlabAssembler::SlabAssembler(BuildPlan const& plan, std::vector<TileIndex> const& patches)
    : plan_{plan}, levels_(plan.levels.size()), awaited_(plan.levels.size())
{
    auto const await = [&](std::size_t level, TileIndex slab) {
        ++levels_[level][slab].missing;
        awaited_[level].insert(slab);
    };
    for (auto level = plan.root_level(); level < plan.levels.size(); ++level)
        for (auto const& patch : patches)
            for_each(plan.slabs_of(plan.block_of(patch, level)), [&](TileIndex slab) { await(level, slab); });
    std::set<TileIndex> tiles{patches.begin(), patches.end()};
    for (auto level = plan.root_level(); level-- > 0;) {
        std::set<TileIndex> parents;
        for (auto const& tile : tiles)
            parents.insert({tile.col / 2, tile.row / 2});
        for (auto const& tile : parents)
            await(level, plan.slab_of(tile));
        tiles = std::move(parents);
    }
}

bool SlabAssembler::is_of_one_patch(std::size_t level, TileIndex slab) const
{
    auto const first = TileIndex{slab.col * plan_.slab_width, slab.row * plan_.slab_height};
    TileRange const tiles{first, {first.col + plan_.slab_width, first.row + plan_.slab_height}};
    auto const side = std::int64_t{plan_.patch_side} >> (plan_.base_level() - level);
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

std::vector<FinishedSlab> SlabAssembler::deliver_patch(TileIndex patch, std::vector<EncodedTile> tiles)
{
    std::scoped_lock const lock{mutex_};
    std::vector<FinishedSlab> finished;
    for (auto& tile : tiles)
        levels_[tile.level].at(plan_.slab_of(tile.tile)).tiles.push_back(std::move(tile));
    for (auto level = plan_.root_level(); level < plan_.levels.size(); ++level)
        for_each(plan_.slabs_of(plan_.block_of(patch, level)), [&](TileIndex slab) {
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
