// SPDX-License-Identifier: Apache-2.0
#include "pyramid/archive/hilbert.hpp"
#include "pyramid/archive/pmtiles.hpp"
#include "pyramid/archive/pmtiles_directory.hpp"
#include "pyramid/base/atomic_file.hpp"
#include "pyramid/raster/zlib.hpp"
#include "tests/pyramid/archive/traveller.hpp"
#include "tests/support/failure_text.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;
using namespace ardoise::pmtiles;
using Catch::Contains;
using test::failure_text;

namespace {

/// An archive put together by hand, without compression and in the usual order.
struct Made {
    std::vector<Entry> root;
    std::vector<std::vector<Entry>> leaves; // one behind another
    std::string tiles, metadata = "{}";
    Header header = [] {
        Header plain;
        plain.internal = Compression::none;
        plain.type = TileType::png;
        return plain;
    }();

    std::string text() const
    {
        auto complete = header;
        auto const root_text = encode_directory(root);
        Bytes leaf_text;
        for (auto const& leaf : leaves) {
            auto const one = encode_directory(leaf);
            leaf_text.insert(leaf_text.end(), one.begin(), one.end());
        }
        complete.root = {header_bytes, root_text.size()};
        complete.metadata = {complete.root.offset + complete.root.length, metadata.size()};
        complete.leaves = {complete.metadata.offset + complete.metadata.length, leaf_text.size()};
        complete.tiles = {complete.leaves.offset + complete.leaves.length, tiles.size()};
        return std::string{as_text(encode_header(complete))} + std::string{as_text(root_text)} + metadata +
               std::string{as_text(leaf_text)} + tiles;
    }
};

std::string refusal_of(std::string const& content, SlabSize slab = {})
{
    test::TemporaryFolder const folder;
    write_atomically(folder / "a.pmtiles", content);
    auto const text =
        failure_text([&] { test::import_from(folder / "a.pmtiles", folder / "store", "new", "PM", slab); });
    CHECK_FALSE((text != "(no failure)" && std::filesystem::exists(folder / "store")));
    if (text != "(no failure)")
        CHECK_THAT(text, Contains("a.pmtiles: "));
    return text;
}

std::map<std::string, std::string> imported(std::string const& content)
{
    test::TemporaryFolder const folder;
    write_atomically(folder / "a.pmtiles", content);
    test::import_from(folder / "a.pmtiles", folder / "store", "new");
    return test::tiles_of(test::pyramid_in(folder / "store", "new"));
}

std::uint32_t size_of(std::string const& text)
{
    return static_cast<std::uint32_t>(text.size());
}

} // namespace

TEST_CASE("runs, shared contents and leaves are followed to the tiles")
{
    auto const one = test::png_tile(256, 1), other = test::png_tile(256, 3);
    Made made;
    made.tiles = one + other;
    auto const here = [&](std::uint64_t id, std::uint32_t run) { return Entry{id, 0, size_of(one), run}; };
    auto const there = [&](std::uint64_t id) { return Entry{id, size_of(one), size_of(other), 1}; };
    made.leaves = {{here(5, 2), there(9)}, {here(84, 2)}};
    auto const first_leaf = static_cast<std::uint32_t>(encode_directory(made.leaves[0]).size());
    auto const second_leaf = static_cast<std::uint32_t>(encode_directory(made.leaves[1]).size());
    // The run from 0 goes on into zoom 1, that from 84 from zoom 3 (21 to 84) into zoom 4.
    made.root = {here(0, 3), there(4), {5, 0, first_leaf, 0}, {84, first_leaf, second_leaf, 0}};
    CHECK(imported(made.text()) == std::map<std::string, std::string>{{"0/0/0", one},
                                                                      {"1/0/0", one},
                                                                      {"1/0/1", one},
                                                                      {"1/1/0", other},
                                                                      {"2/0/0", one},
                                                                      {"2/1/0", one},
                                                                      {"2/0/2", other},
                                                                      {"3/7/0", one},
                                                                      {"4/0/0", one}});
}

TEST_CASE("a long run is one picture many times, and each slab has its part")
{
    auto const one = test::png_tile(256, 1);
    Made made;
    made.tiles = one;
    made.root = {{hilbert::first_id(5), 0, size_of(one), 1024}};
    auto const tiles = imported(made.text());
    CHECK(tiles.size() == 1024);
    CHECK(tiles.count("5/31/31") == 1);
}

TEST_CASE("directories in gzip are read, and what is no gzip is refused")
{
    auto const one = test::png_tile();
    Made made;
    made.tiles = one;
    made.root = {{0, 0, size_of(one), 1}};
    made.header.internal = Compression::gzip;
    CHECK_THAT(refusal_of(made.text()), Contains("cannot be decompressed"));
}

