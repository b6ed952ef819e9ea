// SPDX-License-Identifier: Apache-2.0
// The files that a catalog is read from.
#pragma once

#include "server/catalog/catalog.hpp"

#include <cstdint>

namespace ardoise {

/// Throws Failure when the store is no folder.
void check_store(CatalogOptions const& options);

/// The folders in which tile matrix sets are looked for: those that were named, then the store's own.
std::vector<std::filesystem::path> set_folders(CatalogOptions const& options);

/// The folder of what describes layers, one file each.
std::filesystem::path description_folder(CatalogOptions const& options);

/// The folder of styles, one file each.
std::filesystem::path style_folder(CatalogOptions const& options);

/// The JSON files of a folder, by name, without hidden ones; none where there is no such folder. Throws
/// filesystem_error when it cannot be read.
std::vector<std::filesystem::path> json_files(std::filesystem::path const& folder);

/// What tells a file from another one in its place and from itself as it was before, without reading it.
struct FileTrace {
    std::filesystem::path file;
    std::uint64_t device = 0, inode = 0, bytes = 0;
    std::int64_t seconds = 0, nanoseconds = 0; // of its last change
    int trouble = 0;                           // errno, where it cannot be seen
    friend bool operator==(FileTrace const&, FileTrace const&) = default;
};

/// Traces of all descriptors, descriptions, styles, levels that these read and tile matrix sets, for a
/// listing of each folder and a stat of each file. Throws as check_store and json_files do: a disk that does
/// not answer is no empty one.
std::vector<FileTrace> traces_of_catalog(CatalogOptions const& options);

/// When one of these files or the configuration last changed, or one came or went: milliseconds since 1970.
/// Throws likewise.
std::int64_t newest_change(CatalogOptions const& options);

} // namespace ardoise
