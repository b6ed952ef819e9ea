// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/atomic_file.hpp"
#include "pyramid/grid/tile_matrix_set_library.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cmath>

using namespace ardoise;
using Catch::Contains;
using test::failure_text;

namespace {

TileMatrixSetLibrary const library;

TileMatrixSet parse(std::string const& text, char const* id = "X")
{
    auto const json = parse_json(text, "X.json");
    return parse_tile_matrix_set(JsonReader{json, "X.json"}, id);
}

std::string matrix(std::string const& changes = "")
{
    return R"({"id":"0","cellSize":10,"pointOfOrigin":[0,1000],"tileWidth":256,"tileHeight":256,"matrixWidth":4,)"
           R"("matrixHeight":3)" +
           changes + "}";
}

} // namespace

TEST_CASE("every shipped set loads, halves exactly, and keeps one corner")
{
    CHECK(TileMatrixSetLibrary::shipped().size() == 8);
    for (auto const& id : TileMatrixSetLibrary::shipped()) {
        INFO(id);
        auto const set = library.get(id);
        CHECK(set->id == id);
        for (std::size_t i = 1; i < set->matrices.size(); ++i) {
            CHECK(is_parent(set->matrices[i - 1], set->matrices[i]));
            CHECK(set->matrices[i - 1].cell_size == 2 * set->matrices[i].cell_size);
            CHECK(set->matrices[i].origin_x == set->matrices[0].origin_x);
            CHECK(set->matrices[i].origin_y == set->matrices[0].origin_y);
        }
    }
}

TEST_CASE("shipped sets have the published figures")
{
    struct {
        char const *set, *matrix;
        double cell_size, scale_denominator;
        std::int64_t width, height;
    } const rows[] = {{"PM", "0", 156543.033928041, 559082264.028718, 1, 1},
                      {"PM", "17", 1.19432856695588, 4265.45916769957, 131072, 131072},
                      {"PM_5cm", "22", 0.0373227677173712, 133.295598990611, 4194304, 4194304},
                      {"WebMercatorQuad", "24", 0.009330691929342804, 33.32389974765268, 16777216, 16777216},
                      {"2154_5cm", "22", 0.05, 178.571428571429, 100800, 840818},
                      {"2154_10cm", "21", 0.1, 357.142857142857, 50400, 420409},
                      {"4326", "0", 0.703125, 279541132.0143589, 2, 1},
                      {"WorldCRS84Quad", "17", 5.36441802978515e-06, 2132.729583849784, 262144, 131072}};
    for (auto const& row : rows) {
        INFO(row.set << " " << row.matrix);
        auto const set = library.get(row.set);
        auto const* found = set->find(row.matrix);
        REQUIRE(found);
        CHECK(found->cell_size == Approx(row.cell_size).epsilon(1e-12));
        CHECK(found->scale_denominator(set->crs) == Approx(row.scale_denominator).epsilon(1e-7));
        CHECK(found->matrix_width == row.width);
        CHECK(found->matrix_height == row.height);
    }
}

TEST_CASE("a matrix is the parent of one that halves it from the same corner; there halving is made exact")
{
    auto const matrix = [](double cell, double x) {
        return fmt::format(R"({{"id":"{0}","cellSize":{0:.15g},"pointOfOrigin":[{1},1000],"tileWidth":256,)"
                           R"("tileHeight":256,"matrixWidth":4,"matrixHeight":3}})",
                           cell, x);
    };
    auto const set =
        parse(fmt::format(R"({{"crs":"EPSG:2154","tileMatrices":[{},{},{},{}]}})",
                          matrix(5.00000000000001, 0), matrix(2.5, 0), matrix(1, 0), matrix(0.5, 0.25)));
    CHECK(is_parent(set.matrices[0], set.matrices[1]));
    CHECK_FALSE(is_parent(set.matrices[1], set.matrices[2]));
    CHECK_FALSE(is_parent(set.matrices[2], set.matrices[3])); // its corner lies half a cell aside
    CHECK(set.matrices[0].cell_size == 5);
    CHECK(set.matrices[1].cell_size == 2.5);
}

TEST_CASE("cell sizes of a few digits are no halving where they would move tiles")
{
    auto const set = [](std::int64_t columns) {
        auto const matrix = [&](double cell) {
            return fmt::format(R"({{"id":"{0}","cellSize":{0},"pointOfOrigin":[0,1000],"tileWidth":256,)"
                               R"("tileHeight":256,"matrixWidth":{1},"matrixHeight":3}})",
                               cell, columns);
        };
        return parse(
            fmt::format(R"({{"crs":"EPSG:2154","tileMatrices":[{},{}]}})", matrix(0.21161), matrix(0.1058)));
    };
    auto const small = set(4), large = set(400);
    CHECK(is_parent(small.matrices[0], small.matrices[1]));
    CHECK_FALSE(is_parent(large.matrices[0], large.matrices[1]));
    CHECK(large.matrices[0].cell_size == 0.21161);
}

