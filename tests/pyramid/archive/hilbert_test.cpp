// SPDX-License-Identifier: Apache-2.0
#include "pyramid/archive/hilbert.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <vector>

using namespace ardoise;

TEST_CASE("tile ids are those of the table in PMTiles' specification")
{
    struct {
        int zoom;
        TileIndex tile;
        std::uint64_t id;
    } const rows[] = {{0, {0, 0}, 0},
                      {1, {0, 0}, 1},
                      {1, {0, 1}, 2},
                      {1, {1, 1}, 3},
                      {1, {1, 0}, 4},
                      {2, {0, 0}, 5},
                      {12, {3423, 1763}, 19078479}};
    for (auto const& [zoom, tile, id] : rows) {
        CHECK(hilbert::tile_id(zoom, tile) == id);
        CHECK(hilbert::zoom_of(id) == zoom);
        CHECK(hilbert::tile_at(zoom, id - hilbert::first_id(zoom)) == tile);
    }
}

TEST_CASE("the curve passes every tile once, from neighbour to neighbour")
{
    for (int zoom = 0; zoom <= 6; ++zoom) {
        std::int64_t const side = std::int64_t{1} << zoom;
        std::vector<bool> seen(static_cast<std::size_t>(side * side));
        TileIndex before;
        for (std::uint64_t position = 0; position < seen.size(); ++position) {
            auto const tile = hilbert::tile_at(zoom, position);
            REQUIRE(TileRange{{0, 0}, {side, side}}.contains(tile));
            CHECK(hilbert::position_of(zoom, tile) == position);
            if (position > 0)
                CHECK(std::abs(tile.col - before.col) + std::abs(tile.row - before.row) == 1);
            seen[static_cast<std::size_t>(tile.row * side + tile.col)] = true;
            before = tile;
        }
        CHECK(std::count(seen.begin(), seen.end(), true) == side * side);
        CHECK(hilbert::tile_at(zoom, 0) == TileIndex{0, 0});
        CHECK(before == TileIndex{side - 1, 0});
    }
}

TEST_CASE("an aligned block is one stretch of the curve, and lies in the block of the coarser curve")
{
    int const zoom = 7, block = 4; // 16x16 tiles
    for (std::uint64_t position = 0; position < std::uint64_t{1} << (2 * zoom); ++position) {
        auto const tile = hilbert::tile_at(zoom, position);
        auto const coarse = hilbert::tile_at(zoom - block, position >> (2 * block));
        CHECK(coarse == TileIndex{tile.col >> block, tile.row >> block});
    }
}

TEST_CASE("ids reach to the finest zoom that 64 bits hold")
{
    int const zoom = hilbert::highest_order;
    TileIndex const last{(std::int64_t{1} << zoom) - 1, 0};
    CHECK(hilbert::tile_id(zoom, last) == hilbert::first_id(zoom + 1) - 1);
    CHECK(hilbert::zoom_of(hilbert::tile_id(zoom, last)) == zoom);
    CHECK(hilbert::first_id(zoom + 1) == 6148914691236517205U); // (4^32 - 1) / 3
}
