// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/atomic_file.hpp"
#include "pyramid/store/slab.hpp"
#include "pyramid/store/slab_path.hpp"
#include "pyramid/store/slab_writer.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>

#include <sys/stat.h>

using namespace ardoise;
using Catch::Contains;
using test::failure_text;

namespace {

SlabLayout layout_of(char const* format, std::int32_t channels, std::int32_t width = 4,
                     std::int32_t height = 2)
{
    SlabLayout layout;
    layout.format = *find_tile_format(format);
    layout.channels = channels;
    layout.tiles_per_width = width;
    layout.tiles_per_height = height;
    layout.left = 430000;
    layout.top = 6712000;
    layout.cell_size = 0.05;
    layout.epsg = 2154;
    return layout;
}

Bytes text_tile(std::string const& text)
{
    auto const bytes = as_bytes(text);
    return {bytes.begin(), bytes.end()};
}

/// Tiles "tile 0", "tile 1"..., each third one empty.
std::vector<Bytes> some_tiles(SlabLayout const& layout)
{
    std::vector<Bytes> tiles(layout.tile_count());
    for (std::size_t i = 0; i < tiles.size(); ++i)
        if (i % 3 != 2)
            tiles[i] = text_tile("tile " + std::to_string(i) + std::string(i, '!'));
    return tiles;
}

std::uint32_t u32(ByteView bytes, std::size_t at)
{
    return read_le<std::uint32_t>(bytes, at);
}

std::uint16_t u16(ByteView bytes, std::size_t at)
{
    return read_le<std::uint16_t>(bytes, at);
}

std::filesystem::path written(test::TemporaryFolder const& folder, Bytes const& bytes)
{
    write_atomically(folder / "slab.tif", as_text(bytes));
    return folder / "slab.tif";
}

} // namespace

TEST_CASE("every tile put into a slab comes out of it")
{
    test::TemporaryFolder const folder;
    auto const layout = layout_of("TIFF_PNG_UINT8", 3);
    auto const tiles = some_tiles(layout);
    Slab const slab{written(folder, assemble_slab(layout, tiles)), 4, 2};
    for (std::int64_t row = 0; row < 2; ++row)
        for (std::int64_t col = 0; col < 4; ++col) {
            auto const& expected = tiles[static_cast<std::size_t>(row * 4 + col)];
            auto const tile = slab.tile({col, row});
            CHECK(std::equal(tile.begin(), tile.end(), expected.begin(), expected.end()));
        }
    CHECK(slab.has_checksums());
    CHECK(slab.damages().empty());
}

TEST_CASE("ROK4's tags stand where ROK4's reader looks for them")
{
    struct {
        char const* format;
        std::int32_t channels;
        unsigned bits, compression, photometric, sample_format, extra_samples;
    } const rows[] = {{"TIFF_JPG_UINT8", 3, 8, 7, 6, 1, 0},    {"TIFF_PNG_UINT8", 1, 8, 8, 1, 1, 0},
                      {"TIFF_PNG_UINT8", 2, 8, 8, 1, 1, 2},    {"TIFF_PNG_UINT8", 4, 8, 8, 2, 1, 2},
                      {"TIFF_ZIP_FLOAT32", 1, 32, 8, 1, 3, 0}, {"TIFF_RAW_UINT8", 3, 8, 1, 2, 1, 0},
                      {"TIFF_LZW_UINT8", 3, 8, 5, 2, 1, 0},    {"TIFF_PKB_UINT8", 1, 8, 32773, 1, 1, 0},
                      {"TIFF_ZIP_UINT16", 1, 16, 8, 1, 1, 0}};
    for (auto const& row : rows) {
        INFO(row.format << " " << row.channels);
        auto const layout = layout_of(row.format, row.channels);
        auto const file = assemble_slab(layout, some_tiles(layout));
        CHECK(as_text(ByteView{file}.first(2)) == "II");
        CHECK(u16(file, 2) == 42);
        CHECK(u32(file, 4) == 16);
        CHECK(u16(file, 8) == row.bits);
        CHECK(u16(file, 18) == 256);
        CHECK(u32(file, 26) == 4 * 256);
        CHECK(u32(file, 38) == 2 * 256);
        CHECK(u16(file, 62) == row.compression);
        CHECK(u16(file, 74) == row.photometric);
        CHECK(u16(file, 86) == row.channels);
        CHECK(u32(file, 98) == 256);
        CHECK(u32(file, 110) == 256);
        CHECK(u32(file, 122) == 2048);
        CHECK(u32(file, 134) == 2048 + 4 * 8);
        if (row.extra_samples != 0) {
            CHECK(u16(file, 138) == 338);
            CHECK(u16(file, 146) == row.extra_samples);
            CHECK(u16(file, 158) == row.sample_format);
        } else {
            CHECK(u16(file, 138) == 339);
            CHECK(u16(file, 146) == row.sample_format);
        }
    }
}

