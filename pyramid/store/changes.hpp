// SPDX-License-Identifier: Apache-2.0
// What differs between two revisions of a pyramid: the tiles that caches elsewhere must forget.
#pragma once

#include "pyramid/store/pyramid.hpp"

namespace ardoise {

/// A tile whose bytes differ, or that one of the revisions does not have.
struct ChangedTile {
    std::string level; // id of the matrix
    TileIndex tile;
    friend bool operator==(ChangedTile const&, ChangedTile const&) = default;
};

/// Compares by checksums: only slabs that differ are opened. Level by level, the coarsest first. Both have
/// checksums and slabs of the same size.
std::vector<ChangedTile> changed_tiles(Pyramid const& before, Pyramid const& after);

} // namespace ardoise
