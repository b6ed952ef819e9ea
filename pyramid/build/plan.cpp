// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/plan.hpp"

#include "pyramid/base/failure.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace ardoise {

namespace {

std::uint64_t spread_bits(std::uint64_t value)
{
    value &= 0xffffffff;
    value = (value | value << 16) & 0x0000ffff0000ffff;
    value = (value | value << 8) & 0x00ff00ff00ff00ff;
    value = (value | value << 4) & 0x0f0f0f0f0f0f0f0f;
    value = (value | value << 2) & 0x3333333333333333;
    return (value | value << 1) & 0x5555555555555555;
}

/// The ground under one source, in the CRS of the set.
BoundingBox footprint(Source const& source, TileMatrixSet const& set)
{
    return transform_between(source.crs, set.crs).apply(source.extent());
}

/// Size of a pixel of `source` in units of the set's CRS.
double pixel_size_in(TileMatrixSet const& set, Source const& source, BoundingBox const& footprint)
{
    if (same_place(source.crs, set.crs))
        return std::sqrt(source.pixel_width * source.pixel_height);
    double const area = footprint.width() * footprint.height();
    return std::sqrt(area / (static_cast<double>(source.width) * static_cast<double>(source.height)));
}

/// Whether pixels of the source are pixels of the matrix: they are copied then, and reach no others.
bool lies_on_grid(Source const& source, TileMatrixSet const& set, TileMatrix const& matrix)
{
    auto const reach = static_cast<double>(std::max(source.width, source.height));
    auto const near = [](double value) { return std::abs(value - std::round(value)) < 1e-3; };
    return same_place(source.crs, set.crs) &&
           std::abs(source.pixel_width / matrix.cell_size - 1) * reach < 1e-3 &&
           std::abs(source.pixel_height / matrix.cell_size - 1) * reach < 1e-3 &&
           near((source.left - matrix.origin_x) / matrix.cell_size) &&
           near((matrix.origin_y - source.top) / matrix.cell_size);
}

/// The ground whose pixels depend on the source: its own, and what the kernel reaches around it. Empty when
/// the source lies nowhere in the set.
BoundingBox reached_ground(Source const& source, TileMatrixSet const& set, TileMatrix const& matrix,
                           Resampling resampling)
{
    auto const ground = footprint(source, set);
    if (ground.empty() || lies_on_grid(source, set, matrix))
        return ground;
    double const pixel = pixel_size_in(set, source, ground);
    // Sources that are much finer than the level are halved first, in blocks of less than a cell.
    double const scale = std::max(1.0, matrix.cell_size / pixel);
    double const reach = kernel_margin(resampling, scale) * pixel + 2 * std::max(pixel, matrix.cell_size);
    return {ground.min_x - reach, ground.min_y - reach, ground.max_x + reach, ground.max_y + reach};
}

std::size_t nearest_matrix(TileMatrixSet const& set, double pixel_size)
{
    auto const distance = [&](TileMatrix const& matrix) {
        return std::abs(std::log(matrix.cell_size / pixel_size));
    };
    auto const nearest =
        std::min_element(set.matrices.begin(), set.matrices.end(),
                         [&](TileMatrix const& a, TileMatrix const& b) { return distance(a) < distance(b); });
    return set.index_of(*nearest);
}

std::size_t matrix_called(TileMatrixSet const& set, std::string const& id)
{
    auto const* matrix = set.find(id);
    if (!matrix)
        fail("the tile matrix set {} has no matrix \"{}\" (it has {} to {})", set.id, id,
             set.matrices.front().id, set.matrices.back().id);
    return set.index_of(*matrix);
}

TileRange parents_of(TileRange const& tiles)
{
    return {{tiles.first.col / 2, tiles.first.row / 2}, {(tiles.last.col + 1) / 2, (tiles.last.row + 1) / 2}};
}

/// Tiles of about 4096 px together: as many pixels as a thread can hold at hand for each of its canvases. And
/// no more ground than 16,384 px of the finest level, as all of it is read in one go: coarser quadtrees have
/// smaller patches, down to a tile.
std::int32_t patch_side_for(TileMatrix const& matrix, TileMatrix const& finest)
{
    constexpr double most_pixels = 4096, most_ground = 16384;
    double const widest = std::min(most_pixels, most_ground * finest.cell_size / matrix.cell_size);
    std::int32_t side = 1;
    while (2 * side * std::max(matrix.tile_width, matrix.tile_height) <= widest)
        side *= 2;
    return side;
}

std::size_t root_level_of(Quadtree const& quadtree)
{
    auto level = quadtree.base_level;
    while (level > quadtree.top_level && quadtree.tiles_across(level) > 1)
        --level;
    return level;
}

/// The matrices from `top` to `bottom`, cut wherever one is not the parent of the next.
std::vector<Quadtree> quadtrees_between(TileMatrixSet const& set, std::size_t top, std::size_t bottom)
{
    std::vector<Quadtree> quadtrees;
    for (auto matrix = top; matrix <= bottom; ++matrix) {
        auto const level = matrix - top;
        if (level == 0 || !is_parent(set.matrices[matrix - 1], set.matrices[matrix]))
            quadtrees.push_back({.top_level = level});
        quadtrees.back().base_level = level;
    }
    for (auto& quadtree : quadtrees) {
        quadtree.patch_side = patch_side_for(set.matrices[top + quadtree.base_level], set.matrices[bottom]);
        quadtree.root_level = root_level_of(quadtree);
    }
    return quadtrees;
}

void check_tile_sizes(TileMatrixSet const& set, std::size_t top, std::size_t bottom)
{
    auto const& finest = set.matrices[bottom];
    for (auto i = top; i < bottom; ++i)
        if (auto const& matrix = set.matrices[i];
            matrix.tile_width != finest.tile_width || matrix.tile_height != finest.tile_height)
            fail("the tile matrix set {} has tiles of {} x {} px at level {} and of {} x {} at level {}, "
                 "and a pyramid has tiles of one size; choose --top and --bottom between which they do not "
                 "change",
                 set.id, matrix.tile_width, matrix.tile_height, matrix.id, finest.tile_width,
                 finest.tile_height, finest.id);
}

/// In units of the set's CRS.
double finest_pixel(std::vector<Mosaic> const& mosaics, TileMatrixSet const& set)
{
    double finest = HUGE_VAL;
    for (auto const& mosaic : mosaics)
        for (auto const& source : mosaic.sources())
            if (auto const ground = footprint(source, set); !ground.empty())
                finest = std::min(finest, pixel_size_in(set, source, ground));
    return finest;
}

/// Keeps tiles, or blocks of them, in the order of the Z-shaped curve, each once.
class MortonSet {
public:
    void add(TileIndex index) { members_.emplace(morton(index), index); }
    void add(TileRange const& range)
    {
        for (auto row = range.first.row; row < range.last.row; ++row)
            for (auto col = range.first.col; col < range.last.col; ++col)
                add(TileIndex{col, row});
    }
    bool empty() const { return members_.empty(); }
    std::size_t size() const { return members_.size(); }
    std::vector<TileIndex> list() const
    {
        std::vector<TileIndex> indices;
        for (auto const& [place, index] : members_)
            indices.push_back(index);
        return indices;
    }

private:
    std::set<std::pair<std::uint64_t, TileIndex>> members_;
};

} // namespace