TEST_CASE("a slab of vector tiles is ROK4's container: no picture, and an index")
{
    auto const layout = layout_of("TIFF_PBF_MVT", 1);
    auto const file = assemble_slab(layout, some_tiles(layout));
    CHECK(read_le<std::uint64_t>(file, 8) == 0);
    CHECK(u16(file, 16) == 5); // ROK4's four, and our checksums
    unsigned const tags[][2] = {{256, 1}, {257, 1}, {324, 2048}, {325, 2048 + 4 * 8}};
    for (std::size_t i = 0; i < std::size(tags); ++i) {
        CHECK(u16(file, 18 + 12 * i) == tags[i][0]);
        CHECK(u32(file, 18 + 12 * i + 8) == tags[i][1]);
    }
    test::TemporaryFolder const folder;
    Slab const slab{written(folder, file), 4, 2};
    CHECK(as_text(slab.tile({1, 0})) == "tile 1!");
    CHECK(slab.damages().empty());
}

TEST_CASE("tags ascend, as TIFF wants it")
{
    auto layout = layout_of("TIFF_ZIP_FLOAT32", 1);
    layout.nodata = -99999;
    auto const file = assemble_slab(layout, some_tiles(layout));
    unsigned last = 0;
    for (std::size_t i = 0; i < u16(file, 16); ++i) {
        auto const tag = u16(file, 18 + 12 * i);
        CHECK(tag > last);
        last = tag;
    }
    CHECK(last == slab::checksums_tag);
    CHECK(u32(file, 18 + 12 * std::size_t{u16(file, 16)}) == 0); // no further directory
}

TEST_CASE("the first tile stands right behind the index, whatever its length")
{
    for (std::int32_t const width : {1, 3, 4, 5}) {
        auto const layout = layout_of("TIFF_PNG_UINT8", 3, width, width);
        auto const count = layout.tile_count();
        CHECK(u32(assemble_slab(layout, some_tiles(layout)), 2048) == 2048 + 8 * count);
    }
}

TEST_CASE("tiles ascend on multiples of 16, the first right behind the index")
{
    auto const layout = layout_of("TIFF_PNG_UINT8", 3);
    auto const file = assemble_slab(layout, some_tiles(layout));
    CHECK(u32(file, 2048) == 2048 + 8 * 8);
    std::uint32_t last = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        auto const offset = u32(file, 2048 + 4 * i), size = u32(file, 2048 + 4 * (8 + i));
        if (i % 3 == 2) {
            CHECK(size == 0);
            continue;
        }
        CHECK(offset % 16 == 0);
        CHECK(offset > last);
        last = offset;
    }
}

TEST_CASE("a slab of one tile holds offset and size where ROK4 puts them")
{
    test::TemporaryFolder const folder;
    auto const layout = layout_of("TIFF_PNG_UINT8", 3, 1, 1);
    std::vector<Bytes> const tiles{text_tile("alone")};
    auto const file = assemble_slab(layout, tiles);
    CHECK(u32(file, 122) == 2056);
    CHECK(u32(file, 134) == 5);
    CHECK(u32(file, 2048) == 2056);
    CHECK(as_text(Slab{written(folder, file), 1, 1}.tile({0, 0})) == "alone");
}

TEST_CASE("the same tiles make the same bytes")
{
    auto const layout = layout_of("TIFF_JPG_UINT8", 3);
    CHECK(assemble_slab(layout, some_tiles(layout)) == assemble_slab(layout, some_tiles(layout)));
}

TEST_CASE("a flipped bit is found wherever it is")
{
    test::TemporaryFolder const folder;
    auto const layout = layout_of("TIFF_PNG_UINT8", 3);
    auto const good = assemble_slab(layout, some_tiles(layout));
    // Header, georeference, index, first tile, last tile, checksums.
    for (std::size_t const at :
         {std::size_t{30}, std::size_t{520}, std::size_t{2051}, std::size_t{2048 + 64 + 2},
          std::size_t{u32(good, 2048 + 4 * 7)} + 1, good.size() - 20}) {
        INFO("byte " << at);
        auto bad = good;
        bad[at] ^= std::byte{0x10};
        auto const said = failure_text([&] {
            if (Slab{written(folder, bad), 4, 2}.damages().empty())
                fail("(nothing found)");
        });
        CHECK(said != "(nothing found)");
    }
}

