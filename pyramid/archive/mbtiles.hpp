// SPDX-License-Identifier: Apache-2.0
// MBTiles 1.3 (github.com/mapbox/mbtiles-spec): tiles in an SQLite database. The only room that knows SQLite.
#pragma once

#include "pyramid/archive/archive.hpp"

namespace ardoise {

/// `tiles` may be a table or a view; its rows count from the bottom (TMS). Slabs are asked for one after
/// another, which is fast where there is an index on (zoom_level, tile_column, tile_row), as there nearly
/// always is. Where the metadata's bounds are none they are left out.
std::unique_ptr<TileReader> open_mbtiles(std::string const& file, TileMatrixSet const& set);

/// One table of tiles with a unique index over places, no deduplication.
std::unique_ptr<TileArchiveWriter> create_mbtiles(std::string const& file, TileMatrixSet const& set,
                                                  ArchiveMetadata metadata);

} // namespace ardoise
