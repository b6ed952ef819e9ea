// SPDX-License-Identifier: Apache-2.0
#include "cache/slab_cache.hpp"
#include "pyramid/base/failure.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/painted_store.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <set>
#include <vector>

#include <unistd.h>

using namespace ardoise;

namespace {

std::vector<TileIndex> slabs_of(Level const& level)
{
    std::vector<TileIndex> slabs;
    auto const range = level.slabs();
    for (auto row = range.first.row; row < range.last.row; ++row)
        for (auto col = range.first.col; col < range.last.col; ++col)
            slabs.push_back({col, row});
    return slabs;
}

/// Where the slab's first stored tile lies, read from there.
Bytes read_from(FilePlace const& place, std::size_t size)
{
    Bytes bytes(size);
    REQUIRE(::pread(place.descriptor, bytes.data(), size, static_cast<off_t>(place.offset)) ==
            static_cast<ssize_t>(size));
    return bytes;
}

} // namespace

TEST_CASE("as many open slabs keep their descriptor as may, and its place holds the tile's bytes")
{
    test::TemporaryFolder const folder;
    auto const pyramid = test::paint_pyramid(folder.path(), {});
    auto const& level = pyramid.finest();
    auto const places = slabs_of(level);
    REQUIRE(places.size() == 4);
    SlabCache cache{100, 3};
    std::size_t kept = 0;
    for (auto const& place : places) {
        auto const slab = cache.open(1, pyramid, level, place);
        REQUIRE(slab);
        for (std::int64_t row = 0; row < level.tiles_per_height; ++row)
            for (std::int64_t col = 0; col < level.tiles_per_width; ++col) {
                auto const tile = slab->tile({col, row});
                if (auto const in_file = slab->place_of({col, row}); in_file && !tile.empty())
                    CHECK(read_from(*in_file, tile.size()) == Bytes(tile.begin(), tile.end()));
            }
        kept += slab->place_of({0, 0}) ? 1 : 0;
    }
    CHECK(kept == 3);
}

TEST_CASE("a slab knows which of its tiles were brought, and names its file where they cannot be")
{
    test::TemporaryFolder const folder;
    auto const pyramid = test::paint_pyramid(folder.path(), {});
    auto const& level = pyramid.finest();
    auto const place = slabs_of(level).front();
    SlabCache cache; // no descriptors: nothing is known of what is in memory
    CHECK_FALSE(cache.find(1, pyramid, level, place));
    auto const slab = cache.open(1, pyramid, level, place);
    CHECK(*cache.find(1, pyramid, level, place) == slab);
    std::vector<TileIndex> stored;
    for (std::int64_t row = 0; row < level.tiles_per_height; ++row)
        for (std::int64_t col = 0; col < level.tiles_per_width; ++col)
            if (slab->tile({col, row}).empty())
                CHECK(slab->is_at_hand({col, row}));
            else
                stored.push_back({col, row});
    REQUIRE(stored.size() > 1);
    CHECK_FALSE(slab->is_at_hand(stored[0]));
    slab->bring(stored[0]);
    CHECK(slab->is_at_hand(stored[0]));
    CHECK_FALSE(slab->is_at_hand(stored[1]));
    auto const file = slab_file(level, place);
    std::filesystem::resize_file(file, 0);
    CHECK_THAT(test::failure_text([&] { slab->bring(stored.back()); }),
               Catch::Contains(file.string()) && Catch::Contains("cannot be read"));
}

TEST_CASE("a link or a folder that leads nowhere is not a slab that holds nothing")
{
    test::TemporaryFolder const folder;
    auto const pyramid = test::paint_pyramid(folder.path(), {});
    auto const& level = pyramid.finest();
    auto const place = slabs_of(level).front();
    auto const file = slab_file(level, place);
    SlabCache cache;
    std::filesystem::rename(file, folder / "elsewhere");
    CHECK(cache.open(1, pyramid, level, place) == nullptr);
    std::filesystem::create_symlink(folder / "unmounted" / "slab.tif", file);
    CHECK_THAT(test::failure_text([&] { cache.open(2, pyramid, level, place); }),
               Catch::Contains(file.string()) && Catch::Contains("leads nowhere"));
    std::filesystem::remove(file);
    std::filesystem::create_symlink(folder / "elsewhere", file);
    CHECK(cache.open(2, pyramid, level, place)); // what failed was not remembered
    auto const above = file.parent_path();
    std::filesystem::remove_all(above);
    CHECK(cache.open(3, pyramid, level, place) == nullptr);
    std::ofstream{above} << "a file";
    CHECK_THAT(test::failure_text([&] { cache.open(4, pyramid, level, place); }),
               Catch::Contains("is no folder") || Catch::Contains("Not a directory"));
}

TEST_CASE("a file of zeros is no slab, whatever it would mean")
{
    test::TemporaryFolder const folder;
    auto const pyramid = test::paint_pyramid(folder.path(), {});
    auto const& level = pyramid.finest();
    auto const file = slab_file(level, slabs_of(level).front());
    auto const size = std::filesystem::file_size(file);
    std::filesystem::resize_file(file, 0);
    std::filesystem::resize_file(file, size);
    SlabCache cache;
    CHECK_THAT(test::failure_text([&] { cache.open(1, pyramid, level, slabs_of(level).front()); }),
               Catch::Contains(file.string()) && Catch::Contains("does not begin as a TIFF file"));
}

