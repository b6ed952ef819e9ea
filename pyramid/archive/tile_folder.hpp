// SPDX-License-Identifier: Apache-2.0
// Tiles as files, DIR/z/x/y.ext: what web servers serve, and what gdal2tiles and tippecanoe write.
#pragma once

#include "pyramid/archive/archive.hpp"

namespace ardoise {

/// "DIR/{z}/{x}/{y}.png" as a value.
struct FolderPattern {
    std::filesystem::path root;
    enum class Rows { from_top, from_bottom } rows = Rows::from_top; // {y}, or {-y} for TMS
    std::string extension; // without the dot; empty: any that format_in_archives() knows
};

/// Nothing where the text does not end in {z}/{x}/{y} or {z}/{x}/{-y}, with or without an extension.
std::optional<FolderPattern> parse_folder_pattern(std::string_view pattern);

/// {z} is the id of a matrix. Names that are no numbers are passed over (gdal2tiles puts pages beside its
/// tiles), as are files with other extensions; metadata.json beside the levels is read as mb-util and
/// tippecanoe write it: MBTiles' names and texts.
std::unique_ptr<TileReader> open_tile_folder(FolderPattern const& pattern, TileMatrixSet const& set);

/// Any set will do. Writes metadata.json as well.
std::unique_ptr<TileArchiveWriter> create_tile_folder(FolderPattern const& pattern, TileMatrixSet const& set,
                                                      ArchiveMetadata metadata);

} // namespace ardoise
