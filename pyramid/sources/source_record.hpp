// SPDX-License-Identifier: Apache-2.0
// Sources with the fingerprints of their files: what has not changed need not be opened again.
#pragma once

#include "pyramid/base/json.hpp"
#include "pyramid/sources/source.hpp"

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace ardoise {

struct SourceRecord {
    Source source;
    std::uint64_t bytes = 0;      // of the file
    std::int64_t modified_ns = 0; // when it was written, in nanoseconds since 1970
    /// Fingerprint of what lies beside the file and changes its pixels or their place: see sidecars_of().
    std::uint64_t sidecars = 0;
    /// Those of them that few images have (a .hdr, a .clr), as GDAL named them when it opened the file.
    std::vector<std::filesystem::path> unusual_sidecars;

    friend bool operator==(SourceRecord const&, SourceRecord const&) = default;
};

/// Describes `files`, in their order, on `threads` threads (at least 1). A file whose path and fingerprints
/// are those of a record in `known` (made with the same options) is not opened, unless something came to lie
/// beside it that GDAL might read; a VRT always is. Throws what
/// describe_source throws for the first of the files that cannot be described, for any number of threads.
std::vector<SourceRecord> describe_sources(std::span<std::filesystem::path const> files,
                                           SourceOptions const& options, std::span<SourceRecord const> known,
                                           unsigned threads);

/// Throws Failure naming the first file that is gone or is not the one that was described.
void check_unchanged(std::span<SourceRecord const> records);

/// {"crs": [definition...], "sources": [[...], ...]}, where a source is an array: path, bytes, modified_ns,
/// sidecars (16 hexadecimal digits), number of its CRS in the list, left, top, pixel_width, pixel_height,
/// width, height, bands, bytes a sample, palette (true or false), and where there are any an array of its
/// unusual sidecars, and behind that (then empty, perhaps) the unit of its samples. Coordinates are texts, so
/// that every reader gives them back to the last bit; paths are written by path_json().
Json to_json(std::span<SourceRecord const> records);
/// Throws Failure naming what is wrong, and where.
std::vector<SourceRecord> read_source_records(JsonReader const& json);

} // namespace ardoise
