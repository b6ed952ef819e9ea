// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/slab_tree.hpp"

#include "pyramid/raster/resample.hpp"

#include <map>
#include <mutex>

namespace ardoise {

struct SlabTree::Impl {
    struct Parent {
        int missing_children = 0;
        std::shared_ptr<MaskedRaster> pixels; // made for the first child, shared by those who fill it
    };

    void (*reduce)(MaskedView, MaskedRaster&, std::int32_t, std::int32_t) = nullptr;
    std::mutex mutex; // of the maps; pixels are filled outside of it
    std::vector<std::map<TileIndex, Parent>> levels;
};

SlabTree::SlabTree(BuildPlan const& plan, Resampling resampling) : impl_{std::make_unique<Impl>()}
{
    impl_->reduce = resampling == Resampling::near ? pick_2x2 : reduce_2x2;
    impl_->levels.resize(plan.levels.size());
    for (std::size_t level = 1; level < plan.levels.size(); ++level)
        for (auto const& slab : plan.levels[level].slabs)
            ++impl_->levels[level - 1][{slab.col / 2, slab.row / 2}].missing_children;
}

SlabTree::~SlabTree() = default;

std::optional<SlabTree::Finished> SlabTree::hand_up(std::size_t level, TileIndex slab, MaskedView pixels)
{
    if (level == 0)
        return std::nullopt;
    TileIndex const parent_slab{slab.col / 2, slab.row / 2};
    auto& parents = impl_->levels[level - 1];

    std::shared_ptr<MaskedRaster> target;
    {
        std::scoped_lock const lock{impl_->mutex};
        auto& parent = parents.at(parent_slab);
        if (!parent.pixels)
            parent.pixels = std::make_shared<MaskedRaster>(pixels.pixels.shape);
        target = parent.pixels;
    }
    auto const shape = pixels.pixels.shape;
    impl_->reduce(pixels, *target, slab.col % 2 == 0 ? 0 : shape.width / 2,
                  slab.row % 2 == 0 ? 0 : shape.height / 2);

    std::scoped_lock const lock{impl_->mutex};
    auto const parent = parents.find(parent_slab);
    if (--parent->second.missing_children > 0)
        return std::nullopt;
    Finished finished{parent_slab, std::move(*parent->second.pixels)};
    parents.erase(parent);
    return finished;
}

} // namespace ardoise
