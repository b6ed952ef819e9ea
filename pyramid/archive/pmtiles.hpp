// SPDX-License-Identifier: Apache-2.0
// PMTiles version 3: tiles in one file, along the Hilbert curve.
#pragma once

#include "pyramid/archive/archive.hpp"

namespace ardoise {

/// Maps the file; reads directories without compression or in gzip. Slabs must be squares with a power of two
/// tiles a side: along the curve each of these is one stretch, so that nothing but the directory in hand is
/// kept in memory.
std::unique_ptr<TileReader> open_pmtiles(std::string const& file, TileMatrixSet const& set);

/// Clustered, identical tiles stored once, neighbours on the curve with the same content as one run,
/// directories in gzip. Tile data follow the first 16 KiB as they come; metadata and leaf directories stand
/// behind them. Keeps about 100 bytes a tile in memory.
std::unique_ptr<TileArchiveWriter> create_pmtiles(std::string const& file, TileMatrixSet const& set,
                                                  ArchiveMetadata metadata);

} // namespace ardoise