TEST_CASE("compressions and tiles that are not read are refused by their names")
{
    auto const one = test::png_tile();
    Made good;
    good.tiles = one;
    good.root = {{0, 0, size_of(one), 1}};
    CHECK(refusal_of(good.text()) == "(no failure)");
    struct {
        char const* said;
        std::function<void(Header&)> change;
    } const rows[] = {
        {"brotli", [](Header& header) { header.internal = Compression::brotli; }},
        {"zstd", [](Header& header) { header.internal = Compression::zstd; }},
        {"without a name", [](Header& header) { header.internal = Compression::unknown; }},
        {"brotli", [](Header& header) { header.tile = Compression::brotli; }},
        {"gzip once more", [](Header& header) { header.tile = Compression::gzip; }},
        {"AVIF", [](Header& header) { header.type = TileType::avif; }},
        {"type 6", [](Header& header) { header.type = TileType::mlt; }},
        {"tile 0/0/0 is PNG", [](Header& header) { header.type = TileType::mvt; }},
    };
    for (auto const& [said, change] : rows) {
        INFO(said);
        auto made = good;
        change(made.header);
        CHECK_THAT(refusal_of(made.text()), Contains(said));
    }
    good.header.type = TileType::unknown;
    CHECK(refusal_of(good.text()) == "(no failure)");
    good.metadata = "{\"name\": ";
    CHECK(refusal_of(good.text()) != "(no failure)");
}

TEST_CASE("directories that hold one another, overlap or promise what they do not hold are refused")
{
    auto const one = test::png_tile();
    auto const tile = [&](std::uint64_t id) { return Entry{id, 0, size_of(one), 1}; };
    struct {
        char const* said;
        std::vector<Entry> root;
        std::vector<std::vector<Entry>> leaves;
    } const rows[] = {
        {"deep", {{5, 0, 5, 0}}, {{{5, 0, 5, 0}}}},
        {"begins with tile 6", {{5, 0, 6, 0}}, {{tile(6)}}},
        {"tile 6 is there twice", {{5, 0, 9, 0}, tile(6)}, {{tile(5), tile(7)}}},
        {"a leaf directory should lie", {{5, 100, 9, 0}}, {{tile(5)}}},
        {"a tile should lie", {{5, 0, size_of(one) + 1, 1}}, {}},
        {"zoom 22", {tile(hilbert::first_id(22))}, {}},
    };
    for (auto const& [said, root, leaves] : rows) {
        INFO(said);
        Made made;
        made.tiles = one;
        made.root = root;
        made.leaves = leaves;
        // Each entry of a leaf directory says how long that is.
        for (auto& entry : made.root)
            if (entry.is_leaf())
                entry.length = static_cast<std::uint32_t>(encode_directory(leaves[0]).size());
        CHECK_THAT(refusal_of(made.text()), Contains(said));
    }
}

TEST_CASE("runs that no disk could hold tile by tile are refused before anything is written")
{
    Made made;
    made.tiles = test::png_tile();
    constexpr std::uint32_t longest = 0xFFFFFFFF;
    for (std::uint64_t run = 0; run < 400; ++run) // into zoom 21: more than a petabyte
        made.root.push_back({run * longest, 0, size_of(made.tiles), longest});
    CHECK_THAT(refusal_of(made.text()), Contains("has room for"));
}

TEST_CASE("an archive cut short anywhere is refused")
{
    auto const one = test::png_tile();
    Made made;
    made.tiles = one;
    made.root = {{0, 0, size_of(one), 1}};
    auto const whole = made.text();
    for (std::size_t const size :
         {std::size_t{1}, std::size_t{126}, std::size_t{127}, std::size_t{130}, whole.size() - 1})
        CHECK(refusal_of(whole.substr(0, size)) != "(no failure)");
    auto lying = whole;
    lying[15] = '\x7F'; // the root's offset, beyond any file
    CHECK_THAT(refusal_of(lying), Contains("root directory should lie"));
}

TEST_CASE("slabs that the curve does not fill one by one are refused with the reason")
{
    auto const one = test::png_tile();
    Made made;
    made.tiles = one;
    made.root = {{0, 0, size_of(one), 1}};
    CHECK(refusal_of(made.text(), {8, 8}) == "(no failure)");
    for (SlabSize const slab : {SlabSize{16, 8}, SlabSize{10, 10}})
        CHECK_THAT(refusal_of(made.text(), slab), Contains("Hilbert"));
}
