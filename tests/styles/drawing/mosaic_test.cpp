// SPDX-License-Identifier: Apache-2.0
#include "styles/drawing/mosaic.hpp"
#include "tests/support/painted_store.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;

namespace {

/// What lies under one tile.
LevelWindow window_of(TileIndex tile)
{
    return {tile.col * 256, tile.row * 256, 256, 256};
}

} // namespace

TEST_CASE("a mask that says that all of its tile is data is as good as none, and is not kept")
{
    test::TemporaryFolder const folder;
    auto const pyramid = test::paint_pyramid(folder.path(), {.format = "TIFF_JPG_UINT8", .masked = true});
    CachedPyramid const cached{pyramid, 1};
    auto const& level = pyramid.finest();
    constexpr TileIndex with_disc{4, 4}, with_whole_mask{4, 3}, without_mask{5, 4};
    constexpr std::size_t planes = 256 * 256 * 3 / 2, entries = 4096;

    Caches with_holes;
    CHECK_FALSE(mosaic_of_planes(cached, level, window_of(with_disc), with_holes));
    CHECK_FALSE(mosaic(cached, level, window_of(with_disc), with_holes).validity.empty());
    for (auto const tile : {with_whole_mask, without_mask}) {
        Caches caches;
        REQUIRE(mosaic_of_planes(cached, level, window_of(tile), caches));
        CHECK(caches.tiles.bytes() < planes + entries);
        CHECK(mosaic(cached, level, window_of(tile), caches).validity.empty());
    }
}
