// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/tile_tree.hpp"

#include "pyramid/raster/resample.hpp"

#include <map>
#include <mutex>

namespace ardoise {

struct TileTree::Impl {
    struct Waiting {
        int missing_children = 0;
        unsigned awaited = 0; // a bit for each quadrant whose child is handed up
        std::shared_ptr<MaskedRaster>
            pixels; // made for the first child with data, shared by those who fill it
    };

    BuildPlan const& plan;
    RasterShape shape;
    Halving reduce = nullptr;
    std::mutex mutex; // of the maps; pixels are filled outside of it
    std::vector<std::map<TileIndex, Waiting>> levels;
    Standing standing;

    Impl(BuildPlan const& of, RasterShape tile) : plan{of}, shape{tile}, levels(of.levels.size()) {}

    void await(std::size_t level, TileIndex child);
    std::shared_ptr<MaskedRaster> pixels_of(std::size_t level, TileIndex tile);
    void reduce_into(MaskedRaster& parent, TileIndex child, MaskedRaster const& pixels) const;
    void add_standing(std::size_t level, Parent& parent, unsigned awaited) const;
};

namespace {

unsigned quadrant_bit(TileIndex child)
{
    return 1U << (child.row % 2 * 2 + child.col % 2);
}

} // namespace

TileTree::TileTree(BuildPlan const& plan, std::vector<Patch> const& patches, RasterShape tile,
                   Resampling resampling, Standing standing)
    : impl_{std::make_unique<Impl>(plan, tile)}
{
    impl_->standing = std::move(standing);
    impl_->reduce = halving_of(resampling);
    auto const tiles = plan.roots_and_crown(patches);
    for (std::size_t level = 0; level < tiles.size(); ++level)
        if (plan.has_parents(level))
            for (auto const& child : tiles[level])
                impl_->await(level, child);
}

TileTree::~TileTree() = default;

void TileTree::Impl::await(std::size_t level, TileIndex child)
{
    auto& parent = levels[level - 1][{child.col / 2, child.row / 2}];
    ++parent.missing_children;
    parent.awaited |= quadrant_bit(child);
}

std::shared_ptr<MaskedRaster> TileTree::Impl::pixels_of(std::size_t level, TileIndex tile)
{
    std::scoped_lock const lock{mutex};
    auto& pixels = levels[level].at(tile).pixels;
    if (!pixels)
        pixels = std::make_shared<MaskedRaster>(shape);
    return pixels;
}

void TileTree::Impl::reduce_into(MaskedRaster& parent, TileIndex child, MaskedRaster const& pixels) const
{
    reduce(pixels.view(), parent, child.col % 2 == 0 ? 0 : shape.width / 2,
           child.row % 2 == 0 ? 0 : shape.height / 2);
}

void TileTree::Impl::add_standing(std::size_t level, Parent& parent, unsigned awaited) const
{
    for (std::int64_t i = 0; standing && i < 4; ++i) {
        TileIndex const child{2 * parent.tile.col + i % 2, 2 * parent.tile.row + i / 2};
        if ((awaited & quadrant_bit(child)) != 0)
            continue;
        auto const pixels = standing(level + 1, child);
        if (pixels && !parent.pixels)
            parent.pixels = MaskedRaster{shape};
        if (pixels)
            reduce_into(*parent.pixels, child, *pixels);
    }
}

std::optional<TileTree::Parent> TileTree::hand_up(std::size_t level, TileIndex tile,
                                                  MaskedRaster const* pixels)
{
    if (!impl_->plan.has_parents(level))
        return std::nullopt;
    TileIndex const above{tile.col / 2, tile.row / 2};
    if (pixels)
        impl_->reduce_into(*impl_->pixels_of(level - 1, above), tile, *pixels);

    Parent parent{above, std::nullopt};
    unsigned awaited = 0;
    {
        std::scoped_lock const lock{impl_->mutex};
        auto& parents = impl_->levels[level - 1];
        auto const waiting = parents.find(above);
        if (--waiting->second.missing_children > 0)
            return std::nullopt;
        if (waiting->second.pixels)
            parent.pixels = std::move(*waiting->second.pixels);
        awaited = waiting->second.awaited;
        parents.erase(waiting);
    }
    impl_->add_standing(level - 1, parent, awaited);
    return parent;
}

} // namespace ardoise