TEST_CASE("a tile's box covers just that tile")
{
    for (auto const& id : TileMatrixSetLibrary::shipped()) {
        auto const set = library.get(id);
        for (auto const& level : set->matrices)
            for (TileIndex const tile :
                 {TileIndex{0, 0}, TileIndex{level.matrix_width - 1, level.matrix_height - 1},
                  TileIndex{level.matrix_width / 2, level.matrix_height / 3}}) {
                INFO(id << " " << level.id << " " << tile.col << " " << tile.row);
                CHECK(tiles_covering(level, extent(level, tile)) ==
                      TileRange{tile, {tile.col + 1, tile.row + 1}});
            }
    }
}

TEST_CASE("tiles covering a box are clamped to the matrix")
{
    auto const set = parse(R"({"id":"X","crs":"EPSG:2154","tileMatrices":[)" + matrix() + "]}");
    auto const& level = set.matrices[0];
    CHECK(tiles_covering(level, {-1e9, -1e9, 1e9, 1e9}) == level.range());
    CHECK(tiles_covering(level, {-1e300, -1e300, 1e300, 1e300}) == level.range());
    CHECK(tiles_covering(level, {20000, 0, 30000, 10}).empty());
    CHECK(tiles_covering(level, {5, 5, 5, 10}).empty());
    CHECK(tiles_covering(level, {0, 999, 1, 1000}) == TileRange{{0, 0}, {1, 1}});
    CHECK(tiles_covering(level, {2559.9, 900, 2560.1, 1000}) == TileRange{{0, 0}, {2, 1}});
}

TEST_CASE("both forms of JSON give the same set")
{
    auto const rok4 =
        parse(R"({"crs":"EPSG:2154","orderedAxes":["X","Y"],"tileMatrices":[)" + matrix() + "]}", "A");
    auto const ogc =
        parse(R"({"id":"A","crs":"http://www.opengis.net/def/crs/EPSG/0/2154","orderedAxes":["X","Y"],)"
              R"("tileMatrices":[)" +
                  matrix(R"(,"cornerOfOrigin":"topLeft","scaleDenominator":35714.28)") + "]}",
              "B");
    CHECK(rok4.id == ogc.id);
    CHECK(rok4.crs == ogc.crs);
    CHECK(rok4.matrices[0].origin_y == ogc.matrices[0].origin_y);
}

TEST_CASE("the OGC's form puts latitude first where the axes say so")
{
    auto const set =
        parse(R"({"id":"X","crs":"http://www.opengis.net/def/crs/EPSG/0/4326","orderedAxes":["Lat","Lon"],)"
              R"("tileMatrices":[{"id":"0","cellSize":0.7,"pointOfOrigin":[90,-180],"tileWidth":256,)"
              R"("tileHeight":256,"matrixWidth":2,"matrixHeight":1}]})");
    CHECK(set.matrices[0].origin_x == -180);
    CHECK(set.matrices[0].origin_y == 90);
}

TEST_CASE("a set that lies is refused by the path of the lie")
{
    struct {
        char const *field, *lie;
    } const rows[] = {{"cellSize", "0"},
                      {"cellSize", "-1"},
                      {"matrixWidth", "0"},
                      {"tileWidth", "100000"},
                      {"pointOfOrigin", "[1]"},
                      {"cornerOfOrigin", "\"bottomLeft\""},
                      {"matrixHeight", "1.5"},
                      {"id", "7"},
                      {"id", "\"\""},
                      {"id", "\"/etc\""},
                      {"id", "\"../other\""},
                      {"id", "\".\""},
                      {"id", "\"two words\""},
                      {"id", "\"a\\nb\""},
                      {"variableMatrixWidths", "[{}]"}};
    for (auto const& [field, lie] : rows) {
        INFO(field << " " << lie);
        auto lying = parse_json(matrix(), "matrix");
        lying.set(field, parse_json(lie, "lie"));
        auto const set = Json::object({{"crs", "EPSG:2154"}, {"tileMatrices", Json::array({lying})}});
        CHECK_THAT(failure_text([&] { parse(set.text()); }),
                   Contains(fmt::format("tileMatrices[0].{}", field)));
    }
    CHECK_THAT(failure_text([] { parse(R"({"crs":"EPSG:2154","tileMatrices":[]})"); }),
               Contains("tileMatrices"));
    CHECK_THAT(failure_text([] { parse(R"({"tileMatrices":[]})"); }), Contains("crs"));
    CHECK_THAT(failure_text([] {
                   parse(R"({"crs":"EPSG:2154","tileMatrices":[)" + matrix() + "," + matrix() + "]}");
               }),
               Contains("twice"));
}

