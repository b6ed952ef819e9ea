// SPDX-License-Identifier: Apache-2.0
// Tile matrices and sets of them: where every tile lies (OGC 17-083r4, Two Dimensional Tile Matrix Set 2.0).
#pragma once

#include "pyramid/grid/bounding_box.hpp"
#include "pyramid/grid/crs.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ardoise {

/// A tile's place in its matrix: columns run east, rows run south, both from 0.
struct TileIndex {
    std::int64_t col = 0, row = 0;
    friend auto operator<=>(TileIndex const&, TileIndex const&) = default;
};

/// A half-open block of tiles, [first, last): empty when either side has no length.
struct TileRange {
    TileIndex first, last;

    bool empty() const { return first.col >= last.col || first.row >= last.row; }
    std::int64_t cols() const { return last.col - first.col; }
    std::int64_t rows() const { return last.row - first.row; }
    bool contains(TileIndex tile) const
    {
        return tile.col >= first.col && tile.col < last.col && tile.row >= first.row && tile.row < last.row;
    }
    friend bool operator==(TileRange const&, TileRange const&) = default;
};

TileRange intersect(TileRange const& a, TileRange const& b);
TileRange join(TileRange const& a, TileRange const& b);
/// The tiles of one block, where all tiles are cut into blocks of `cols` x `rows` from tile (0, 0) on.
TileRange tiles_of_block(TileIndex block, std::int64_t cols, std::int64_t rows);
/// The blocks that some of `tiles` lie in.
TileRange blocks_of(TileRange const& tiles, std::int64_t cols, std::int64_t rows);

/// One zoom level, in the units of its CRS.
struct TileMatrix {
    std::string id;
    double cell_size = 0;              // CRS units per pixel
    double origin_x = 0, origin_y = 0; // top-left corner of tile (0, 0)
    std::int32_t tile_width = 256, tile_height = 256;
    std::int64_t matrix_width = 0, matrix_height = 0;

    TileRange range() const { return {{0, 0}, {matrix_width, matrix_height}}; }
    double scale_denominator(Crs const& crs) const;
};

/// Scale denominators are those of the standardized rendering pixel of 0.28 mm (OGC 07-057r7 6.1).
double cell_size_of(double scale_denominator, Crs const& crs);

/// Whether each tile of `coarse` is exactly 2x2 tiles of `fine`: same origin and tile size, half the cell (to
/// 1e-4 of it).
bool is_parent(TileMatrix const& coarse, TileMatrix const& fine);

BoundingBox extent(TileMatrix const& matrix, TileIndex tile);
BoundingBox extent(TileMatrix const& matrix, TileRange const& range);
/// Every tile that shares area with `box` (a millionth of a pixel is not area), clamped to the matrix.
TileRange tiles_covering(TileMatrix const& matrix, BoundingBox const& box);

/// A set of matrices over one CRS, coarsest first. Immutable once loaded: safe to share.
struct TileMatrixSet {
    std::string id;
    std::string title;
    Crs crs;
    std::vector<TileMatrix> matrices;

    /// Null when there is none of that id.
    TileMatrix const* find(std::string_view matrix_id) const;
    std::size_t index_of(TileMatrix const& matrix) const
    {
        return static_cast<std::size_t>(&matrix - matrices.data());
    }
};

} // namespace ardoise
