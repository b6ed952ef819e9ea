// SPDX-License-Identifier: Apache-2.0
#include "cache/tile_cache.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;

namespace {

MaskedRaster grey_tile()
{
    MaskedRaster tile;
    tile.pixels = Raster{{256, 256}};
    return tile;
}

} // namespace

TEST_CASE("a decoded tile is kept, each form for itself")
{
    TileCache cache{16 << 20};
    TileKey const key{1, 3, {5, 7}};
    int decoded = 0;
    auto const pixels = [&] {
        ++decoded;
        return grey_tile();
    };
    auto const planes = [&] {
        ++decoded;
        return std::optional{jpeg::Planes{256, 256}};
    };
    auto const validity = [&] {
        ++decoded;
        return Raster{};
    };
    for (int i = 0; i < 3; ++i) {
        CHECK(cache.pixels(key, pixels)->pixels.shape().width == 256);
        CHECK(cache.planes(key, planes)->width == 256);
        CHECK(cache.validity(key, validity)->validity.empty());
    }
    CHECK(decoded == 3);
    CHECK(cache.bytes() >= 256 * 256 * 5 / 2);
    CHECK(cache.counts().hits == 6);
}

TEST_CASE("that a tile has no planes is kept as well")
{
    TileCache cache{16 << 20};
    int decoded = 0;
    for (int i = 0; i < 3; ++i)
        CHECK(cache.planes({1, 0, {0, 0}}, [&] {
            ++decoded;
            return std::optional<jpeg::Planes>{};
        }) == nullptr);
    CHECK(decoded == 1);
}

TEST_CASE("tiles of other publications, levels and places are other tiles")
{
    TileCache cache{64 << 20};
    int decoded = 0;
    for (auto const& key : {TileKey{1, 0, {0, 0}}, TileKey{2, 0, {0, 0}}, TileKey{1, 1, {0, 0}},
                            TileKey{1, 0, {1, 0}}, TileKey{1, 0, {0, 1}}})
        cache.pixels(key, [&] {
            ++decoded;
            return grey_tile();
        });
    CHECK(decoded == 5);
}

TEST_CASE("decoded tiles take no more memory than they are given, and with none nothing is kept")
{
    for (std::size_t const bytes : {std::size_t{0}, std::size_t{4} << 20}) {
        TileCache cache{bytes};
        for (std::int64_t col = 0; col < 500; ++col)
            cache.pixels({1, 0, {col, 0}}, grey_tile);
        CHECK(cache.bytes() <= bytes);
        CHECK((bytes == 0 || cache.bytes() > bytes / 2));
    }
}

TEST_CASE("by default decoded tiles get 64 MB at the least")
{
    CHECK(fitting_tile_cache_bytes() >= std::size_t{64} << 20);
}
