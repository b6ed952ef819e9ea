// SPDX-License-Identifier: Apache-2.0
// checksums.txt in a revision's folder: what every slab file must be, and the check that it is.
#pragma once

#include "pyramid/store/pyramid.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace ardoise {

inline constexpr char const* checksums_file_name = "checksums.txt";

/// One line of the file: hash (16 hexadecimal digits), bytes, path below the revision's folder. A last line has
/// hash and bytes of all others.
struct SlabChecksum {
    std::string slab; // "DATA/22/0B/1Z/K8.tif"
    std::uint64_t hash = 0;
    std::uint64_t bytes = 0;
    friend bool operator==(SlabChecksum const&, SlabChecksum const&) = default;
};

/// What the path of a slab file says.
struct SlabName {
    std::string kind, level; // "DATA", "22"
    TileIndex slab;
};
/// Nothing when it is no such path.
std::optional<SlabName> parse_slab_name(std::string const& path);

void write_checksums(std::filesystem::path const& file, std::vector<SlabChecksum> const& checksums);
/// Throws Failure with the number of a line that is not one, and where lines are missing.
std::vector<SlabChecksum> read_checksums(std::filesystem::path const& file);

struct Verification {
    std::size_t slabs = 0;
    std::uint64_t bytes = 0;
    std::vector<std::string> damages;        // one sentence each, naming the file (and the tile)
    std::vector<SlabChecksum> damaged_files; // of those with checksums: as they should be
    std::vector<std::string> unlisted;       // files among the slabs that no checksum speaks of
};

/// Reads every slab of the pyramid: against its checksums where it has them, else against its index alone
/// (ROK4's own).
Verification verify(Pyramid const& pyramid);

} // namespace ardoise