TEST_CASE("a file that is no slab is refused by name")
{
    test::TemporaryFolder const folder;
    auto const layout = layout_of("TIFF_PNG_UINT8", 3);
    auto const good = assemble_slab(layout, some_tiles(layout));
    for (std::size_t const size :
         {std::size_t{1}, std::size_t{2047}, std::size_t{2048 + 63}, std::size_t{2048 + 64 + 3}}) {
        auto const part = Bytes{good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)};
        CHECK_THAT(failure_text([&] { Slab(written(folder, part), 4, 2); }), Contains("slab.tif"));
    }
    auto wild = good;
    write_le(wild, 2048, std::uint32_t{0xfffffff0});
    CHECK_THAT(failure_text([&] { Slab(written(folder, wild), 4, 2); }), Contains("outside of the file"));
    write_le(wild, 2048, std::uint32_t{16}); // into the header
    CHECK_THAT(failure_text([&] { Slab(written(folder, wild), 4, 2); }), Contains("outside of the file"));
}

TEST_CASE("a tile's tag changes with its bytes only")
{
    test::TemporaryFolder const folder;
    auto const layout = layout_of("TIFF_PNG_UINT8", 3);
    auto tiles = some_tiles(layout);
    auto const before = Slab{written(folder, assemble_slab(layout, tiles)), 4, 2};
    tiles[0] = text_tile("something else, and longer");
    auto const after = Slab{written(folder, assemble_slab(layout, tiles)), 4, 2};
    CHECK(before.tag({0, 0}) != after.tag({0, 0}));
    CHECK(before.tag({1, 0}) == after.tag({1, 0}));
    CHECK(before.tag({0, 1}) == after.tag({0, 1}));
}

TEST_CASE("a slab without checksums has tags all the same")
{
    test::TemporaryFolder const folder;
    auto const layout = layout_of("TIFF_PNG_UINT8", 3);
    auto file = assemble_slab(layout, some_tiles(layout));
    write_le(file, 16,
             static_cast<std::uint16_t>(u16(file, 16) - 1)); // without our private tag, which comes last
    Slab const slab{written(folder, file), 4, 2};
    CHECK_FALSE(slab.has_checksums());
    CHECK(slab.tag({0, 0}) != slab.tag({1, 0}));
    CHECK(slab.damages().empty());
}

TEST_CASE("slab paths are those of ROK4")
{
    struct {
        TileIndex slab;
        int depth;
        char const* path;
    } const rows[] = {{{25, 195}, 2, "00/05/PF.tif"},
                      {{258, 181}, 2, "00/75/61.tif"},
                      {{272102, 61673}, 2, "51TB/YL/E5.tif"},
                      {{68025, 15418}, 2, "10GB/HW/LA.tif"},
                      {{0, 0}, 2, "00/00/00.tif"},
                      {{35, 1}, 0, "Z1.tif"},
                      {{272104, 61674}, 2, "51TB/YL/G6.tif"},
                      {{0, 0}, 4, "00/00/00/00/00.tif"}};
    for (auto const& [slab, depth, path] : rows) {
        CHECK(slab_path(slab, depth) == path);
        CHECK(parse_slab_path(path) == slab);
    }
}

TEST_CASE("paths that are none of a slab are told apart")
{
    for (auto const* path :
         {"00/0/00.tif", "00/00/0é.tif", "00/00/00.png", "", ".tif", "ab/cd/ef.tif", "../00.tif"})
        CHECK_FALSE(parse_slab_path(path));
}

TEST_CASE("an index that changes under a reader changes nothing for it")
{
    test::TemporaryFolder const folder;
    auto const layout = layout_of("TIFF_PNG_UINT8", 3);
    auto const file = written(folder, assemble_slab(layout, some_tiles(layout)));
    Slab const slab{file, 4, 2};
    auto const before = std::string{as_text(slab.tile({0, 0}))};
    std::fstream stream{file, std::ios::in | std::ios::out | std::ios::binary};
    stream.seekp(2048);
    std::string const wild(64, '\xff');
    stream.write(wild.data(), static_cast<std::streamsize>(wild.size()));
    stream.close();
    CHECK(std::string{as_text(slab.tile({0, 0}))} == before);
}

TEST_CASE("a slab that is shortened while it is mapped reads as zeros, and nobody dies")
{
    survive_shortened_files();
    test::TemporaryFolder const folder;
    auto const layout = layout_of("TIFF_RAW_UINT8", 1);
    std::vector<Bytes> tiles(layout.tile_count(), Bytes(65536, std::byte{7}));
    auto const file = written(folder, assemble_slab(layout, tiles));
    Slab const slab{file, 4, 2};
    std::filesystem::resize_file(file, 4096);
    auto const last = slab.tile({3, 1});
    CHECK(last.back() == std::byte{0});
}

TEST_CASE("a pipe in the place of a slab is refused, not waited for")
{
    test::TemporaryFolder const folder;
    REQUIRE(::mkfifo((folder / "slab.tif").c_str(), 0600) == 0);
    CHECK_THAT(failure_text([&] { Slab(folder / "slab.tif", 4, 2); }), Contains("is not a regular file"));
}
