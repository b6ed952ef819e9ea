// SPDX-License-Identifier: Apache-2.0
#include "pyramid/archive/pmtiles_directory.hpp"
#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/mapped_file.hpp"
#include "pyramid/raster/zlib.hpp"
#include "pyramid/store/checksums.hpp"
#include "tests/pyramid/archive/traveller.hpp"
#include "tests/support/failure_text.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;
using Catch::Contains;
using test::failure_text;

namespace {

/// A city around (17..22, 11..15) of level 5, one tile missing, in slabs of an odd size.
Pyramid paint_city(std::filesystem::path const& store, std::string const& format, std::int32_t slab = 3)
{
    return test::paint_pyramid(store,
                               {.name = "city",
                                .format = format,
                                .bottom = "5",
                                .bottom_tiles = {{17, 11}, {22, 15}},
                                .tiles_per_width = slab,
                                .tiles_per_height = slab},
                               [](std::size_t level, TileIndex tile) {
                                   return level == 5 && tile == TileIndex{19, 12}
                                              ? std::nullopt
                                              : std::optional{test::colour_of(level, tile)};
                               });
}

pmtiles::Header header_of(std::filesystem::path const& file)
{
    return pmtiles::decode_header(MappedFile{file}.bytes()).value();
}

std::vector<pmtiles::Entry> entries_in(MappedFile const& file, std::uint64_t offset, std::uint64_t length)
{
    return pmtiles::decode_directory(read_gzip(file.bytes().subspan(offset, length), 1 << 24).value());
}

} // namespace

TEST_CASE("tiles and limits come back from every archive as they left, byte for byte")
{
    for (std::string const archive : {"a.mbtiles", "a.pmtiles", "a/{z}/{x}/{y}", "a/{z}/{x}/{-y}.EXT"})
        for (auto const* format : {"TIFF_PNG_UINT8", "TIFF_JPG_UINT8", "TIFF_WEBP_UINT8"}) {
            INFO(archive << " " << format);
            test::TemporaryFolder const folder;
            auto const pyramid = paint_city(folder / "store", format);
            auto address = folder / archive;
            if (archive.ends_with("EXT"))
                address.replace_extension(pyramid.format.extension);
            auto const tiles = test::tiles_of(pyramid);
            auto const exported = test::export_to(address, pyramid);
            CHECK(exported.tiles == static_cast<std::int64_t>(tiles.size()));
            CHECK_FALSE(tiles.contains("5/19/12"));

            auto const imported = test::import_from(address, folder / "back", "city");
            CHECK(imported.tiles == exported.tiles);
            auto const back = test::pyramid_in(folder / "back", "city");
            CHECK(test::tiles_of(back) == tiles);
            CHECK(back.format == pyramid.format);
            CHECK(back.channels == 3);
            CHECK(back.set->id == "PM");
            REQUIRE(back.levels.size() == pyramid.levels.size());
            for (std::size_t i = 0; i < back.levels.size(); ++i) {
                CHECK(back.levels[i].id == pyramid.levels[i].id);
                CHECK(back.levels[i].limits == pyramid.levels[i].limits);
                CHECK(back.levels[i].tiles_per_width == 16);
            }
            CHECK(verify(back).damages.empty());
        }
}

TEST_CASE("what an archive says of itself goes through a store and comes out of the next")
{
    for (auto const* archive : {"a.mbtiles", "a.pmtiles", "a/{z}/{x}/{y}"}) {
        INFO(archive);
        test::TemporaryFolder const folder;
        auto const pyramid = paint_city(folder / "store", "TIFF_PNG_UINT8");
        ArchiveMetadata said;
        said.name = "A \"city\"";
        said.description = "made up";
        said.attribution = "© somebody";
        said.bounds = BoundingBox{20, 40, 21.5, 41.25};
        auto const address = folder / archive;
        test::export_to(address, pyramid, said);
        test::import_from(address, folder / "back", "city");
        auto const back = test::metadata_of(folder / "back", "city");
        CHECK(back.name == said.name);
        CHECK(back.description == said.description);
        CHECK(back.attribution == said.attribution);
        CHECK(back.bounds == said.bounds);
    }
}

