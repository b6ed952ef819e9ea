// SPDX-License-Identifier: Apache-2.0
// The bytes of PMTiles version 3 (github.com/protomaps/PMTiles, spec/v3/spec.md): header and directories.
#pragma once

#include "pyramid/base/bytes.hpp"
#include "pyramid/grid/bounding_box.hpp"

#include <optional>
#include <span>
#include <vector>

namespace ardoise::pmtiles {

inline constexpr std::size_t header_bytes = 127;
/// Header and root directory lie in the first 16 KiB of a file (4).
inline constexpr std::size_t most_root_bytes = 16384 - header_bytes;

/// 3.3
enum class Compression : std::uint8_t { unknown = 0, none = 1, gzip = 2, brotli = 3, zstd = 4 };
/// 3.2; 6 is MapLibre's own format of vector tiles.
enum class TileType : std::uint8_t { unknown = 0, mvt = 1, png = 2, jpeg = 3, webp = 4, avif = 5, mlt = 6 };

/// A part of the file.
struct Section {
    std::uint64_t offset = 0, length = 0;
    friend bool operator==(Section const&, Section const&) = default;
};

/// 3: everything in the order of the file. A count of 0 is unknown.
struct Header {
    Section root, metadata, leaves, tiles;
    std::uint64_t addressed_tiles = 0, tile_entries = 0, tile_contents = 0;
    bool clustered = false; // contents lie in the order of ids
    Compression internal = Compression::gzip, tile = Compression::none;
    TileType type = TileType::unknown;
    std::uint8_t min_zoom = 0, max_zoom = 0;
    BoundingBox bounds; // degrees; stored to seven decimals
    std::uint8_t center_zoom = 0;
    double center_longitude = 0, center_latitude = 0;
};

Bytes encode_header(Header const& header);
/// Only reads: nothing is known yet of whether the sections lie in the file. Nothing where the bytes are too
/// few, do not begin with "PMTiles", or are of another version than 3.
std::optional<Header> decode_header(ByteView file);

/// 4.1: a run of tiles with the same content, or (run_length 0) a leaf directory that begins with tile_id.
struct Entry {
    std::uint64_t tile_id = 0, offset = 0;
    std::uint32_t length = 0, run_length = 0;

    bool is_leaf() const { return run_length == 0; }
    /// The id behind the run; of a leaf, behind its first tile.
    std::uint64_t end() const { return tile_id + (is_leaf() ? 1 : run_length); }
    friend bool operator==(Entry const&, Entry const&) = default;
};

/// 4.2, before compression. Entries are in ascending order of ids.
Bytes encode_directory(std::span<Entry const> entries);
/// 4.3, behind decompression. Throws Failure unless there is at least one entry, ids ascend, runs do not
/// overlap, lengths are above 0 and all bytes are used. Declared counts are checked against the bytes that
/// are there before anything is allocated.
std::vector<Entry> decode_directory(ByteView bytes);

} // namespace ardoise::pmtiles
