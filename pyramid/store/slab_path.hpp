// SPDX-License-Identifier: Apache-2.0
// ROK4's names for slab files: base-36 digits of the slab's column and row, interleaved into folders.
#pragma once

#include "pyramid/grid/tile_matrix.hpp"

#include <filesystem>
#include <optional>

namespace ardoise {

/// "00/75/61.tif" for slab (258, 181) at depth 2. `depth` folders below the first; col and row at least 0.
std::filesystem::path slab_path(TileIndex slab, int depth);
/// The slab of such a path, or nothing when it is none.
std::optional<TileIndex> parse_slab_path(std::filesystem::path const& path);

} // namespace ardoise
