// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/plan.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/base/number.hpp"

#include <algorithm>
#include <cmath>
#include <set>

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
    double const reach = (kernel_margin(resampling, scale) + 2) * std::max(pixel, matrix.cell_size);
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

LevelPlan parent_of(LevelPlan const& child)
{
    return {child.matrix - 1,
            {{child.limits.first.col / 2, child.limits.first.row / 2},
             {(child.limits.last.col + 1) / 2, (child.limits.last.row + 1) / 2}}};
}

/// Tiles of about 4096 px together: as many pixels as a thread can hold at hand for each of its canvases.
std::int32_t patch_side_for(TileMatrix const& matrix)
{
    constexpr std::int32_t most_pixels = 4096;
    std::int32_t side = 1;
    while (2 * side * std::max(matrix.tile_width, matrix.tile_height) <= most_pixels)
        side *= 2;
    return side;
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

/// The blocks of `width` x `height` that `tiles` touch.
TileRange blocks_of(TileRange const& tiles, std::int64_t width, std::int64_t height)
{
    if (tiles.empty())
        return {};
    return {{tiles.first.col / width, tiles.first.row / height},
            {(tiles.last.col - 1) / width + 1, (tiles.last.row - 1) / height + 1}};
}

} // namespace

std::uint64_t morton(TileIndex index)
{
    return spread_bits(static_cast<std::uint64_t>(index.col)) |
           spread_bits(static_cast<std::uint64_t>(index.row)) << 1;
}

std::vector<int> parse_bands(std::string const& text)
{
    std::vector<int> bands;
    std::string_view rest = text;
    while (true) {
        auto const comma = rest.find(',');
        auto const number = parse_number<int>(rest.substr(0, comma));
        if (!number || *number < 1 || *number > 100)
            fail("\"{}\" is no list of bands; write numbers from 1 with commas between them, as in 4,1,2",
                 text);
        bands.push_back(*number);
        if (comma == std::string_view::npos)
            break;
        rest.remove_prefix(comma + 1);
    }
    if (bands.size() > 4)
        fail("\"{}\" names {} bands; a pyramid holds at most 4", text, bands.size());
    return bands;
}

Product parse_product(std::string const& text)
{
    auto const equals = text.find('=');
    auto const first_colon = text.find(':', equals == std::string::npos ? 0 : equals);
    if (equals == std::string::npos || equals == 0 || first_colon == std::string::npos)
        fail("the product \"{}\" is not of the form NAME=BANDS:FORMAT[:QUALITY], as in irc=4,1,2:jpg:85",
             text);
    auto const second_colon = text.find(':', first_colon + 1);
    Product product;
    product.name = text.substr(0, equals);
    product.bands = parse_bands(text.substr(equals + 1, first_colon - equals - 1));
    product.format = text.substr(first_colon + 1, second_colon - first_colon - 1);
    if (second_colon != std::string::npos) {
        auto const quality = parse_number<int>(std::string_view{text}.substr(second_colon + 1));
        if (!quality || *quality < 1 || *quality > 100)
            fail("the product \"{}\" has a quality that is no number from 1 to 100", text);
        product.quality = *quality;
    }
    return product;
}

std::size_t BuildPlan::root_level() const
{
    std::size_t level = base_level();
    for (auto side = patch_side; side > 1 && level > 0; side /= 2)
        --level;
    return level;
}

TileRange BuildPlan::block_of(TileIndex patch, std::size_t level) const
{
    auto const side = std::int64_t{patch_side} >> (base_level() - level);
    return {{patch.col * side, patch.row * side}, {(patch.col + 1) * side, (patch.row + 1) * side}};
}

TileRange BuildPlan::tiles_of(TileIndex patch, std::size_t level) const
{
    return intersect(block_of(patch, level), levels[level].limits);
}

std::vector<TileIndex> BuildPlan::crown_tiles(std::size_t level) const
{
    MortonSet tiles;
    auto const steps = root_level() - level;
    for (auto const& patch : patches)
        tiles.add(TileIndex{patch.col >> steps, patch.row >> steps});
    return tiles.list();
}

