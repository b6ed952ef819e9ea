// SPDX-License-Identifier: Apache-2.0
#include "pyramid/archive/tile_folder.hpp"
#include "pyramid/base/atomic_file.hpp"
#include "pyramid/store/slab.hpp"
#include "tests/pyramid/archive/traveller.hpp"
#include "tests/support/failure_text.hpp"

#include <catch2/catch.hpp>

#include <array>

using namespace ardoise;
using Catch::Contains;
using test::failure_text;
using test::png_tile;

namespace {

/// Imports a folder of such files; what it says when it fails.
std::string refusal(std::map<std::string, std::string> const& files,
                    std::string const& pattern = "{z}/{x}/{y}", std::string const& set = "PM")
{
    test::TemporaryFolder const folder;
    test::write_files(folder / "tiles", files);
    auto const text = failure_text(
        [&] { test::import_from(folder.path() / "tiles" / pattern, folder / "store", "new", set); });
    CHECK((text == "(no failure)" || !std::filesystem::exists(folder / "store")));
    return text;
}

} // namespace

TEST_CASE("a folder is read by its pattern")
{
    CHECK(parse_folder_pattern("tiles/{z}/{x}/{y}")->root == "tiles");
    CHECK(parse_folder_pattern("/a/b/{z}/{x}/{-y}.jpg")->root == "/a/b");
    CHECK(parse_folder_pattern("/a/b/{z}/{x}/{-y}.jpg")->extension == "jpg");
    CHECK(parse_folder_pattern("{z}/{x}/{-y}.jpg")->rows == FolderPattern::Rows::from_bottom);
    CHECK(parse_folder_pattern("{z}/{x}/{y}")->root == ".");
    for (auto const* none : {"", "tiles", "tiles/", "tiles/{z}/{y}/{x}", "{x}/{y}", "{z}/{x}/{y}/",
                             "{z}/{x}/{y}png", "{z}/{x}/{y}.", "{z}/{x}/y", "a/{z}/b/{x}/{y}"})
        CHECK_FALSE(parse_folder_pattern(none));
}

TEST_CASE("a folder with other things beside its tiles is taken in")
{
    test::TemporaryFolder const folder;
    test::write_files(folder / "tiles", {{"2/1/0.png", png_tile()},
                                         {"2/1/0.png.aux.xml", "<x/>"},
                                         {"2/1/0.kml", "<kml/>"},
                                         {"2/3/3.png", png_tile()},
                                         {"2/doc/1.png", "not a tile"},
                                         {"4/9/7.png", png_tile()},
                                         {"leaflet.html", "<html>"},
                                         {"3/readme.txt", "no tile in here"}});
    auto const report = test::import_from(folder / "tiles/{z}/{x}/{y}", folder / "store", "new");
    CHECK(report.tiles == 3);
    CHECK(report.slabs == 2);
    auto const pyramid = test::pyramid_in(folder / "store", "new");
    REQUIRE(pyramid.levels.size() == 2);
    CHECK(pyramid.levels[0].limits == TileRange{{1, 0}, {4, 4}});
    CHECK(pyramid.levels[1].limits == TileRange{{9, 7}, {10, 8}});
    auto const list = read_text(folder / "store/new.list");
    CHECK_THAT(list, Contains("0/DATA/2/00/00/00.tif") && Contains("0/DATA/4/00/00/00.tif"));
    auto const recipe = read_json(folder / "store/new/recipe.json");
    auto const* archive = recipe.find("archive");
    REQUIRE(archive);
    CHECK(*archive->find("path")->as<std::string>() == folder / "tiles");
    CHECK(*archive->find("tiles")->as<std::int64_t>() == 3);
    CHECK(archive->find("modified"));
}

TEST_CASE("rows may count from the bottom")
{
    test::TemporaryFolder const folder;
    test::write_files(folder / "tiles", {{"2/1/0.png", png_tile()}});
    test::import_from(folder / "tiles/{z}/{x}/{-y}.png", folder / "store", "new");
    CHECK(test::tiles_of(test::pyramid_in(folder / "store", "new")).count("2/1/3") == 1);
}

TEST_CASE("slabs have the size that is asked for")
{
    test::TemporaryFolder const folder;
    test::write_files(folder / "tiles",
                      {{"3/1/0.png", png_tile()}, {"3/5/6.png", png_tile()}, {"3/2/5.png", png_tile()}});
    test::import_from(folder / "tiles/{z}/{x}/{y}", folder / "store", "new", "WebMercatorQuad", {3, 2});
    auto const pyramid = test::pyramid_in(folder / "store", "new");
    CHECK(pyramid.set->id == "WebMercatorQuad");
    CHECK(pyramid.finest().tiles_per_width == 3);
    CHECK(pyramid.finest().tiles_per_height == 2);
    CHECK(test::tiles_of(pyramid).size() == 3);
}

TEST_CASE("a pyramid has the channels that hold all of its tiles, and all of them can be decoded")
{
    test::TemporaryFolder const folder;
    test::write_files(folder / "tiles", {{"6/0/0.png", png_tile(256, 1)},
                                         {"6/20/0.png", png_tile(256, 3)},
                                         {"6/40/0.png", png_tile(256, 2)}});
    test::import_from(folder / "tiles/{z}/{x}/{y}", folder / "store", "new");
    auto const pyramid = test::pyramid_in(folder / "store", "new");
    CHECK(pyramid.channels == 4);
    CHECK(pyramid.nodata.size() == 4);
    auto const& level = pyramid.finest();
    struct {
        TileIndex tile;
        std::array<std::uint8_t, 4> first;
    } const rows[] = {{{0, 0}, {0, 0, 0, 255}}, {{20, 0}, {0, 0, 0, 255}}, {{40, 0}, {0, 0, 0, 0}}};
    for (auto const& [tile, first] : rows) {
        Slab const slab{slab_file(level, level.slab_of(tile)), 16, 16};
        auto const pixels =
            decode_tile(slab.tile(level.within_slab(tile)), pyramid.format, pyramid.tile_shape(level));
        CHECK(std::equal(first.begin(), first.end(), pixels.row(7)));
    }
}

