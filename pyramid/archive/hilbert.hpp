// SPDX-License-Identifier: Apache-2.0
// The Hilbert curve over the tiles of a zoom level, as PMTiles v3 runs it (4.1 "TileID"): it begins at column
// 0, row 0 (the top left), ends at the top right, and visits each aligned block of 2^n x 2^n tiles in one go.
#pragma once

#include "pyramid/grid/tile_matrix.hpp"

#include <cstdint>
#include <utility>

namespace ardoise::hilbert {

/// Of a curve: ids have 64 bits.
inline constexpr int highest_order = 31;

namespace detail {

/// The turn that a quarter of the curve takes within the whole.
constexpr void turn(std::int64_t side, TileIndex& tile, bool right, bool lower)
{
    if (lower)
        return;
    if (right)
        tile = {side - 1 - tile.col, side - 1 - tile.row};
    std::swap(tile.col, tile.row);
}

} // namespace detail

/// The place along the curve of a tile among 2^order x 2^order.
constexpr std::uint64_t position_of(int order, TileIndex tile)
{
    std::uint64_t position = 0;
    for (int bit = order - 1; bit >= 0; --bit) {
        bool const right = (tile.col >> bit & 1) != 0, lower = (tile.row >> bit & 1) != 0;
        auto const quarter = static_cast<std::uint64_t>(lower ? (right ? 2 : 1) : (right ? 3 : 0));
        position = position << 2 | quarter;
        std::int64_t const side = std::int64_t{1} << bit;
        tile = {tile.col & (side - 1), tile.row & (side - 1)};
        detail::turn(side, tile, right, lower);
    }
    return position;
}

/// The tile at a place along the curve, among 2^order x 2^order.
constexpr TileIndex tile_at(int order, std::uint64_t position)
{
    TileIndex tile;
    for (int bit = 0; bit < order; ++bit, position >>= 2) {
        auto const quarter = position & 3;
        bool const right = quarter >= 2, lower = quarter == 1 || quarter == 2;
        std::int64_t const side = std::int64_t{1} << bit;
        detail::turn(side, tile, right, lower);
        tile.col += right ? side : 0;
        tile.row += lower ? side : 0;
    }
    return tile;
}

/// PMTiles' id of the first tile of a zoom level, behind those of all coarser ones: 1 + 4 + 16 + ... Up to
/// one zoom beyond the highest order.
constexpr std::uint64_t first_id(int zoom)
{
    return zoom == 0 ? 0 : std::uint64_t{0x5555'5555'5555'5555} >> (64 - 2 * zoom);
}

constexpr std::uint64_t tile_id(int zoom, TileIndex tile)
{
    return first_id(zoom) + position_of(zoom, tile);
}

/// The zoom of a tile's id.
constexpr int zoom_of(std::uint64_t id)
{
    int zoom = 0;
    while (zoom < highest_order && first_id(zoom + 1) <= id)
        ++zoom;
    return zoom;
}

} // namespace ardoise::hilbert
