// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/atomic_file.hpp"
#include "pyramid/store/slab.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/painted_store.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <functional>

using namespace ardoise;
using Catch::Contains;
using test::failure_text;

namespace {

/// A good descriptor with one thing changed.
std::string refusal(test::TemporaryFolder const& folder, std::function<void(Json&)> const& change)
{
    test::paint_pyramid(folder.path(), {});
    auto json = read_json(folder / "painted.json");
    change(json);
    write_atomically(folder / "painted.json", json.text());
    return failure_text([&] { read_pyramid(folder / "painted.json", TileMatrixSetLibrary{}); });
}

Json changed_level(Json const& json, std::string_view field, Json value)
{
    auto level = (*json.find("levels")->as<Json::Array>())[0];
    level.set(field, std::move(value));
    return Json::array({level});
}

} // namespace

TEST_CASE("a pyramid survives being written and read")
{
    test::TemporaryFolder const folder;
    auto const pyramid = test::paint_pyramid(folder.path(), {});
    CHECK(pyramid.name == "painted");
    CHECK(pyramid.set->id == "PM");
    CHECK(pyramid.levels.size() == 4);
    CHECK(pyramid.levels.front().id == "0");
    CHECK(pyramid.finest().id == "3");
    CHECK(pyramid.finest().limits == TileRange{{4, 3}, {7, 6}});
    CHECK(pyramid.nodata == std::vector<double>{255, 255, 255});
    CHECK(pyramid.find_level("2") == &pyramid.levels[2]);
    CHECK(pyramid.find_level("9") == nullptr);
}

TEST_CASE("of values for no data there is one a channel, however many the descriptor has")
{
    test::TemporaryFolder const folder;
    test::paint_pyramid(folder.path(), {});
    auto const descriptor = folder / "painted.json";
    auto text = read_text(descriptor);
    std::string const three = "\"255,255,255\"";
    text.replace(text.find(three), three.size(), "\"1,2,3,4,5\"");
    write_atomically(descriptor, text);
    CHECK(read_pyramid(descriptor, TileMatrixSetLibrary{{}}).nodata == std::vector<double>{1, 2, 3});
}

TEST_CASE("every tile is found where the pyramid says it lies")
{
    test::TemporaryFolder const folder;
    for (std::int32_t const size : {1, 2, 3, 16}) {
        test::PaintedPyramid wanted;
        wanted.tiles_per_width = wanted.tiles_per_height = size;
        wanted.name = "p" + std::to_string(size);
        auto const pyramid = test::paint_pyramid(folder.path(), wanted);
        for (auto const& level : pyramid.levels)
            for (auto row = level.limits.first.row; row < level.limits.last.row; ++row)
                for (auto col = level.limits.first.col; col < level.limits.last.col; ++col) {
                    TileIndex const tile{col, row};
                    Slab const slab{slab_file(level, level.slab_of(tile)), level.tiles_per_width,
                                    level.tiles_per_height};
                    auto const pixels = decode_tile(slab.tile(level.within_slab(tile)), pyramid.format,
                                                    pyramid.tile_shape(level));
                    auto const colour = test::colour_of(level.matrix, tile);
                    CHECK(std::equal(colour.begin(), colour.end(), pixels.row(100)));
                }
    }
}

TEST_CASE("slabs of a level are those that its limits touch")
{
    Level level;
    level.tiles_per_width = level.tiles_per_height = 4;
    level.limits = {{3, 4}, {9, 8}};
    CHECK(level.slabs() == TileRange{{0, 1}, {3, 2}});
    CHECK(level.slab_of({7, 5}) == TileIndex{1, 1});
    CHECK(level.within_slab({7, 5}) == TileIndex{3, 1});
}