TEST_CASE("when a mapping has lost a page, slabs are opened anew")
{
    survive_shortened_files();
    test::TemporaryFolder const folder;
    auto const pyramid = test::paint_pyramid(folder.path(), {});
    auto const& level = pyramid.finest();
    auto const place = slabs_of(level).front();
    auto const file = slab_file(level, place);
    std::filesystem::copy_file(file, folder / "whole");
    SlabCache cache;
    auto const before = cache.open(1, pyramid, level, place);
    std::filesystem::resize_file(file, 0);
    CHECK(before->file_bytes()[100] == std::byte{0});
    CHECK_FALSE(cache.find(1, pyramid, level, place));
    std::filesystem::copy_file(folder / "whole", file, std::filesystem::copy_options::overwrite_existing);
    auto const after = cache.open(1, pyramid, level, place);
    REQUIRE(after);
    CHECK(after != before);
    CHECK(after->file_bytes()[0] == std::byte{'I'});
}

TEST_CASE("what is pushed out, or is no slab, gives its descriptor back")
{
    test::TemporaryFolder const folder;
    auto const pyramid = test::paint_pyramid(folder.path(), {});
    auto const& level = pyramid.finest();
    auto const places = slabs_of(level);
    SlabCache cache{100, 1};
    std::ofstream{slab_file(level, places[0]), std::ios::trunc} << "no slab";
    CHECK_THROWS_AS(cache.open(1, pyramid, level, places[0]), Failure);
    CHECK(cache.open(1, pyramid, level, places[1])->place_of({0, 0}));
    CHECK_FALSE(cache.open(1, pyramid, level, places[2])->place_of({0, 0}));

    std::shared_ptr<Slab const> survivor;
    {
        SlabCache small{0, 1}; // a shard keeps one
        survivor = small.open(1, pyramid, level, places[1]);
        CHECK(survivor->place_of({0, 0}));
        CHECK_FALSE(small.open(1, pyramid, level, places[2])->place_of({0, 0}));
    }
    survivor = nullptr; // after its cache: nothing is left to give back to
}

TEST_CASE("a slab is mapped once, and one that is not there is remembered as such")
{
    test::TemporaryFolder const folder;
    auto const pyramid = test::paint_pyramid(folder.path(), {});
    SlabCache slabs;
    auto const& level = pyramid.finest();
    auto const first = slabs.open(1, pyramid, level, {2, 1});
    REQUIRE(first);
    CHECK(slabs.open(1, pyramid, level, {2, 1}) == first);
    CHECK(slabs.open(1, pyramid, level, {9, 9}) == nullptr);
    CHECK(slabs.open_mask(1, pyramid, level, {2, 1}) == nullptr);
    CHECK(slabs.open(2, pyramid, level, {2, 1}) != first); // another publication
}

TEST_CASE("slabs of serials that are published no more are closed, and the others stay open")
{
    test::TemporaryFolder const folder;
    auto const pyramid = test::paint_pyramid(folder.path(), {});
    SlabCache slabs;
    auto const& level = pyramid.finest();
    std::weak_ptr<Slab const> const past = slabs.open(1, pyramid, level, {2, 1});
    std::weak_ptr<Slab const> const present = slabs.open(2, pyramid, level, {2, 1});
    auto const in_use = slabs.open(3, pyramid, level, {2, 1});
    slabs.close_all_but({2});
    CHECK(past.expired());
    CHECK_FALSE(present.expired());
    CHECK(slabs.open(2, pyramid, level, {2, 1}) == present.lock());
    CHECK(in_use.use_count() == 1); // whoever still sends from it has it, and nobody else
}

TEST_CASE("keys that differ in one thing have hashes that differ")
{
    std::set<std::size_t> hashes;
    std::size_t keys = 0;
    for (std::uint64_t serial = 1; serial < 4; ++serial)
        for (std::uint32_t level = 0; level < 23; ++level)
            for (bool const mask : {false, true})
                for (std::int64_t col = 0; col < 10; ++col)
                    for (std::int64_t row = 0; row < 10; ++row, ++keys)
                        hashes.insert(SlabKeyHash{}({serial, level, mask, {col, row}}));
    CHECK(hashes.size() == keys);
}

TEST_CASE("a slab that cannot be seen is a failure, not one that holds nothing")
{
    test::TemporaryFolder const folder;
    auto const pyramid = test::paint_pyramid(folder.path(), {});
    auto const& level = pyramid.finest();
    std::filesystem::rename(level.directory, folder / "elsewhere");
    SlabCache slabs;
    CHECK_THROWS_AS(slabs.open(1, pyramid, level, {2, 1}), SlabsGone);
    CHECK_THAT(test::failure_text([&] {
                   slabs.open(1, pyramid, level, {2, 1});
               }),
               Catch::Contains("folder of its level"));
    std::filesystem::rename(folder / "elsewhere", level.directory);
    CHECK(slabs.open(1, pyramid, level, {2, 1}));
}

TEST_CASE("a level without a folder for masks has none, unless its slabs are gone as well")
{
    test::TemporaryFolder const folder;
    auto const pyramid = test::paint_pyramid(folder.path(), {.masked = true});
    auto const& level = pyramid.finest();
    CHECK(SlabCache{}.open_mask(1, pyramid, level, {2, 1}));
    std::filesystem::remove_all(*level.mask_directory);
    CHECK(SlabCache{}.open_mask(1, pyramid, level, {2, 1}) == nullptr);
    std::filesystem::remove_all(level.directory);
    CHECK_THROWS_AS(SlabCache{}.open_mask(1, pyramid, level, {2, 1}), SlabsGone);
}
