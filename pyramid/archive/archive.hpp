// SPDX-License-Identifier: Apache-2.0
// Tile archives that are not slabs: MBTiles, PMTiles, folders. Tiles go in and out by their bytes.
#pragma once

#include "pyramid/base/json.hpp"
#include "pyramid/grid/tile_matrix.hpp"
#include "pyramid/store/tile_format.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ardoise {

/// What an archive says of itself. Text that it does not say is empty.
struct ArchiveMetadata {
    std::string name, description, attribution;
    std::optional<BoundingBox> bounds;  // of the data: degrees, longitude and latitude on WGS 84
    TileFormat const* format = nullptr; // null: it does not say
    Json vector_layers;                 // TileJSON 3.0 3.3, of vector tiles; null: none
};

/// The tiles of one zoom level that an archive has.
struct ArchiveLevel {
    std::size_t matrix = 0; // its number in the tile matrix set
    std::int64_t tiles = 0;
    // Of these tiles, each as often as it is there, where the archive's index tells. May pass 64 bits.
    std::optional<double> bytes;
};

/// Width and height of a slab in tiles.
struct SlabSize {
    std::int32_t width = 16, height = 16;
};

enum class Visit { go_on, stop };
/// Gets a tile, row counted from the top; the bytes live as long as the call.
using TileVisitor = std::function<Visit(TileIndex tile, ByteView bytes)>;

/// Reads an archive on the grid of a tile matrix set. One thread. Opening and visiting throw Failure naming
/// the archive where it is truncated, corrupt or something else, and the tile where its place is none.
class TileReader {
public:
    TileReader() = default;
    virtual ~TileReader() = default;
    TileReader(TileReader const&) = delete;
    TileReader& operator=(TileReader const&) = delete;

    virtual ArchiveMetadata const& metadata() const = 0;
    /// Those that have tiles, coarsest first; never empty.
    virtual std::vector<ArchiveLevel> const& levels() const = 0;
    /// Every tile of a level, unless the visitor stops, slab after slab: once a tile of another slab was
    /// seen, none of the one before comes again. The order is the archive's own otherwise. Duplicates come as
    /// they are.
    virtual void visit(ArchiveLevel const& level, SlabSize slabs, TileVisitor const& visitor) = 0;
};

/// Writes an archive, which takes its name only when it is whole; without publish() nothing stays. One
/// thread. Throws Failure naming the archive.
class TileArchiveWriter {
public:
    TileArchiveWriter() = default;
    virtual ~TileArchiveWriter() = default;
    TileArchiveWriter(TileArchiveWriter const&) = delete;
    TileArchiveWriter& operator=(TileArchiveWriter const&) = delete;

    /// Tiles come level by level, coarsest first, along the Hilbert curve of each (see hilbert.hpp); none is
    /// empty, none comes twice. Rows are counted from the top.
    virtual void add(std::size_t matrix, TileIndex tile, ByteView bytes) = 0;
    /// At least one tile was added.
    virtual void publish() = 0;
};

enum class ArchiveKind { mbtiles, pmtiles, folder };
/// By the form of its address: FILE.mbtiles, FILE.pmtiles, DIR/{z}/{x}/{y}. Nothing where it has none of
/// them.
std::optional<ArchiveKind> archive_kind(std::string_view address);
/// The file, or the folder above all levels.
std::filesystem::path archive_path(std::string const& address);

enum class Overwrite { refused, wanted };

/// `address` has one of the forms that archive_kind() knows. `set` outlives the reader.
std::unique_ptr<TileReader> open_archive(std::string const& address, TileMatrixSet const& set);
/// `metadata` has a format. Throws Failure where something is there already (of a folder: anything at all,
/// whatever `overwrite` says), where the archive cannot carry the format, or not the levels of the set.
std::unique_ptr<TileArchiveWriter> create_archive(std::string const& address, TileMatrixSet const& set,
                                                  ArchiveMetadata metadata, Overwrite overwrite);

/// The format that archives call "png", "jpg", "jpeg", "webp", "pbf" or "mvt"; null for all others.
TileFormat const* format_in_archives(std::string_view name);

/// MBTiles and PMTiles know one grid: the Web Mercator square, cut into 2^zoom tiles a side. The zoom of a
/// matrix that is such, or nothing.
std::optional<int> web_mercator_zoom(TileMatrixSet const& set, TileMatrix const& matrix);
/// The matrix of a zoom. Throws Failure naming `archive` where the set has none, and the range of zooms it
/// has.
std::size_t matrix_of_zoom(TileMatrixSet const& set, std::int64_t zoom, std::string const& archive);
/// The zoom that an archive writes for a matrix. Throws Failure naming `archive` where it can write none.
int zoom_to_write(TileMatrixSet const& set, std::size_t matrix, std::string const& archive);

/// "left,bottom,right,top", as MBTiles 1.3 has it; nothing where it is no such box, or an empty one.
std::optional<BoundingBox> parse_box(std::string_view text);
/// The same in degrees; nothing where it leaves the globe.
std::optional<BoundingBox> parse_bounds(std::string_view text);

/// The member of that name where it is text, else nothing.
std::string text_member(Json const& object, std::string_view name);
/// What MBTiles' metadata has under "json": an object with vector_layers, as text. Null where it has none.
Json vector_layers_in(std::string const& text, std::string const& archive);

/// "12/3423/1763": level, column, row from the top.
std::string tile_name(TileMatrixSet const& set, std::size_t matrix, TileIndex tile);

} // namespace ardoise
