// SPDX-License-Identifier: Apache-2.0
// Which slabs a build will make, level by level: pure, printable, before a pixel is read.
#pragma once

#include "pyramid/build/product.hpp"
#include "pyramid/grid/tile_matrix.hpp"
#include "pyramid/raster/resample.hpp"
#include "pyramid/sources/mosaic.hpp"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ardoise {

/// Everything that the command line says of a build.
struct BuildOptions {
    std::vector<std::string> sources; // files, folders, patterns
    std::filesystem::path store;
    std::vector<Product> products;
    std::string tile_matrix_set; // id, or path of a JSON file
    std::string top, bottom; // matrix ids; empty: the coarsest, and the one nearest to the sources' pixels
    Resampling resampling = Resampling::bilinear;
    std::int32_t slab_width = 16, slab_height = 16; // tiles
    /// Tiles that hold nothing are stored all the same, as ROK4's cache2work wants it; by default they take
    /// no room.
    bool rok4_strict = false;
    unsigned jobs = 0;                             // threads; 0: one a core
    std::uint64_t memory = std::uint64_t{1} << 30; // bytes, all threads together
    SourceOptions source;
};

struct LevelPlan {
    std::size_t matrix = 0; // number in the set
    TileRange limits;       // tiles that may hold something
};

/// Levels that follow one another and halve exactly. Its finest level is baked from the sources, in patches:
/// squares of 2^n tiles, about 4096 px wide. From its base tiles up to the tiles on its top a patch is
/// complete in itself and made in one go; where it ends in a single tile, the root, what lies above is the
/// crown. Levels are numbers in the plan.
struct Quadtree {
    std::size_t top_level = 0, base_level = 0;
    std::size_t root_level = 0;   // the coarsest that patches reach
    std::int32_t patch_side = 16; // tiles of the base level

    /// Of a patch at a level from the roots' to the base.
    std::int64_t tiles_across(std::size_t level) const
    {
        return std::int64_t{patch_side} >> (base_level - level);
    }
};

/// A patch of one of the plan's quadtrees: its column and row among the patches there.
struct Patch {
    std::size_t quadtree = 0;
    TileIndex place;
    friend auto operator<=>(Patch const&, Patch const&) = default;
};

/// A set that halves from level to level has one quadtree; others have one for each run of levels that does.
struct BuildPlan {
    std::shared_ptr<TileMatrixSet const> set;
    std::vector<LevelPlan> levels;   // coarsest first
    std::vector<Quadtree> quadtrees; // of all the levels, coarsest first
    std::vector<Patch> patches;      // that sources touch, in_order()
    std::int32_t slab_width = 16, slab_height = 16;
    double finest_source = 0; // smallest pixel of any source, in units of the set's CRS

    TileMatrix const& matrix(std::size_t level) const { return set->matrices[levels[level].matrix]; }
    Quadtree const& finest() const { return quadtrees.back(); }
    Quadtree const& quadtree_of(std::size_t level) const;
    Quadtree const& quadtree_of(Patch const& patch) const { return quadtrees[patch.quadtree]; }
    /// Whether tiles of the level above are made from this one's.
    bool has_parents(std::size_t level) const { return level > quadtree_of(level).top_level; }
    /// Whether lossless twins of a level's lossy tiles are kept: of roots and crown, as an update makes
    /// parents from them. A quadtree's top has no parents; only the plan's own keeps its twins all the same.
    bool keeps_exact(std::size_t level) const;

    /// All places of one patch at a level from the roots' to the base, and those of them within the limits.
    TileRange block_of(Patch const& patch, std::size_t level) const;
    TileRange tiles_of(Patch const& patch, std::size_t level) const;
    /// The places of `some` patches at the level of their roots and, above, those of the roots' ancestors; by
    /// level.
    std::vector<std::set<TileIndex>> roots_and_crown(std::vector<Patch> const& some) const;
    TileIndex slab_of(TileIndex tile) const { return {tile.col / slab_width, tile.row / slab_height}; }
    /// Every slab that some of `tiles` lie in.
    TileRange slabs_of(TileRange const& tiles) const;

    /// Slabs of all levels of one product, at most: what holds no data is not written. Masks and lossless
    /// twins, which lie beside some of them, do not count.
    std::size_t slab_count() const;
    /// Tiles of a quadtree's base level, at most, and their pixels.
    std::int64_t base_tiles(Quadtree const& quadtree) const;
    std::int64_t base_pixels(Quadtree const& quadtree) const;
    /// Of the finest level, and of the base levels of all quadtrees: what is baked from the sources.
    std::int64_t base_pixels() const { return base_pixels(finest()); }
    std::int64_t baked_pixels() const;
};

/// Throws Failure when a level is unknown, tiles are not of one size, or no source lies in the set.
BuildPlan make_plan(std::vector<Mosaic> const& mosaics, std::shared_ptr<TileMatrixSet const> set,
                    BuildOptions const& options);

/// Every patch whose pixels depend on `source`, planned or not: those under it, and under the reach of the
/// kernel around it.
std::vector<Patch> patches_under(BuildPlan const& plan, Source const& source, Resampling resampling);

/// Quadtree by quadtree, each once, in Morton order: neighbours follow one another.
std::vector<Patch> in_order(std::vector<Patch> patches);

/// The place of (col, row) on the Z-shaped curve.
std::uint64_t morton(TileIndex index);

} // namespace ardoise
