// SPDX-License-Identifier: Apache-2.0
// A slab: one file holding a block of neighbouring tiles, each already encoded as it will be sent.
#pragma once

#include "pyramid/base/mapped_file.hpp"
#include "pyramid/grid/tile_matrix.hpp"

#include <chrono>
#include <optional>
#include <vector>

namespace ardoise {

/// Opening maps the file, checks its index and keeps a copy of it; reading a tile touches only that tile's
/// pages. Reads ROK4's slabs as well as ours. Safe to share between threads. Throws Failure if the file is
/// not a slab of that many tiles.
class Slab {
public:
    Slab(std::filesystem::path const& file, std::int32_t tiles_per_width, std::int32_t tiles_per_height,
         MappedFile::Keep keep = MappedFile::Keep::mapping);

    std::size_t tile_count() const { return index_.size(); }
    /// A tile's number, row by row. `within` is counted from the slab's own corner.
    std::size_t number_of(TileIndex within) const
    {
        return static_cast<std::size_t>(within.row * tiles_per_width_ + within.col);
    }
    /// The tile's encoded bytes, valid as long as this slab lives; empty where it holds nothing.
    ByteView tile(TileIndex within) const;
    /// Where these bytes lie; nothing when the descriptor was not kept.
    std::optional<FilePlace> place_of(TileIndex within) const;
    /// As MappedFile does with its own bytes. A tile that holds nothing is in memory.
    bool is_in_memory(TileIndex within) const;
    void ask_for(TileIndex within) const;
    void bring(TileIndex within) const;
    /// Changes whenever the tile's bytes do: its checksum, or for slabs without checksums a hash of place and
    /// time.
    std::uint64_t tag(TileIndex within) const;
    std::chrono::system_clock::time_point modified() const { return file_.modified(); }
    std::size_t bytes() const { return file_.bytes().size(); }

    /// One sentence for each thing that does not agree with its checksum. Empty for slabs without checksums.
    std::vector<std::string> damages() const;
    /// Whether header and index agree with their checksum; true for slabs without checksums.
    bool has_sound_index() const;
    bool has_checksums() const { return checksums_at_ != 0; }
    ByteView file_bytes() const { return file_.bytes(); }

private:
    /// One tile's place in the file, and its tag.
    struct Entry {
        std::uint32_t offset = 0, size = 0;
        std::uint64_t tag = 0;
    };
    Entry const& entry(TileIndex within) const { return index_[number_of(within)]; }
    void bring_index(std::filesystem::path const& file, std::size_t offset, std::size_t size) const;
    void read_index(std::filesystem::path const& file);
    std::size_t find_checksums() const;
    void tag_by_place();

    MappedFile file_;
    std::int32_t tiles_per_width_, tiles_per_height_;
    std::vector<Entry> index_;     // row by row
    std::size_t checksums_at_ = 0; // 0: the slab has none
};

/// Of a slab that Ardoise has written. Throws Failure when its header or its index does not agree with its
/// checksum, or says nothing of checksums any more: then an empty tile may be one that was lost.
void check_own_index(Slab const& slab, std::filesystem::path const& file);

} // namespace ardoise