std::uint64_t morton(TileIndex index)
{
    return spread_bits(static_cast<std::uint64_t>(index.col)) |
           spread_bits(static_cast<std::uint64_t>(index.row)) << 1;
}

Quadtree const& BuildPlan::quadtree_of(std::size_t level) const
{
    return *std::find_if(quadtrees.begin(), quadtrees.end(),
                         [&](Quadtree const& quadtree) { return level <= quadtree.base_level; });
}

bool BuildPlan::keeps_exact(std::size_t level) const
{
    return level <= quadtree_of(level).root_level && (has_parents(level) || level == 0);
}

TileRange BuildPlan::block_of(Patch const& patch, std::size_t level) const
{
    auto const side = quadtree_of(patch).tiles_across(level);
    return tiles_of_block(patch.place, side, side);
}

TileRange BuildPlan::tiles_of(Patch const& patch, std::size_t level) const
{
    return intersect(block_of(patch, level), levels[level].limits);
}

std::vector<std::set<TileIndex>> BuildPlan::roots_and_crown(std::vector<Patch> const& some) const
{
    std::vector<std::set<TileIndex>> tiles(levels.size());
    for (auto const& patch : some)
        tiles[quadtree_of(patch).root_level].insert(patch.place);
    for (auto level = levels.size(); level-- > 1;)
        if (has_parents(level))
            for (auto const& [col, row] : tiles[level])
                tiles[level - 1].insert({col / 2, row / 2});
    return tiles;
}

TileRange BuildPlan::slabs_of(TileRange const& tiles) const
{
    return blocks_of(tiles, slab_width, slab_height);
}

std::size_t BuildPlan::slab_count() const
{
    auto const upper = roots_and_crown(patches);
    std::vector<MortonSet> slabs(levels.size());
    for (auto const& patch : patches)
        for (auto level = quadtree_of(patch).root_level; level <= quadtree_of(patch).base_level; ++level)
            slabs[level].add(slabs_of(tiles_of(patch, level)));
    for (std::size_t level = 0; level < levels.size(); ++level)
        if (level < quadtree_of(level).root_level)
            for (auto const& tile : upper[level])
                slabs[level].add(slab_of(tile));
    return std::accumulate(
        slabs.begin(), slabs.end(), std::size_t{0},
        [](std::size_t count, MortonSet const& of_level) { return count + of_level.size(); });
}

