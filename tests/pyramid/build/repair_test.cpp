// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/atomic_file.hpp"
#include "pyramid/build/repair.hpp"
#include "tests/pyramid/build/small_builds.hpp"
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

TEST_CASE("what a repair leaves that was killed on its last step is cleared, and an update's work is not")
{
    TemporaryFolder const folder;
    build_strip(folder, "jpg");
    auto const good = files_of(folder / "store");
    auto const left = folder / "store/.P.building";
    clear_after_repair(read(folder));
    CHECK(files_of(folder / "store") == good);
    write_atomically(left / "recipe.json", read_text(folder / "store/P/recipe.json"));
    write_atomically(left / "DATA/22/a.tif", "made anew");
    clear_after_repair(read(folder));
    CHECK(files_of(folder / "store") == good);
    write_atomically(left / "recipe.json", "of other sources");
    clear_after_repair(read(folder));
    CHECK(fs::exists(left / "recipe.json"));
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