TileRange BuildPlan::slabs_of(TileRange const& tiles) const
{
    return blocks_of(tiles, slab_width, slab_height);
}

std::size_t BuildPlan::slab_count() const
{
    std::size_t count = 0;
    for (std::size_t level = 0; level < levels.size(); ++level) {
        MortonSet slabs;
        if (level < root_level())
            for (auto const& tile : crown_tiles(level))
                slabs.add(slab_of(tile));
        else
            for (auto const& patch : patches)
                slabs.add(slabs_of(tiles_of(patch, level)));
        count += slabs.size();
    }
    return count;
}

std::int64_t BuildPlan::base_tiles() const
{
    std::int64_t tiles = 0;
    for (auto const& patch : patches) {
        auto const inside = tiles_of(patch, base_level());
        tiles += inside.cols() * inside.rows();
    }
    return tiles;
}

std::int64_t BuildPlan::base_pixels() const
{
    auto const& base = set->matrices[levels.back().matrix];
    return base_tiles() * base.tile_width * base.tile_height;
}

std::vector<TileIndex> patches_under(BuildPlan const& plan, Source const& source, Resampling resampling)
{
    auto const& matrix = plan.set->matrices[plan.levels.back().matrix];
    auto const tiles = tiles_covering(matrix, reached_ground(source, *plan.set, matrix, resampling));
    MortonSet patches;
    patches.add(blocks_of(tiles, plan.patch_side, plan.patch_side));
    return patches.list();
}

BuildPlan make_plan(std::vector<Mosaic> const& mosaics, std::shared_ptr<TileMatrixSet const> set,
                    BuildOptions const& options)
{
    if (!set->is_quadtree())
        fail("the tile matrix set {} is no quadtree (each level twice as fine as the one before, same "
             "corner): "
             "pyramids are not built in it",
             set->id);
    double finest = HUGE_VAL;
    for (auto const& mosaic : mosaics)
        for (auto const& source : mosaic.sources())
            if (auto const ground = footprint(source, *set); !ground.empty())
                finest = std::min(finest, pixel_size_in(*set, source, ground));

    LevelPlan base;
    base.matrix = options.bottom.empty() ? nearest_matrix(*set, finest) : matrix_called(*set, options.bottom);
    std::size_t const top = options.top.empty() ? 0 : matrix_called(*set, options.top);
    if (top > base.matrix)
        fail("the top level {} is finer than the bottom level {}", set->matrices[top].id,
             set->matrices[base.matrix].id);

    auto const& matrix = set->matrices[base.matrix];
    auto const side = patch_side_for(matrix);
    MortonSet patches;
    auto const plan_source = [&](Source const& source) {
        auto const tiles = tiles_covering(matrix, reached_ground(source, *set, matrix, options.resampling));
        if (tiles.empty())
            return;
        auto const touched = blocks_of(tiles, side, side);
        constexpr double most_patches = 1e7; // 17 Tpx a million
        if (static_cast<double>(touched.cols()) * static_cast<double>(touched.rows()) > most_patches)
            fail("at level {} one source alone would take {} x {} tiles; choose a coarser --bottom, or check "
                 "its georeference",
                 matrix.id, tiles.cols(), tiles.rows());
        base.limits = join(base.limits, tiles);
        patches.add(touched);
    };
    for (auto const& mosaic : mosaics)
        for (auto const& source : mosaic.sources())
            plan_source(source);
    if (patches.empty())
        fail("no source lies inside the tile matrix set {} ({})", set->id, set->crs.name());

    BuildPlan plan{.set = std::move(set),
                   .levels = {},
                   .patches = patches.list(),
                   .patch_side = side,
                   .slab_width = options.slab_width,
                   .slab_height = options.slab_height};
    plan.levels.push_back(std::move(base));
    while (plan.levels.back().matrix > top)
        plan.levels.push_back(parent_of(plan.levels.back()));
    std::reverse(plan.levels.begin(), plan.levels.end());
    return plan;
}

} // namespace ardoise