TEST_CASE("an archive that lies is refused by its tile")
{
    auto const jpeg = std::string{as_text(jpeg::encode(Raster{{256, 256, 3, SampleType::uint8}}.view(), 80))};
    auto const deep = std::string{as_text(png::encode(Raster{{256, 256, 1, SampleType::uint16}}.view()))};
    CHECK_THAT(refusal({{"0/0/0.png", png_tile()}, {"1/1/0.png", jpeg}}), Contains("tile 1/1/0 is JPEG"));
    CHECK_THAT(refusal({{"0/0/0.jpg", png_tile()}}, "{z}/{x}/{y}.jpg"), Contains("tile 0/0/0 is PNG"));
    CHECK_THAT(refusal({{"0/0/0.png", "<html>Not found</html>"}}), Contains("first tile"));
    CHECK_THAT(refusal({{"0/0/0.png", png_tile()}, {"1/0/0.png", "<html>"}}),
               Contains("tile 1/0/0 is neither"));
    CHECK_THAT(refusal({{"0/0/0.png", png_tile(512)}}), Contains("512x512") && Contains("--tms"));
    CHECK_THAT(refusal({{"0/0/0.png", deep}}), Contains("16 bits"));
    CHECK_THAT(refusal({{"0/0/0.png", png_tile()}, {"1/0/1.png", ""}}), Contains("1/0/1.png"));
}

TEST_CASE("places that make no sense are refused")
{
    CHECK_THAT(refusal({{"2/4/0.png", png_tile()}}), Contains("2/4") && Contains("column"));
    CHECK_THAT(refusal({{"2/0/4.png", png_tile()}}), Contains("4.png") && Contains("row"));
    CHECK_THAT(refusal({{"2/-1/0.png", png_tile()}}), Contains("-1"));
    CHECK_THAT(refusal({{"2/0/-1.png", png_tile()}}), Contains("-1.png"));
    CHECK_THAT(refusal({{"99/0/0.png", png_tile()}}), Contains("99"));
    CHECK_THAT(refusal({{"-1/0/0.png", png_tile()}}), Contains("-1"));
    CHECK_THAT(refusal({{"2/1/1.png", png_tile()}, {"2/01/1.png", png_tile()}}),
               Contains("tile 2/1/1 is there twice"));
    CHECK_THAT(refusal({{"2/1/1.png", png_tile()}, {"2/1/1.webp", png_tile()}}), Contains("twice"));
    CHECK_THAT(refusal({{"2/1/1.kml", "x"}}), Contains("no tile"));
    CHECK_THAT(refusal({{"2/1/1.png", "x"}}, "{z}/{x}/{y}.jpg"), Contains("no tile"));
    CHECK_THAT(refusal({}), Contains("no folder"));
}

TEST_CASE("a name that is taken or will not do is refused before anything is read")
{
    test::TemporaryFolder const folder;
    write_atomically(folder / "there.json", "{}");
    CHECK_THAT(failure_text([&] { test::import_from("no.mbtiles", folder.path(), "there"); }),
               Contains("there.json"));
    CHECK_THAT(failure_text([&] { test::import_from("no.mbtiles", folder.path(), "../out"); }),
               Contains("name"));
    CHECK_THAT(failure_text([&] { test::import_from("no.mbtiles", folder.path(), "new"); }),
               Contains("no.mbtiles"));
    CHECK(folder.listing() == std::set<std::string>{"there.json"});
}

TEST_CASE("bounds are four numbers on the globe")
{
    CHECK(parse_bounds("-180.0,-85,180,85") == BoundingBox{-180, -85, 180, 85});
    CHECK(parse_bounds("1, 2, 3, 4") == BoundingBox{1, 2, 3, 4});
    for (auto const* none :
         {"", "1,2,3", "1,2,3,4,5", "1,2,3,x", "3,2,1,4", "-181,0,1,1", "0,0,1,91", "0,0,nan,1"})
        CHECK_FALSE(parse_bounds(none));
}

TEST_CASE("tiles of one slab that are too much for memory are refused with the remedy")
{
    test::TemporaryFolder const folder;
    test::write_files(folder / "tiles",
                      {{"3/1/0.png", png_tile()}, {"3/2/0.png", png_tile()}, {"3/5/6.png", png_tile()}});
    auto const said = [&](SlabSize slab) {
        ImportOptions options{.archive = folder / "tiles/{z}/{x}/{y}",
                              .store = folder / "store",
                              .name = "new",
                              .set = TileMatrixSetLibrary{}.get("PM"),
                              .slab = slab,
                              .most_held = 2 * png_tile().size()};
        return failure_text([&] { import_archive(options, [](std::int64_t, std::int64_t) {}); });
    };
    CHECK_THAT(said({16, 16}), Contains("{z}") && Contains("16x16") && Contains("smaller --slab"));
    CHECK_FALSE(std::filesystem::exists(folder / "store/new.json"));
    CHECK(said({4, 4}) == "(no failure)");
}
