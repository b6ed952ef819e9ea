// SPDX-License-Identifier: Apache-2.0
// What differs between two revisions of a pyramid: the tiles that caches elsewhere must forget.
#pragma once

#include "pyramid/store/checksums.hpp"

namespace ardoise {

/// A tile whose bytes differ, or that one of the revisions does not have.
struct ChangedTile {
    std::string level; // id of the matrix
    TileIndex tile;
    friend bool operator==(ChangedTile const&, ChangedTile const&) = default;
};

/// Compares by checksums: only slabs that differ are opened; where one cannot be read, all of its tiles count
/// as changed. Level by level, the coarsest first. Both have checksums and slabs of the same size.
std::vector<ChangedTile> changed_tiles(Pyramid const& before, Pyramid const& after);

/// The same when `after` has its slab files in its folder, and no checksums there yet.
std::vector<ChangedTile> changed_tiles(Pyramid const& before, Pyramid const& after,
                                       std::vector<SlabChecksum> const& files_after);

} // namespace ardoise
