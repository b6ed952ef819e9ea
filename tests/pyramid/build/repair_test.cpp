// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/atomic_file.hpp"
#include "pyramid/build/repair.hpp"
#include "pyramid/store/pyramid_lock.hpp"
#include "pyramid/store/revisions.hpp"
#include "tests/pyramid/build/town.hpp"
#include "tests/support/failure_text.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace ardoise;
using namespace ardoise::test;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;

void build_strip(TemporaryFolder const& folder, char const* format)
{
    fs::create_directories(folder / "dalles");
    for (int i = 0; i < 5; ++i)
        write_dalle(
            folder / fmt::format("dalles/{}.tif", i),
            {.left = left + 130.0 * i + 3.15, .top = top - 60.0 * i - 7.25, .width = 300, .height = 260});
    auto options = options_for(folder, format);
    options.slab_width = options.slab_height = 4;
    options.top = "12";
    run(std::move(options));
}

void flip_bit(fs::path const& file, std::uint64_t bit)
{
    std::fstream stream{file, std::ios::in | std::ios::out | std::ios::binary};
    stream.seekg(static_cast<std::streamoff>(bit / 8));
    char byte = 0;
    stream.get(byte);
    stream.seekp(static_cast<std::streamoff>(bit / 8));
    stream.put(static_cast<char>(byte ^ (1 << (bit % 8))));
}

/// A slab of base tiles that the middle of this dalle of a town lies in.
std::string slab_of_dalle(TemporaryFolder const& folder, int col, int row)
{
    auto const pyramid = read(folder);
    auto const& base = pyramid.finest();
    TileIndex const tile{33600 + static_cast<std::int64_t>((150.0 * col + 9) / 12.8),
                         413000 + static_cast<std::int64_t>((150.0 * row + 14) / 12.8)};
    return slab_file(base, base.slab_of(tile)).lexically_relative(pyramid.folder).string();
}

std::vector<SlabChecksum> repaired(TemporaryFolder const& folder)
{
    auto const pyramid = read(folder);
    auto const found = verify(pyramid);
    return repair(pyramid, found.damaged_files, TileMatrixSetLibrary{}, 2, std::uint64_t{1} << 30,
                  [](std::size_t, std::size_t) {});
}

} // namespace

TEST_CASE("a slab that was damaged or lost comes back to the byte, at every level and of every kind")
{
    for (char const* format : {"jpg", "zip"}) {
        TemporaryFolder const folder;
        build_strip(folder, format);
        auto const good = files_of(folder / "store");
        for (auto const& file : read_checksums(folder / "store/P/checksums.txt")) {
            INFO(format << " " << file.slab);
            auto const path = folder / "store/P" / file.slab;
            if (file.hash % 3 == 0)
                fs::remove(path);
            else
                flip_bit(path, file.hash % (8 * file.bytes));
            CHECK(verify(read(folder)).damaged_files == std::vector{file});
            CHECK(repaired(folder).empty());
            CHECK(files_of(folder / "store") == good);
        }
    }
}

TEST_CASE("many damages at once are repaired at once")
{
    TemporaryFolder const folder;
    build_strip(folder, "jpg");
    auto const good = files_of(folder / "store");
    for (auto const& file : read_checksums(folder / "store/P/checksums.txt"))
        fs::resize_file(folder / "store/P" / file.slab, file.bytes / 3);
    CHECK(repaired(folder).empty());
    CHECK(files_of(folder / "store") == good);
}

TEST_CASE("every single bit of a slab is watched")
{
    TemporaryFolder const folder;
    build_strip(folder, "jpg");
    auto const pyramid = read(folder);
    auto const checksums = read_checksums(pyramid.folder / checksums_file_name);
    auto const& file = checksums.front();
    // Header, tags, values of tags, offsets, sizes, first and last tile, padding, checksums.
    for (std::uint64_t const byte :
         {std::uint64_t{0}, std::uint64_t{9}, std::uint64_t{16}, std::uint64_t{30}, std::uint64_t{130},
          std::uint64_t{520}, std::uint64_t{1900}, std::uint64_t{2048}, std::uint64_t{2048 + 4 * 16},
          std::uint64_t{2176}, std::uint64_t{2200}, file.bytes / 2, file.bytes - 140, file.bytes - 9,
          file.bytes - 1})
        for (std::uint64_t const bit : {0, 7}) {
            INFO(byte << "." << bit);
            flip_bit(pyramid.folder / file.slab, 8 * byte + bit);
            CHECK(verify(pyramid).damaged_files == std::vector{file});
            flip_bit(pyramid.folder / file.slab, 8 * byte + bit);
        }
    CHECK(verify(pyramid).damages.empty());
}

TEST_CASE("what a repair leaves that was killed on its last step is cleared")
{
    TemporaryFolder const folder;
    build_strip(folder, "jpg");
    auto const good = files_of(folder / "store");
    clear_after_repair(read(folder));
    CHECK(files_of(folder / "store") == good);
    auto const left = folder / "store/.P.repairing";
    write_atomically(left / "recipe.json", read_text(folder / "store/P/recipe.json"));
    write_atomically(left / "DATA/22/a.tif", "made anew");
    clear_after_repair(read(folder));
    CHECK(files_of(folder / "store") == good);
    CHECK_FALSE(fs::exists(left));
}

