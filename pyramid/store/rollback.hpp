// SPDX-License-Identifier: Apache-2.0
// Back to the revision before the published one.
#pragma once

#include "pyramid/grid/tile_matrix_set_library.hpp"
#include "pyramid/store/change_list.hpp"

namespace ardoise {

struct RolledBack {
    std::int64_t from = 0;
    Pyramid pyramid;                      // that is published now
    std::vector<ChangedTile> change_list; // empty where nobody knows, and nobody waits for it
};

/// Publishes the earlier revision again, with a list of the tiles that this changes in its folder. Throws
/// Failure when none is kept, or when another process works on the pyramid. Where the revision that goes has
/// no sound checksums, nobody knows what changes: a failure only when the list is wanted, or one is owed.
RolledBack roll_back(std::filesystem::path const& descriptor, TileMatrixSetLibrary const& sets,
                     ListIs change_list);

} // namespace ardoise