TEST_CASE("vector tiles keep their gzip and their layers")
{
    test::TemporaryFolder const folder;
    Bytes zipped;
    append_gzip(zipped, as_bytes("\x1A\x05water"), 6);
    test::write_files(
        folder / "tiles",
        {{"1/0/1.pbf", std::string{as_text(zipped)}},
         {"0/0/0.pbf", std::string{as_text(zipped)}},
         {"metadata.json", R"({"format": "pbf", "json": "{\"vector_layers\":[{\"id\":\"water\"}]}"})"}});
    test::import_from(folder / "tiles/{z}/{x}/{y}", folder / "store", "water");
    auto const pyramid = test::pyramid_in(folder / "store", "water");
    CHECK(pyramid.format.name == "TIFF_PBF_MVT");
    CHECK_FALSE(read_json(folder / "store/water.json").find("raster_specifications"));
    int number = 0;
    for (auto const* archive : {"w.mbtiles", "w.pmtiles", "w/{z}/{x}/{y}.mvt"}) {
        INFO(archive);
        auto const address = folder / archive;
        auto const metadata = test::metadata_of(folder / "store", "water");
        test::export_to(address, pyramid, metadata);
        auto const name = "back" + std::to_string(number++);
        test::import_from(address, folder / name, "water");
        CHECK(test::tiles_of(test::pyramid_in(folder / name, "water")) == test::tiles_of(pyramid));
        CHECK(test::metadata_of(folder / name, "water").vector_layers.text() == R"([{"id":"water"}])");
    }
    CHECK(header_of(folder / "w.pmtiles").tile == pmtiles::Compression::gzip);
}

TEST_CASE("PMTiles takes vector tiles of one compression only")
{
    test::TemporaryFolder const folder;
    Bytes zipped;
    append_gzip(zipped, as_bytes("\x1A\x05water"), 6);
    test::write_files(folder / "tiles",
                      {{"0/0/0.pbf", std::string{as_text(zipped)}}, {"1/0/1.pbf", "\x1A\x05water"}});
    test::import_from(folder / "tiles/{z}/{x}/{y}", folder / "store", "mixed");
    auto const pyramid = test::pyramid_in(folder / "store", "mixed");
    CHECK_THAT(failure_text([&] { test::export_to(folder / "m.pmtiles", pyramid); }), Contains("tile 1/0/1"));
    CHECK(folder.listing().count("m.pmtiles") == 0);
    CHECK(test::export_to(folder / "m.mbtiles", pyramid).tiles == 2);
}

TEST_CASE("a PMTiles file is clustered, stores equal tiles once, and its counts are right")
{
    test::TemporaryFolder const folder;
    auto const pyramid = test::paint_pyramid(folder.path(), {}, [](std::size_t level, TileIndex tile) {
        return std::optional{test::colour_of(level == 3 ? 3 : 2, {tile.col / 8, tile.row / 8})};
    });
    auto const exported = test::export_to(folder / "one.pmtiles", pyramid);
    auto const header = header_of(folder / "one.pmtiles");
    CHECK(header.addressed_tiles == static_cast<std::uint64_t>(exported.tiles));
    CHECK(header.tile_contents == 2);
    CHECK(header.clustered);
    CHECK(header.internal == pmtiles::Compression::gzip);
    CHECK(header.tile == pmtiles::Compression::none);
    CHECK(header.type == pmtiles::TileType::png);
    CHECK(int{header.min_zoom} == 0);
    CHECK(int{header.max_zoom} == 3);
    CHECK(header.root.offset == pmtiles::header_bytes);
    CHECK(header.root.offset + header.root.length <= 16384);
    CHECK(header.leaves.length == 0);

    MappedFile const file{folder / "one.pmtiles"};
    CHECK(file.bytes().size() == header.leaves.offset);
    auto const entries = entries_in(file, header.root.offset, header.root.length);
    CHECK(entries.size() == header.tile_entries);
    CHECK(entries.front().offset == 0);
    std::uint64_t addressed = 0, written = 0;
    for (auto const& entry : entries) {
        CHECK(entry.offset <= written); // the next content, or one from before
        written = std::max(written, entry.offset + entry.length);
        addressed += entry.run_length;
    }
    CHECK(written == header.tiles.length);
    CHECK(addressed == header.addressed_tiles);
    // Tile 0/0/0, ids 1 to 4 and 5 to 20 are all there and look the same.
    CHECK(entries.front() == pmtiles::Entry{0, 0, entries.front().length, entries.front().run_length});
}

TEST_CASE("a root that is too large is put over leaves, and all tiles are found below them")
{
    test::TemporaryFolder const folder;
    std::map<std::string, std::string> files;
    // Contents whose sizes no compression foretells, at places that no run joins.
    std::uint32_t random = 1;
    for (int col = 0; col < 128; ++col)
        for (int row = 0; row < 128; ++row) {
            random = random * 1664525 + 1013904223;
            files[fmt::format("8/{}/{}.pbf", 2 * col, row + (random >> 31))] =
                "\x1A" + std::string(1 + (random >> 20) % 300, 'x') + std::to_string(random);
        }
    test::write_files(folder / "tiles", files);
    test::import_from(folder / "tiles/{z}/{x}/{y}", folder / "store", "many");
    auto const pyramid = test::pyramid_in(folder / "store", "many");
    test::export_to(folder / "many.pmtiles", pyramid);
    auto const header = header_of(folder / "many.pmtiles");
    CHECK(header.root.length <= pmtiles::most_root_bytes);
    REQUIRE(header.leaves.length > 0);
    MappedFile const file{folder / "many.pmtiles"};
    for (auto const& entry : entries_in(file, header.root.offset, header.root.length)) {
        CHECK(entry.is_leaf());
        CHECK(entries_in(file, header.leaves.offset + entry.offset, entry.length).front().tile_id ==
              entry.tile_id);
    }
    test::import_from(folder / "many.pmtiles", folder / "back", "many");
    CHECK(test::tiles_of(test::pyramid_in(folder / "back", "many")) == test::tiles_of(pyramid));
}

TEST_CASE("levels and a box choose what leaves")
{
    test::TemporaryFolder const folder;
    auto const pyramid = paint_city(folder / "store", "TIFF_PNG_UINT8");
    auto const box = extent(pyramid.matrix(pyramid.finest()), TileRange{{18, 12}, {20, 13}});
    auto const address = folder / "part/{z}/{x}/{y}";
    auto const report =
        export_pyramid(pyramid, {}, {.archive = address, .top = "4", .bottom = "5", .box = box},
                       [](std::int64_t, std::int64_t) {});
    CHECK(report.tiles == 2); // 4/9/6 and 5/18/12; 5/19/12 is not stored
    auto const listing = folder.listing();
    CHECK(listing.count("part/4/9/6.png") == 1);
    CHECK(listing.count("part/5/18/12.png") == 1);

    auto const nowhere = extent(pyramid.matrix(pyramid.finest()), TileRange{{0, 30}, {1, 31}});
    CHECK_THAT(failure_text([&] {
                   export_pyramid(pyramid, {},
                                  {.archive = folder / "x.pmtiles", .top = "5", .bottom = "", .box = nowhere},
                                  [](std::int64_t, std::int64_t) {});
               }),
               Contains("box"));
    // Coarse tiles reach far beyond the data: they are no reason to export a box beside it.
    CHECK_THAT(failure_text([&] {
                   export_pyramid(pyramid, {},
                                  {.archive = folder / "x.pmtiles",
                                   .top = "",
                                   .bottom = "",
                                   .box = BoundingBox{-100, -50, -99, -49},
                                   .box_crs = Crs::from_definition("EPSG:4326")},
                                  [](std::int64_t, std::int64_t) {});
               }),
               Contains("WGS 84") && Contains("from 11.25,11.178402 to 67.5,48.922499") &&
                   Contains("west,south"));
    for (auto const& [top, bottom] : {std::pair{"6", ""}, std::pair{"", "x"}, std::pair{"5", "4"}})
        CHECK(failure_text([&, &from = top, &to = bottom] {
                  export_pyramid(pyramid, {},
                                 {.archive = folder / "x.pmtiles", .top = from, .bottom = to, .box = {}},
                                 [](std::int64_t, std::int64_t) {});
              }) != "(no failure)");
    CHECK(folder.listing().count("x.pmtiles") == 0);
}

TEST_CASE("progress ends where everything was passed")
{
    test::TemporaryFolder const folder;
    auto const pyramid = paint_city(folder / "store", "TIFF_PNG_UINT8", 16);
    std::filesystem::remove(slab_file(pyramid.finest(), {1, 0}));
    std::int64_t last = 0, all = 0;
    export_pyramid(pyramid, {}, {.archive = folder / "a.pmtiles", .top = "", .bottom = "", .box = {}},
                   [&](std::int64_t done, std::int64_t total) {
                       CHECK(done > last);
                       last = done;
                       all = total;
                   });
    CHECK(last == all);
    CHECK(all > 20);
}

TEST_CASE("formats that archives do not carry, and grids that they do not know, are refused")
{
    test::TemporaryFolder const folder;
    for (auto const* format : {"TIFF_ZIP_UINT8", "TIFF_ZIP_FLOAT32", "TIFF_RAW_UINT16"}) {
        auto const pyramid =
            test::paint_pyramid(folder.path(), {.name = "raw", .format = format, .channels = 1});
        for (auto const* archive : {"x.mbtiles", "x.pmtiles", "x/{z}/{x}/{y}"})
            CHECK_THAT(failure_text([&] { test::export_to(folder / archive, pyramid); }), Contains(format));
    }
    auto const degrees = test::paint_pyramid(folder.path(), {.name = "degrees", .set = "4326"});
    for (auto const* archive : {"x.mbtiles", "x.pmtiles"})
        CHECK_THAT(failure_text([&] { test::export_to(folder / archive, degrees); }),
                   Contains("Web Mercator") && Contains("4326") && Contains("folder") &&
                       Contains("--tms WebMercatorQuad"));
    CHECK(test::export_to(folder / "tiles/{z}/{x}/{y}", degrees).tiles > 0);
    test::import_from(folder / "tiles/{z}/{x}/{y}", folder / "back", "degrees", "4326");
    CHECK(test::tiles_of(test::pyramid_in(folder / "back", "degrees")) == test::tiles_of(degrees));

    auto const png = test::paint_pyramid(folder.path(), {.name = "png"});
    CHECK_THAT(failure_text([&] { test::export_to(folder / "x/{z}/{x}/{y}.jpg", png); }), Contains(".png"));
    for (auto const& name : folder.listing())
        CHECK_FALSE(name.find("x.") == 0);
    CHECK(folder.listing().count("x") == 0);
}

TEST_CASE("what is there stays there unless it shall be overwritten")
{
    test::TemporaryFolder const folder;
    auto const pyramid = test::paint_pyramid(folder / "store", {});
    for (auto const* archive : {"x.mbtiles", "x.pmtiles", "x/{z}/{x}/{y}"}) {
        INFO(archive);
        auto const address = folder / archive;
        test::export_to(address, pyramid);
        CHECK_THAT(failure_text([&] { test::export_to(address, pyramid); }), Contains("there already"));
        bool const is_folder = address.filename() == "{y}";
        auto const message = failure_text([&] {
            export_pyramid(
                pyramid, {},
                {.archive = address, .top = {}, .bottom = {}, .box = {}, .overwrite = Overwrite::wanted},
                [](std::int64_t, std::int64_t) {});
        });
        CHECK((message == "(no failure)") != is_folder);
    }
    for (auto const& name : folder.listing())
        CHECK(name.find(".part") == std::string::npos);
}
