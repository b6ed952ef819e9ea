// SPDX-License-Identifier: Apache-2.0
// A pyramid: its descriptor, and where each of its tiles lies. No open files here.
#pragma once

#include "pyramid/base/json.hpp"
#include "pyramid/grid/tile_matrix_set_library.hpp"
#include "pyramid/store/slab_layout.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ardoise {

/// One level of a pyramid: a matrix of its set, cut into slabs.
struct Level {
    std::string id;                                           // of the tile matrix
    std::size_t matrix = 0;                                   // its number in the set
    std::int32_t tiles_per_width = 16, tiles_per_height = 16; // of a slab
    TileRange limits;                                         // the tiles that may hold something
    std::filesystem::path directory;                          // of the slabs, absolute
    std::optional<std::filesystem::path> mask_directory;      // which pixels are data
    int path_depth = 2;

    /// The slab that a tile lies in, and the tile's place within it.
    TileIndex slab_of(TileIndex tile) const
    {
        return {tile.col / tiles_per_width, tile.row / tiles_per_height};
    }
    TileIndex within_slab(TileIndex tile) const
    {
        return {tile.col % tiles_per_width, tile.row % tiles_per_height};
    }
    /// All places of a slab, within the limits or not.
    TileRange tiles_of(TileIndex slab) const
    {
        return tiles_of_block(slab, tiles_per_width, tiles_per_height);
    }
    /// Every slab that the limits touch.
    TileRange slabs() const;
};

/// What a value of a classified pyramid is drawn as, and called.
struct PyramidClass {
    double value = 0;
    std::array<std::uint8_t, 4> colour{0, 0, 0, 255}; // red, green, blue, alpha
    std::string label = {};                           // empty: it has none
};

/// The descriptor STORE/NAME.json as a value (ROK4's fields, and ours under "ardoise"). Immutable once
/// loaded: safe to share.
struct Pyramid {
    std::string name;
    std::shared_ptr<TileMatrixSet const> set;
    TileFormat format;
    std::int32_t channels = 3;
    std::vector<double> nodata; // one a channel
    std::string photometric, interpolation;
    std::vector<Level> levels; // coarsest first
    std::int64_t revision = 1;
    std::string created; // ISO 8601, empty for ROK4's own
    std::vector<int> source_bands =
        {}; // that became its channels, from 1; empty where the descriptor is silent
    /// Whether the last of two or four channels says how opaque a pixel is, and is no band as infrared is.
    bool has_alpha = true;
    bool says_alpha = false; // the descriptor itself: of others, as ROK4's, it is taken for granted
    std::vector<PyramidClass> classes = {}; // by rising value; none: values are no classes
    /// Whether pixels have a mean: colours that stand for numbers or for classes have none.
    bool may_be_blended = true;
    std::string unit = {};        // of the values: "m"; empty where the descriptor is silent
    std::filesystem::path folder; // absolute: where this revision's DATA, MASK and checksums lie

    TileMatrix const& matrix(Level const& level) const { return set->matrices[level.matrix]; }
    /// Whether the last band stands where pictures have their alpha.
    bool has_plain_last_band() const { return !has_alpha && channels % 2 == 0; }
    /// Whether it is alpha of 8 bits for sure: by the descriptor, or the format of the tiles.
    bool has_certain_alpha() const;
    /// Null when it has no level of that matrix.
    Level const* find_level(std::string_view matrix_id) const;
    Level const& finest() const { return levels.back(); }
    /// The ground covered, in the set's CRS: that of the finest level's limits, and of those of coarser ones
    /// that reach further, not for the size of their tiles alone.
    BoundingBox extent() const;
    /// The level's tiles on that ground: those that are not stored can be drawn from coarser levels.
    TileRange tiles_of_extent(Level const& level) const;
    /// Whether they are more than its limits.
    bool is_partial(Level const& level) const;
    RasterShape tile_shape(Level const& level) const;
    /// Everything that a slab of `level` says of itself.
    SlabLayout layout(Level const& level, TileIndex slab) const;
};

/// Reads a descriptor and checks it against its tile matrix set. Throws Failure naming file and field.
Pyramid read_pyramid(std::filesystem::path const& descriptor, TileMatrixSetLibrary const& sets);

/// The same of a descriptor that was read already.
Pyramid read_pyramid(Json const& document, std::filesystem::path const& descriptor,
                     TileMatrixSetLibrary const& sets);

/// The same for a descriptor that does not lie in its place. `store`: absolute.
Pyramid read_pyramid(JsonReader const& json, std::string const& name, std::filesystem::path const& store,
                     TileMatrixSetLibrary const& sets);

/// Where a revision's files lie below the store: NAME for the first, NAME/r2 and so on for those that
/// updates have published. What was published once is never written again.
std::string revision_folder(std::string const& name, std::int64_t revision);

/// The descriptor of a pyramid whose slabs lie below its revision's folder, under DATA and MASK.
Json to_json(Pyramid const& pyramid, Json ardoise_members);

/// Where slab files of a level lie, as `<directory>/<path>`.
std::filesystem::path slab_file(Level const& level, TileIndex slab);
std::optional<std::filesystem::path> mask_file(Level const& level, TileIndex slab);

} // namespace ardoise
