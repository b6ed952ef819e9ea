// SPDX-License-Identifier: Apache-2.0
// A pyramid of slabs becomes an archive of tiles.
#pragma once

#include "pyramid/archive/archive.hpp"
#include "pyramid/store/pyramid.hpp"

namespace ardoise {

struct ExportOptions {
    std::string archive;            // its address, see archive_kind()
    std::string top, bottom;        // ids of the coarsest and finest level; empty: the pyramid's
    std::optional<BoundingBox> box; // only tiles that touch it
    std::optional<Crs> box_crs = {}; // of the box; nothing: that of the set
    Overwrite overwrite = Overwrite::refused;
};

struct ExportReport {
    std::int64_t tiles = 0;
    std::uint64_t bytes = 0; // of the tiles
};

/// Copies every stored tile within the limits by its bytes. `metadata` is what the pyramid says of itself:
/// bounds are those of the tiles where it has none or a box is asked for. `progress` counts places, not
/// tiles. Throws Failure, and then leaves nothing, where the box lies beside the pyramid, where no tile is
/// stored or the archive cannot hold what there is.
ExportReport export_pyramid(Pyramid const& pyramid, ArchiveMetadata metadata, ExportOptions const& options,
                            std::function<void(std::int64_t done, std::int64_t total)> const& progress);

} // namespace ardoise