TEST_CASE("a descriptor that lies is refused by file and field")
{
    struct {
        char const* said;
        std::function<void(Json&)> change;
    } const rows[] = {
        {"format", [](Json& json) { json.set("format", "TIFF_GIF_UINT8"); }},
        {"format: expected a string", [](Json& json) { json.set("format", 3); }},
        {"tile matrix set \"NOPE\"", [](Json& json) { json.set("tile_matrix_set", "NOPE"); }},
        {"channels: is 9",
         [](Json& json) {
             json.set("raster_specifications", Json::object({{"channels", 9}}));
         }},
        {"nodata",
         [](Json& json) {
             json.set("raster_specifications", Json::object({{"channels", 3}, {"nodata", "1,2"}}));
         }},
        {"nodata",
         [](Json& json) {
             json.set("raster_specifications", Json::object({{"channels", 1}, {"nodata", "abc"}}));
         }},
        {"has no \"raster_specifications\"", [](Json& json) { json.set("raster_specifications", Json{}); }},
        {"levels: is empty", [](Json& json) { json.set("levels", Json::array()); }},
        {"levels: expected an array", [](Json& json) { json.set("levels", "all"); }},
        {"levels[0].id: \"99\" is no matrix",
         [](Json& json) { json.set("levels", changed_level(json, "id", "99")); }},
        {"levels[0].id: expected a string",
         [](Json& json) { json.set("levels", changed_level(json, "id", 0)); }},
        {"tiles_per_width: is 0",
         [](Json& json) { json.set("levels", changed_level(json, "tiles_per_width", 0)); }},
        {"tiles_per_height: is -2",
         [](Json& json) { json.set("levels", changed_level(json, "tiles_per_height", -2)); }},
        {"tile_limits: holds no tile",
         [](Json& json) {
             json.set("levels",
                      changed_level(
                          json, "tile_limits",
                          Json::object({{"min_row", 5}, {"max_row", 9}, {"min_col", 5}, {"max_col", 9}})));
         }},
        {"has no \"max_col\"",
         [](Json& json) {
             json.set("levels",
                      changed_level(json, "tile_limits",
                                    Json::object({{"min_row", 0}, {"max_row", 0}, {"min_col", 0}})));
         }},
        {"storage.type: \"S3\"",
         [](Json& json) {
             json.set("levels", changed_level(json, "storage", Json::object({{"type", "S3"}})));
         }},
        {"path_depth",
         [](Json& json) {
             json.set("levels",
                      changed_level(
                          json, "storage",
                          Json::object({{"type", "FILE"}, {"image_directory", "x"}, {"path_depth", 99}})));
         }},
    };
    for (auto const& row : rows) {
        test::TemporaryFolder const folder;
        auto const text = refusal(folder, row.change);
        CHECK_THAT(text, Contains("painted.json") || Contains("NOPE"));
        CHECK_THAT(text, Contains(row.said));
    }
}

TEST_CASE("a level that stands twice is refused")
{
    test::TemporaryFolder const folder;
    auto const said = refusal(folder, [](Json& json) {
        auto const level = (*json.find("levels")->as<Json::Array>())[0];
        json.set("levels", Json::array({level, level}));
    });
    CHECK_THAT(said, Contains("twice"));
}

TEST_CASE("limits beyond the matrix are clamped, as ROK4 does")
{
    test::TemporaryFolder const folder;
    test::paint_pyramid(folder.path(), {});
    auto json = read_json(folder / "painted.json");
    json.set("levels",
             changed_level(json, "tile_limits",
                           Json::object({{"min_row", -3}, {"max_row", 50}, {"min_col", 0}, {"max_col", 1}})));
    write_atomically(folder / "painted.json", json.text());
    auto const pyramid = read_pyramid(folder / "painted.json", TileMatrixSetLibrary{});
    CHECK(pyramid.levels[0].limits == TileRange{{0, 0}, {1, 1}});
}

TEST_CASE("a pyramid of vector tiles has no pixels to describe, and is read back")
{
    test::TemporaryFolder const folder;
    auto pyramid = test::paint_pyramid(folder.path(), {});
    pyramid.name = "vectors";
    pyramid.format = *find_tile_format("TIFF_PBF_MVT");
    auto const json = to_json(pyramid, Json::object({{"revision", 1}}));
    CHECK(json.find("raster_specifications") == nullptr);
    write_atomically(folder / "vectors.json", json.pretty_text());
    auto const back = read_pyramid(folder / "vectors.json", TileMatrixSetLibrary{});
    CHECK(back.format.name == "TIFF_PBF_MVT");
    CHECK(back.finest().limits == pyramid.finest().limits);
}

TEST_CASE("a pyramid covers the ground of its finest level, and where coarser ones reach further theirs")
{
    test::TemporaryFolder const folder;
    auto const ground = [&](std::optional<TileRange> bottom_limits) {
        test::PaintedPyramid wanted{.bottom_limits = bottom_limits};
        wanted.bottom = "4";
        wanted.bottom_tiles = {{4, 4}, {8, 8}};
        return test::paint_pyramid(folder.path(), wanted);
    };
    auto const whole = ground({});
    CHECK(whole.extent() == extent(whole.matrix(whole.finest()), whole.finest().limits));
    for (auto const& level : whole.levels) // coarse tiles reach beyond that, and mean nothing by it
        CHECK_FALSE(whole.is_partial(level));

    auto const partial = ground(TileRange{{4, 4}, {6, 6}});
    CHECK(partial.extent() == whole.extent());
    CHECK(partial.is_partial(partial.finest()));
    CHECK(partial.tiles_of_extent(partial.finest()) == whole.finest().limits);
    CHECK_FALSE(partial.is_partial(partial.levels[3]));

    auto const within_one = ground(TileRange{{4, 4}, {5, 8}}); // the parents of these are half of level 3
    CHECK(within_one.extent() == whole.extent());
}
