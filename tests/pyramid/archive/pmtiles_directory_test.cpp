// SPDX-License-Identifier: Apache-2.0
#include "pyramid/archive/pmtiles_directory.hpp"
#include "tests/support/failure_text.hpp"

#include <catch2/catch.hpp>

#include <initializer_list>

using namespace ardoise;
using namespace ardoise::pmtiles;
using Catch::Contains;
using test::failure_text;

namespace {

Bytes bytes_of(std::initializer_list<int> values)
{
    Bytes bytes;
    for (int const value : values)
        bytes.push_back(static_cast<std::byte>(value));
    return bytes;
}

} // namespace

TEST_CASE("a directory is encoded as the specification's chapter 4.2 says")
{
    // Ids 5, 42, 69 (its example of deltas: 5, 37, 27); the second lies behind the first, the third does not.
    std::vector<Entry> const entries{{5, 1337, 42, 1}, {42, 1379, 300, 2}, {69, 0, 1, 0}};
    auto const expected = bytes_of({3,                //
                                    5, 37, 27,        // ids
                                    1, 2, 0,          // runs
                                    42, 0xAC, 2, 1,   // lengths: 300 is 0b10'0101100
                                    0xBA, 10, 0, 1}); // offsets: 1338 is 0b1010'0111010; contiguous; 0
    CHECK(encode_directory(entries) == expected);
    CHECK(decode_directory(expected) == entries);
}

TEST_CASE("the widest numbers survive")
{
    std::vector<Entry> const entries{{0, (std::uint64_t{1} << 61) - 1, 0xFFFFFFFF, 0xFFFFFFFF},
                                     {6148914691236517204U, 7, 1, 1}};
    CHECK(decode_directory(encode_directory(entries)) == entries);
}

TEST_CASE("a directory that makes no sense is refused")
{
    struct {
        char const* said;
        Bytes bytes;
    } const rows[] = {
        {"ends too early", {}},
        {"is empty", bytes_of({0})},
        {"declares 127 entries", bytes_of({127, 1, 1, 1, 1})},
        {"entries in", bytes_of({0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1})},
        {"beyond 64 bits", bytes_of({0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2})},
        {"beyond 64 bits", bytes_of({0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1})},
        {"ends too early", bytes_of({1, 0, 1, 1, 0x80})},
        {"tile 3 has no bytes", bytes_of({1, 3, 1, 0, 1})},
        {"follows another", bytes_of({1, 3, 1, 9, 0})},
        {"more bytes", bytes_of({1, 3, 1, 9, 1, 0})},
        {"tile 3 twice", bytes_of({2, 3, 0, 1, 1, 9, 9, 1, 1})},
        {"tile 5 twice", bytes_of({2, 3, 2, 3, 1, 9, 9, 1, 1})}, // 3, 4, 5 and 5
        {"tile 3 twice", bytes_of({2, 3, 0, 0, 0, 9, 9, 1, 1})}, // of leaves
        {"at most 4294967295", bytes_of({1, 3, 0x80, 0x80, 0x80, 0x80, 0x10, 9, 1})},
        {"at most 6148914691236517205",
         bytes_of({1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 1, 9, 1})},
        {"beyond zoom 31", bytes_of({1, 0xD5, 0xAA, 0xD5, 0xAA, 0xD5, 0xAA, 0xD5, 0xAA, 0x55, 1, 9, 1})},
    };
    for (auto const& [said, bytes] : rows) {
        INFO(said);
        CHECK_THAT(failure_text([&, &content = bytes] { decode_directory(content); }), Contains(said));
    }
}

TEST_CASE("the header stands to the byte where chapter 3.1 draws it")
{
    Header header;
    header.root = {127, 0x0102};
    header.metadata = {0x1122334455667788, 3};
    header.leaves = {4, 5};
    header.tiles = {6, 7};
    header.addressed_tiles = 8;
    header.tile_entries = 9;
    header.tile_contents = 10;
    header.clustered = true;
    header.internal = Compression::gzip;
    header.tile = Compression::none;
    header.type = TileType::webp;
    header.min_zoom = 11;
    header.max_zoom = 12;
    header.bounds = {-1.5, -0.0000001, 180, 85};
    header.center_zoom = 13;
    header.center_longitude = 2.3522219;
    header.center_latitude = 48.856614;
    auto const expected =
        bytes_of({'P',  'M',  'T',  'i',  'l',  'e',  's',  3,                              //
                  127,  0,    0,    0,    0,    0,    0,    0,    2,   1, 0, 0, 0, 0, 0, 0, // root
                  0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11, 3,   0, 0, 0, 0, 0, 0, 0, // metadata
                  4,    0,    0,    0,    0,    0,    0,    0,    5,   0, 0, 0, 0, 0, 0, 0, // leaves
                  6,    0,    0,    0,    0,    0,    0,    0,    7,   0, 0, 0, 0, 0, 0, 0, // tiles
                  8,    0,    0,    0,    0,    0,    0,    0,    9,   0, 0, 0, 0, 0, 0, 0, //
                  10,   0,    0,    0,    0,    0,    0,    0,                              //
                  1,    2,    1,    4,    11,   12,                       // C IC TC TT MinZ MaxZ
                  0x40, 0x1E, 0x1B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,         // -15,000,000; -1
                  0x00, 0xD2, 0x49, 0x6B, 0x80, 0xF8, 0xA9, 0x32,         // 1,800,000,000; 850,000,000
                  13,   0xAB, 0xEB, 0x66, 0x01, 0x7C, 0xED, 0x1E, 0x1D}); // 23,522,219; 488,566,140
    auto const bytes = encode_header(header);
    REQUIRE(expected.size() == 127);
    CHECK(bytes == expected);
    auto const back = decode_header(bytes);
    REQUIRE(back);
    CHECK(encode_header(*back) == bytes);
    CHECK(back->metadata == Section{0x1122334455667788, 3});
    CHECK(back->type == TileType::webp);
    CHECK(back->bounds.min_x == -1.5);
}

TEST_CASE("what is no header of version 3 is none")
{
    auto const good = encode_header({});
    CHECK(decode_header(good));
    CHECK_FALSE(decode_header(ByteView{good}.first(126)));
    auto version_2 = good;
    version_2[7] = std::byte{2};
    CHECK_FALSE(decode_header(version_2));
    auto foreign = good;
    foreign[0] = std::byte{'p'};
    CHECK_FALSE(decode_header(foreign));
}
