// SPDX-License-Identifier: Apache-2.0
// A pyramid taken out of its store, with all that belongs to it.
#pragma once

#include "pyramid/grid/tile_matrix_set_library.hpp"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace ardoise {

struct Removal {
    std::vector<std::filesystem::path> removed; // files and whole folders in the store, as they were called
    std::uint64_t bytes = 0;                    // of them; what several revisions share counts once
};

/// Removes the descriptor first, so that no server loads it any more, then the list, the folder of all
/// revisions, and what work has left in hidden folders. Its tile matrix set stays: others may need it. Who is
/// killed leaves a hidden folder, STORE/.NAME.removing, by which the next one knows that it may go on, though
/// the descriptor is gone. Throws Failure, before anything is touched, when there is no pyramid of that name,
/// when something in its folder is not its own or its slabs lie elsewhere, and when another process works on
/// it.
Removal remove_pyramid(std::filesystem::path const& descriptor, TileMatrixSetLibrary const& sets);

} // namespace ardoise
