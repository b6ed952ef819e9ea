// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/patch_baker.hpp"

#include <algorithm>
#include <cstring>

namespace ardoise {

namespace {

constexpr std::int32_t most_block_pixels = 1024;

void clear(Raster& validity, PixelBox box)
{
    for (std::int32_t y = box.y; y < box.y + box.height; ++y)
        std::memset(validity.row(y) + box.x, 0, static_cast<std::size_t>(box.width));
}

} // namespace

PatchBaker::PatchBaker(BakeJob const& job, std::size_t quadtree, SourceReader& reader)
    : job_{job}, number_{quadtree}, quadtree_{job.plan.quadtrees[quadtree]}, reader_{reader},
      block_side_{quadtree_.patch_side}
{
    auto const& base = job_.plan.matrix(quadtree_.base_level);
    while (block_side_ > 1 && block_side_ * std::max(base.tile_width, base.tile_height) > most_block_pixels)
        block_side_ /= 2;
    auto const channels = static_cast<std::int32_t>(job_.bands.size());
    auto const add_canvas = [&](std::int64_t tiles) {
        auto const side = static_cast<std::int32_t>(tiles);
        canvases_.emplace_back(
            RasterShape{side * base.tile_width, side * base.tile_height, channels, job_.type});
    };
    add_canvas(block_side_);
    for (auto level = quadtree_.base_level; level-- > quadtree_.root_level;)
        add_canvas(quadtree_.tiles_across(level));
}

void PatchBaker::bake(TileIndex place, OnTile const& on_tile)
{
    bake_base(place, on_tile);
    for (auto level = quadtree_.base_level; level-- > quadtree_.root_level;) {
        auto const pixels = canvas(level).view();
        show_tiles(level, job_.plan.block_of({number_, place}, level), pixels, on_tile);
        if (level > quadtree_.root_level)
            reduce(pixels, level, 0, 0);
    }
}

void PatchBaker::bake_base(TileIndex place, OnTile const& on_tile)
{
    // Each quarter of a canvas is the next one's four blocks: the Z-shaped curve again.
    std::int64_t const side = quadtree_.patch_side / block_side_;
    for (std::int64_t row = 0; row < side; ++row)
        for (std::int64_t col = 0; col < side; ++col) {
            TileIndex const first{place.col * quadtree_.patch_side + col * block_side_,
                                  place.row * quadtree_.patch_side + row * block_side_};
            bake_block({first, {first.col + block_side_, first.row + block_side_}}, place, on_tile);
        }
}

void PatchBaker::bake_block(TileRange const& block, TileIndex place, OnTile const& on_tile)
{
    auto const level = quadtree_.base_level;
    auto const& matrix = job_.plan.matrix(level);
    auto const ground = extent(matrix, block.first);
    auto& pixels = canvas(level);
    auto const validity = ardoise::bake(job_.mosaics, reader_, {ground.min_x, ground.max_y, matrix.cell_size},
                                        job_.plan.set->crs, job_.bands, job_.resampling, pixels);
    bool const has_parents = level > quadtree_.root_level;
    auto const x =
        static_cast<std::int32_t>(block.first.col - place.col * quadtree_.patch_side) * matrix.tile_width / 2;
    auto const y = static_cast<std::int32_t>(block.first.row - place.row * quadtree_.patch_side) *
                   matrix.tile_height / 2;
    if (validity == Validity::none) {
        if (has_parents)
            clear(canvas(level - 1).validity,
                  {x, y, pixels.pixels.shape().width / 2, pixels.pixels.shape().height / 2});
        return;
    }
    auto view = pixels.view();
    if (validity == Validity::full)
        view.validity = {};
    show_tiles(level, block, view, on_tile);
    if (has_parents)
        reduce(view, level, x, y);
}

void PatchBaker::show_tiles(std::size_t level, TileRange const& tiles, MaskedView pixels,
                            OnTile const& on_tile) const
{
    auto const width = job_.plan.matrix(level).tile_width, height = job_.plan.matrix(level).tile_height;
    auto const inside = intersect(tiles, job_.plan.levels[level].limits);
    for (auto row = inside.first.row; row < inside.last.row; ++row)
        for (auto col = inside.first.col; col < inside.last.col; ++col) {
            auto const tile =
                pixels.crop({static_cast<std::int32_t>(col - tiles.first.col) * width,
                             static_cast<std::int32_t>(row - tiles.first.row) * height, width, height});
            if (validity_of(tile) != Validity::none)
                on_tile(level, {col, row}, tile);
        }
}

void PatchBaker::reduce(MaskedView from, std::size_t level, std::int32_t x, std::int32_t y)
{
    halving_of(job_.resampling)(from, canvas(level - 1), x, y);
}

} // namespace ardoise
