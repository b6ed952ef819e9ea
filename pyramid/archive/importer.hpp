// SPDX-License-Identifier: Apache-2.0
// An archive of tiles becomes a pyramid of slabs.
#pragma once

#include "pyramid/archive/archive.hpp"

namespace ardoise {

struct ImportOptions {
    std::string archive; // its address, see archive_kind()
    std::filesystem::path store;
    std::string name;
    std::shared_ptr<TileMatrixSet const> set;
    SlabSize slab;
    /// The tiles of a slab are in memory until it is written, and then once more within it: this many bytes
    /// of them at most.
    std::uint64_t most_held = std::uint64_t{512} << 20;
};

struct ImportReport {
    std::int64_t tiles = 0;
    std::size_t slabs = 0;
    std::uint64_t bytes = 0; // of the slab files
};

using TileProgress = std::function<void(std::int64_t done, std::int64_t total)>;

/// Copies every tile by its bytes, a slab at a time; nothing is decoded. Levels are those that the archive
/// has, limits and channels those of its tiles. What it says of itself goes into the descriptor under
/// "ardoise": title, description, attribution, bounds, vector_layers. Throws Failure naming the tile that is
/// there twice, empty, or not what the archive or its set says, or whose slab is too much for memory; then
/// nothing is published.
ImportReport import_archive(ImportOptions const& options, TileProgress const& progress);

/// What import_archive() kept in a descriptor, for an export to give it back. Name and format are left alone.
ArchiveMetadata metadata_in(Json const& descriptor);

} // namespace ardoise