TEST_CASE("scale denominators give cell sizes where there are none")
{
    for (char const* crs : {"EPSG:2154", "EPSG:4326"}) {
        auto lean = parse_json(matrix(R"(,"scaleDenominator":1000)"), "matrix");
        lean.set("cellSize", Json{});
        auto const set = parse(Json::object({{"crs", crs}, {"tileMatrices", Json::array({lean})}}).text());
        CHECK(set.matrices[0].scale_denominator(set.crs) == Approx(1000));
        CHECK(set.matrices[0].cell_size == Approx(0.28 / set.crs.metres_per_unit()));
        lean.set("scaleDenominator", -5);
        CHECK_THAT(failure_text([&] {
                       parse(Json::object({{"crs", crs}, {"tileMatrices", Json::array({lean})}}).text());
                   }),
                   Contains("tileMatrices[0].scaleDenominator"));
        lean.set("scaleDenominator", Json{});
        CHECK_THAT(failure_text([&] {
                       parse(Json::object({{"crs", crs}, {"tileMatrices", Json::array({lean})}}).text());
                   }),
                   Contains("tileMatrices[0]") && Contains("neither \"cellSize\" nor \"scaleDenominator\""));
    }
}

TEST_CASE("all matrices that lie are named at once")
{
    auto wide = parse_json(matrix(), "matrix"), high = wide;
    wide.set("matrixWidth", 0);
    high.set("tileHeight", 100000);
    auto const set = Json::object(
        {{"crs", "EPSG:2154"}, {"tileMatrices", Json::array({wide, parse_json(matrix(), "matrix"), high})}});
    CHECK_THAT(failure_text([&] { parse(set.text()); }), Contains("tileMatrices[0].matrixWidth") &&
                                                             Contains("tileMatrices[2].tileHeight") &&
                                                             !Contains("tileMatrices[1]"));
}

TEST_CASE("a set that is not known is refused with the names of those that are")
{
    test::TemporaryFolder const folder;
    TileMatrixSetLibrary const with_folder{{folder.path()}};
    CHECK_THAT(failure_text([&] { with_folder.get("nope"); }),
               Contains("nope") && Contains("2154_5cm") && Contains("JSON"));
    for (auto const* sly : {"../PM", "/etc/passwd", "a/b", "", ".."})
        CHECK_THAT(failure_text([&] { with_folder.get(sly); }), Contains("not known"));
}

TEST_CASE("a set from a folder is found by the name of its file, and survives being written")
{
    test::TemporaryFolder const folder;
    auto const original = library.get("3947_5cm");
    auto copy = *original;
    copy.id = "mine";
    write_atomically(folder / "mine.json", to_json(copy).pretty_text());
    auto const read = TileMatrixSetLibrary{{folder.path()}}.get("mine");
    CHECK(read->crs == original->crs);
    REQUIRE(read->matrices.size() == original->matrices.size());
    for (std::size_t i = 0; i < read->matrices.size(); ++i) {
        CHECK(read->matrices[i].cell_size == original->matrices[i].cell_size);
        CHECK(read->matrices[i].matrix_height == original->matrices[i].matrix_height);
    }
}

TEST_CASE("ranges of tiles meet and join as sets do")
{
    TileRange const a{{0, 0}, {4, 4}}, b{{2, 3}, {9, 9}}, far{{20, 20}, {21, 21}};
    CHECK(intersect(a, b) == TileRange{{2, 3}, {4, 4}});
    CHECK(intersect(a, far).empty());
    CHECK(join(a, b) == TileRange{{0, 0}, {9, 9}});
    CHECK(join(TileRange{}, b) == b);
    CHECK(a.contains({3, 3}));
    CHECK_FALSE(a.contains({4, 3}));
}

TEST_CASE("boxes meet and join as sets do")
{
    BoundingBox const a{0, 0, 2, 2}, b{1, 1, 3, 3};
    CHECK(intersect(a, b) == BoundingBox{1, 1, 2, 2});
    CHECK(intersect(a, {5, 5, 6, 6}).empty());
    CHECK(join(a, b) == BoundingBox{0, 0, 3, 3});
    CHECK(join(BoundingBox{}, b) == b);
}

TEST_CASE("a matrix is found by its own name, not by its number")
{
    auto const ten = [](char const* id) { return TileMatrix{.id = id, .cell_size = 10}; };
    TileMatrixSet const set{.id = "X",
                            .title = "",
                            .crs = Crs::from_definition("EPSG:3857"),
                            .matrices = {ten("1"), ten("0"), ten("02"), ten("coarse"), ten("4")}};
    for (auto const& matrix : set.matrices)
        CHECK(set.find(matrix.id) == &matrix);
    for (auto const* id : {"", "2", "3", "04", "+4", "5", "-1", "99999999999999999999", "coars", "Coarse"}) {
        INFO(id);
        CHECK(set.find(id) == nullptr);
    }
}
