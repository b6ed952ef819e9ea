// SPDX-License-Identifier: Apache-2.0
// Which slabs a build will make, level by level: pure, printable, before a pixel is read.
#pragma once

#include "pyramid/build/mosaic.hpp"
#include "pyramid/grid/tile_matrix.hpp"
#include "pyramid/raster/resample.hpp"
#include "pyramid/store/tile_format.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ardoise {

/// One pyramid to come out of the build: some of the sources' bands in one format.
struct Product {
    std::string name;
    std::vector<int> bands; // of the sources, from 1; empty: the first three, or the only one
    std::string format;     // jpg, png, webp, zip, lzw, pkb, raw; empty: jpg for 3 bands of uint8, else zip
    int quality = 85;       // of JPEG and WebP
};

/// "NAME=BANDS:FORMAT[:QUALITY]", as in ortho=1,2,3:jpg:85. Throws Failure saying what is wrong.
Product parse_product(std::string const& text);
/// "1,2,3"
std::vector<int> parse_bands(std::string const& text);

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

/// The base level is baked in patches: squares of 2^n tiles, about 4096 px wide. From its base tiles up to
/// the single tile on its top, the root, a patch is complete in itself and made in one go; what lies above
/// the roots is the crown.
struct BuildPlan {
    std::shared_ptr<TileMatrixSet const> set;
    std::vector<LevelPlan> levels;  // coarsest first; the last is the base level
    std::vector<TileIndex> patches; // that sources touch, in Morton order: neighbours follow one another
    std::int32_t patch_side = 16;   // tiles of the base level
    std::int32_t slab_width = 16, slab_height = 16;

    std::size_t base_level() const { return levels.size() - 1; }
    /// The coarsest level that patches reach.
    std::size_t root_level() const;
    /// All places of one patch at a level from the roots' to the base, and those of them within the limits.
    TileRange block_of(TileIndex patch, std::size_t level) const;
    TileRange tiles_of(TileIndex patch, std::size_t level) const;
    /// Planned tiles of the crown at a level above the roots'; of the roots themselves at theirs.
    std::vector<TileIndex> crown_tiles(std::size_t level) const;
    TileIndex slab_of(TileIndex tile) const { return {tile.col / slab_width, tile.row / slab_height}; }
    /// Every slab that some of `tiles` lie in.
    TileRange slabs_of(TileRange const& tiles) const;

    /// Slabs of all levels, at most: what holds no data is not written.
    std::size_t slab_count() const;
    /// Tiles of the base level, at most, and their pixels.
    std::int64_t base_tiles() const;
    std::int64_t base_pixels() const;
};

/// Throws Failure when a level is unknown, the set is no quadtree, or no source lies in it.
BuildPlan make_plan(std::vector<Mosaic> const& mosaics, std::shared_ptr<TileMatrixSet const> set,
                    BuildOptions const& options);

/// Every patch whose pixels depend on `source`, planned or not: those under it, and under the reach of the
/// kernel around it.
std::vector<TileIndex> patches_under(BuildPlan const& plan, Source const& source, Resampling resampling);

/// The place of (col, row) on the Z-shaped curve.
std::uint64_t morton(TileIndex index);

} // namespace ardoise