TEST_CASE("an update that was killed is gone on with after a repair, and takes what the repair has mended")
{
    TemporaryFolder const folder;
    write_town(folder);
    run(options_for(folder, "jpg"));
    auto const good = slabs_of(folder / "store/P");
    for (int col = 0; col < 4; ++col)
        for (int row = 1; row < 3; ++row)
            write_dalle_at(folder, col, row, 45);
    struct Interruption {};
    std::size_t baked = 0;
    CHECK_THROWS_AS(update(prepared_update(folder),
                           [&](std::size_t, std::size_t) {
                               if (++baked == 3)
                                   throw Interruption{};
                           }),
                    Interruption);
    auto const done = files_of(folder / "store/.P.building");
    auto const untouched = slab_of_dalle(folder, 0, 0);
    flip_bit(folder / "store/P" / untouched, 30000);
    CHECK(repaired(folder).empty());
    CHECK(slabs_of(folder / "store/P") == good);
    CHECK(files_of(folder / "store/.P.building") == done);

    std::size_t first_seen = 0;
    update(prepared_update(folder), [&](std::size_t so_far, std::size_t) {
        if (first_seen == 0)
            first_seen = so_far;
    });
    CHECK(first_seen > 3);
    CHECK(slabs_of(folder / "store/P/r2") == built_anew(options_for(folder, "jpg")));
}

TEST_CASE("a slab that revisions share is mended in all of them, and shared again")
{
    TemporaryFolder const folder;
    write_town(folder);
    run(options_for(folder, "jpg"));
    for (double const brightness : {20.0, 40.0}) {
        write_dalle_at(folder, 3, 2, brightness);
        run_update(folder, {.descriptor = {}, .more_sources = {}, .keep = 3});
    }
    auto const good = files_of(folder / "store");
    auto const shared = slab_of_dalle(folder, 0, 0);
    auto const first = folder / "store/P" / shared, second = folder / "store/P/r2" / shared,
               third = folder / "store/P/r3" / shared;
    REQUIRE(fs::hard_link_count(third) == 3);
    flip_bit(third, 30000);
    // One of them was copied, and its copy has lost bytes of its own.
    auto const copied = read_text(second);
    fs::remove(second);
    write_atomically(second, copied.substr(100));
    CHECK(repaired(folder).empty());
    CHECK(files_of(folder / "store") == good);
    CHECK(fs::equivalent(first, third));
    CHECK(fs::equivalent(second, third));

    // A slab that is another one there is none of ours, whatever has become of it.
    auto const own = slab_of_dalle(folder, 3, 2);
    REQUIRE(read_text(folder / "store/P" / own) != read_text(folder / "store/P/r3" / own));
    flip_bit(folder / "store/P" / own, 30000);
    flip_bit(folder / "store/P/r3" / own, 30000);
    auto const damaged = read_text(folder / "store/P" / own);
    CHECK(repaired(folder).empty());
    CHECK(read_text(folder / "store/P" / own) == damaged);
    CHECK(verify(read(folder)).damages.empty());
}

TEST_CASE("a repair waits for who works on the pyramid, and notices that another revision was published")
{
    TemporaryFolder const folder;
    write_town(folder);
    run(options_for(folder, "jpg"));
    auto const before = read(folder);
    flip_bit(folder / "store/P" / slab_of_dalle(folder, 0, 0), 30000);
    auto const damaged = verify(before).damaged_files;
    auto const mend = [&] {
        repair(before, damaged, TileMatrixSetLibrary{}, 2, std::uint64_t{1} << 30,
               [](std::size_t, std::size_t) {});
    };
    {
        PyramidLock const working{folder / "store", "P"};
        CHECK_THAT(failure_text(mend), Contains("another process is working"));
    }
    write_dalle_at(folder, 3, 2, 20);
    run_update(folder);
    auto const updated = files_of(folder / "store");
    CHECK_THAT(failure_text(mend), Contains("another revision") && Contains("run the command again"));
    CHECK(files_of(folder / "store") == updated);
    publish_again(folder / "store", "P", 1);
    auto const second = read_revision(folder / "store", "P", 2, TileMatrixSetLibrary{});
    auto const back = files_of(folder / "store");
    CHECK_THAT(failure_text([&] {
                   repair(second, damaged, TileMatrixSetLibrary{}, 2, std::uint64_t{1} << 30,
                          [](std::size_t, std::size_t) {});
               }),
               Contains("another revision"));
    CHECK(files_of(folder / "store") == back);
}

TEST_CASE("sources that are no longer what they were repair nothing")
{
    TemporaryFolder const folder;
    build_strip(folder, "jpg");
    auto const file = read_checksums(folder / "store/P/checksums.txt").front();
    flip_bit(folder / "store/P" / file.slab, 20000);
    auto const damaged = files_of(folder / "store");
    for (int i = 0; i < 5; ++i)
        write_dalle(
            folder / fmt::format("dalles/{}.tif", i),
            {.left = left + 130.0 * i + 3.15, .top = top - 60.0 * i - 7.25, .width = 200, .height = 260});
    CHECK_THAT(failure_text([&] { repaired(folder); }), Contains(".tif") && Contains("ardoise update"));
    CHECK(files_of(folder / "store") == damaged);
}
