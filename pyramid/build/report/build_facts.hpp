// SPDX-License-Identifier: Apache-2.0
// What a build has made: counted in the slabs themselves, before the pyramid takes its name.
#pragma once

#include "pyramid/build/report/sharpness.hpp"
#include "pyramid/store/checksums.hpp"

namespace ardoise {

/// What baking took. After an interruption: of the part that was baked since.
struct BakeEffort {
    std::size_t patches = 0;
    double seconds = 0;
};

struct LevelFacts {
    std::string id;
    double cell_size = 0;         // CRS units
    std::int64_t tiles = 0;       // that hold something
    std::size_t slabs = 0;        // of data
    std::uint64_t bytes = 0;      // of all its slab files: data, masks, lossless twins
    std::uint64_t tile_bytes = 0; // of the data tiles alone
    std::uint64_t largest_tile = 0;
};

/// One product of a build.
struct BuildFacts {
    Pyramid pyramid; // its folder is the one in which the slabs lie while the facts are gathered
    Product product;
    std::vector<LevelFacts> levels; // as the pyramid's: coarsest first
    double delivered_pixels = 0;    // of the base level, on the ground of the sources: see delivered_area()
    std::int64_t data_pixels = 0;   // of the base level
    std::optional<Sharpness> sharpness;
    std::string no_sharpness;         // why there is none, for people
    std::optional<BakeEffort> effort; // nothing where other processes did the baking

    std::size_t slabs() const; // of data, of all levels
    std::uint64_t bytes() const;
    /// The share of what was delivered that holds no data, 0 to 1.
    double holes() const;
};

/// Reads the index of each of `files`, the masks of the base level, and some tiles of it with their sources.
/// Sources that cannot be read any more cost the figures of sharpness only. Throws Failure on a slab that is
/// none.
BuildFacts gather_facts(StandingPyramid const& stored, std::vector<SlabChecksum> const& files,
                        PreparedBuild const& prepared, Product const& product,
                        std::optional<BakeEffort> effort);

/// {"name", "holes", "windows", "psnr_db", "gradient", "source_gradient"}: psnr_db is null where all pixels
/// are the sources' own; the last four are left out where nothing was compared.
Json quality_json(BuildFacts const& facts);

} // namespace ardoise
