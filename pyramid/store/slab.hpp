// SPDX-License-Identifier: Apache-2.0
// A slab: one file holding a block of neighbouring tiles, each already encoded as it will be sent.
#pragma once

#include "pyramid/base/mapped_file.hpp"
#include "pyramid/grid/tile_matrix.hpp"

#include <chrono>
#include <optional>
#include <vector>

namespace ardoise {

/// Opening maps the file and checks its index; reading a tile touches only that tile's pages. Reads ROK4's
/// slabs as well as ours. Safe to share between threads. Throws Failure if the file is not a slab of that
/// many tiles.
class Slab {
public:
    Slab(std::filesystem::path const& file, std::int32_t tiles_per_width, std::int32_t tiles_per_height);

    /// The tile's encoded bytes, valid as long as this slab lives; empty where it holds nothing. `within` is
    /// counted from the slab's own corner.
    ByteView tile(TileIndex within) const;
    /// Changes whenever the tile's bytes do: its checksum, or for slabs without checksums a hash of place and
    /// time.
    std::uint64_t tag(TileIndex within) const;
    std::chrono::system_clock::time_point modified() const { return file_.modified(); }
    std::size_t bytes() const { return file_.bytes().size(); }

    /// One sentence for each thing that does not agree with its checksum. Empty for slabs without checksums.
    std::vector<std::string> damages() const;
    bool has_checksums() const { return checksums_at_ != 0; }
    ByteView file_bytes() const { return file_.bytes(); }

private:
    std::size_t number(TileIndex within) const;
    std::size_t tile_count() const;
    void check_index(std::filesystem::path const& file) const;
    void find_checksums();

    MappedFile file_;
    std::int32_t tiles_per_width_, tiles_per_height_;
    std::size_t checksums_at_ = 0;
};

} // namespace ardoise