std::int64_t BuildPlan::base_tiles(Quadtree const& quadtree) const
{
    std::int64_t tiles = 0;
    for (auto const& patch : patches)
        if (&quadtree_of(patch) == &quadtree) {
            auto const inside = tiles_of(patch, quadtree.base_level);
            tiles += inside.cols() * inside.rows();
        }
    return tiles;
}

std::int64_t BuildPlan::base_pixels(Quadtree const& quadtree) const
{
    auto const& base = matrix(quadtree.base_level);
    return base_tiles(quadtree) * base.tile_width * base.tile_height;
}

std::int64_t BuildPlan::baked_pixels() const
{
    return std::accumulate(
        quadtrees.begin(), quadtrees.end(), std::int64_t{0},
        [&](std::int64_t pixels, Quadtree const& quadtree) { return pixels + base_pixels(quadtree); });
}

namespace {

/// What of a quadtree depends on one source: tiles of its base level, and the patches that these lie in.
struct Touched {
    TileRange tiles, patches;
};

Touched touched_by(Source const& source, BuildPlan const& plan, Quadtree const& quadtree,
                   Resampling resampling)
{
    constexpr double most_patches = 1e7; // 17 Tpx a million
    auto const& matrix = plan.matrix(quadtree.base_level);
    auto const tiles = tiles_covering(matrix, reached_ground(source, *plan.set, matrix, resampling));
    auto const patches = blocks_of(tiles, quadtree.patch_side, quadtree.patch_side);
    if (static_cast<double>(patches.cols()) * static_cast<double>(patches.rows()) > most_patches)
        fail(
            "{}: at level {} this source alone would take {} x {} tiles; choose a coarser --bottom, or check "
            "its georeference",
            source.file.string(), matrix.id, tiles.cols(), tiles.rows());
    return {tiles, patches};
}

/// Plans the limits of a quadtree's levels, from its base up, and its patches.
void plan_quadtree(BuildPlan& plan, std::size_t number, std::vector<Mosaic> const& mosaics,
                   Resampling resampling)
{
    auto const& quadtree = plan.quadtrees[number];
    MortonSet places;
    TileRange limits;
    for (auto const& mosaic : mosaics)
        for (auto const& source : mosaic.sources()) {
            auto const touched = touched_by(source, plan, quadtree, resampling);
            limits = join(limits, touched.tiles);
            places.add(touched.patches);
        }
    if (limits.empty())
        fail("no source lies inside the tile matrix set {} ({}) at level {}", plan.set->id,
             plan.set->crs.name(), plan.matrix(quadtree.base_level).id);
    for (auto const& place : places.list())
        plan.patches.push_back({number, place});
    plan.levels[quadtree.base_level].limits = limits;
    for (auto level = quadtree.base_level; level-- > quadtree.top_level;)
        plan.levels[level].limits = parents_of(plan.levels[level + 1].limits);
}

} // namespace

std::vector<Patch> patches_under(BuildPlan const& plan, Source const& source, Resampling resampling)
{
    std::vector<Patch> patches;
    for (std::size_t number = 0; number < plan.quadtrees.size(); ++number) {
        auto const& quadtree = plan.quadtrees[number];
        MortonSet places;
        places.add(touched_by(source, plan, quadtree, resampling).patches);
        for (auto const& place : places.list())
            patches.push_back({number, place});
    }
    return patches;
}

std::vector<Patch> in_order(std::vector<Patch> patches)
{
    std::sort(patches.begin(), patches.end(), [](Patch const& a, Patch const& b) {
        return std::pair{a.quadtree, morton(a.place)} < std::pair{b.quadtree, morton(b.place)};
    });
    patches.erase(std::unique(patches.begin(), patches.end()), patches.end());
    return patches;
}

BuildPlan make_plan(std::vector<Mosaic> const& mosaics, std::shared_ptr<TileMatrixSet const> set,
                    BuildOptions const& options)
{
    auto const finest_source = finest_pixel(mosaics, *set);
    auto const bottom =
        options.bottom.empty() ? nearest_matrix(*set, finest_source) : matrix_called(*set, options.bottom);
    auto const top = options.top.empty() ? 0 : matrix_called(*set, options.top);
    if (top > bottom)
        fail("the top level {} is finer than the bottom level {}", set->matrices[top].id,
             set->matrices[bottom].id);
    check_tile_sizes(*set, top, bottom);

    BuildPlan plan{.set = std::move(set),
                   .levels = {},
                   .quadtrees = {},
                   .patches = {},
                   .slab_width = options.slab_width,
                   .slab_height = options.slab_height,
                   .finest_source = finest_source};
    for (auto matrix = top; matrix <= bottom; ++matrix)
        plan.levels.push_back({matrix, {}});
    plan.quadtrees = quadtrees_between(*plan.set, top, bottom);
    for (std::size_t number = 0; number < plan.quadtrees.size(); ++number)
        plan_quadtree(plan, number, mosaics, options.resampling);
    return plan;
}

} // namespace ardoise
