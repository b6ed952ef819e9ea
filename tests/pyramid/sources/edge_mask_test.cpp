// SPDX-License-Identifier: Apache-2.0
#include "pyramid/sources/edge_mask.hpp"
#include "pyramid/sources/source_reader.hpp"
#include "tests/support/dalle.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

using namespace ardoise;
using Catch::Contains;
using test::failure_text;

namespace {

std::vector<int> const rgb{1, 2, 3};

} // namespace

TEST_CASE("an edge of one value is no data, and the same value inside is")
{
    // A frame with a bay that winds inwards, wider than a word of the bitmap; a lake; a lake that touches the
    // outside at a corner only; a dark pixel whose blue is not 0.
    test::TemporaryFolder const folder;
    constexpr std::int32_t width = 200, height = 60;
    auto const black = [](std::int32_t x, std::int32_t y) {
        bool const frame = x < 5 || y >= 55;
        bool const bay =
            (y == 20 && x < 150) || (x == 149 && y >= 10 && y < 20) || (y == 10 && x >= 70 && x < 150);
        bool const lake = x >= 90 && x < 110 && y >= 40 && y < 45;
        bool const corner = x >= 5 && x < 9 && y >= 51 && y < 55 && !(x == 5 || y == 54);
        return std::array{frame || bay, lake || corner};
    };
    auto const file =
        test::write_dalle(folder / "a.tif", {.top = height, .pixel = 1, .width = width, .height = height},
                          [&](double x, double y, int band) {
                              auto const [outside, inside] =
                                  black(static_cast<std::int32_t>(x), static_cast<std::int32_t>(height - y));
                              return outside || inside ? 0 : band == 2 ? 9 : 0;
                          });
    SourceOptions options;
    options.nodata_edge = 0;
    auto const source = describe_source(file, options);
    SourceReader reader{options};
    CHECK_FALSE(reader.is_all_data(source, rgb));
    auto const raster = reader.read(source, {0, 0, width, height}, rgb);
    for (std::int32_t y = 0; y < height; ++y)
        for (std::int32_t x = 0; x < width; ++x)
            REQUIRE(raster.validity.row(y)[x] == (black(x, y)[0] ? 0 : 255));
    auto const part = reader.read(source, {60, 5, 100, 20}, rgb);
    CHECK(part.validity.row(5)[69 - 60] == 255);
    CHECK(part.validity.row(5)[70 - 60] == 0);
}

TEST_CASE("the edge is found as a flood from the border finds it, whatever the shapes")
{
    test::TemporaryFolder const folder;
    constexpr std::int32_t width = 131, height = 67;
    for (unsigned seed = 1; seed <= 6; ++seed) {
        std::vector<std::uint8_t> value(width * height);
        auto state = seed * 2654435761U;
        for (auto& one : value) {
            state = state * 1664525U + 1013904223U;
            one = (state >> 24) < 150 ? 1 : 0;
        }
        auto const file = test::write_dalle(
            folder / "a.tif", {.top = height, .pixel = 1, .width = width, .height = height, .bands = 1},
            [&](double x, double y, int) {
                return value[static_cast<std::size_t>(height - y) * width + static_cast<std::size_t>(x)];
            });
        std::vector<std::size_t> open;
        std::vector<bool> reached(value.size());
        auto const reach = [&](std::int32_t x, std::int32_t y) {
            if (x < 0 || y < 0 || x >= width || y >= height)
                return;
            auto const i = static_cast<std::size_t>(y * width + x);
            if (value[i] == 1 && !reached[i]) {
                reached[i] = true;
                open.push_back(i);
            }
        };
        for (std::int32_t x = 0; x < width; ++x)
            reach(x, 0), reach(x, height - 1);
        for (std::int32_t y = 0; y < height; ++y)
            reach(0, y), reach(width - 1, y);
        while (!open.empty()) {
            auto const x = static_cast<std::int32_t>(open.back() % width),
                       y = static_cast<std::int32_t>(open.back() / width);
            open.pop_back();
            reach(x - 1, y), reach(x + 1, y), reach(x, y - 1), reach(x, y + 1);
        }
        SourceOptions options;
        options.nodata_edge = 1;
        auto const raster =
            SourceReader{options}.read(describe_source(file, options), {0, 0, width, height}, std::vector{1});
        for (std::size_t i = 0; i < value.size(); ++i)
            REQUIRE(raster.validity.bytes()[i] == (reached[i] ? std::byte{0} : std::byte{255}));
    }
}

namespace {

constexpr std::int32_t framed_side = 96;

/// A black frame, 20 pixels wide at the top and wider below, around fields with a black pond.
std::array<bool, 2> frame_and_pond(std::int32_t x, std::int32_t y)
{
    return {x < 20 + y / 4 || y < 20, x >= 60 && x < 80 && y >= 40 && y < 60};
}

/// Valid pixels of the frame, and those of the fields and the pond that are not.
std::array<int, 2> mistakes_about_frame(std::filesystem::path const& file, double near)
{
    SourceOptions options;
    options.nodata_edge = 0;
    options.nodata_edge_near = near;
    auto const raster =
        SourceReader{options}.read(describe_source(file, options), {0, 0, framed_side, framed_side}, rgb);
    std::array<int, 2> mistakes{};
    for (std::int32_t y = 0; y < framed_side; ++y)
        for (std::int32_t x = 0; x < framed_side; ++x) {
            bool const valid = raster.validity.row(y)[x] != 0, frame = frame_and_pond(x, y)[0];
            mistakes[0] += frame && valid;
            mistakes[1] += !frame && !valid;
        }
    return mistakes;
}

} // namespace

TEST_CASE("the fringe that JPEG leaves around an edge is of the edge when it is near enough")
{
    test::TemporaryFolder const folder;
    auto const file = test::write_dalle(
        folder / "a.jpg", {.top = framed_side, .pixel = 1, .width = framed_side, .height = framed_side},
        [](double x, double y, int band) {
            auto const [frame, pond] =
                frame_and_pond(static_cast<std::int32_t>(x), static_cast<std::int32_t>(framed_side - y));
            return frame || pond ? 0 : 90 + 10 * band;
        });
    auto const [fringe, lost] = mistakes_about_frame(file, 0);
    CHECK(fringe > 50);
    CHECK(lost == 0);
    auto const [less_fringe, lost_then] = mistakes_about_frame(file, 15);
    CHECK(less_fringe * 4 < fringe);
    CHECK(lost_then == 0);
}

TEST_CASE("what is near to an edge's value reaches from one end to the other, and no further")
{
    test::TemporaryFolder const folder;
    auto const valid_with = [&](SampleType type, double value, double near) {
        auto const file = test::write_dalle(
            folder / "a.tif", {.top = 1, .pixel = 1, .width = 8, .height = 1, .bands = 1, .type = type},
            [](double x, double, int) { return 248 + std::floor(x); });
        SourceOptions options;
        options.nodata_edge = value;
        options.nodata_edge_near = near;
        auto const raster =
            SourceReader{options}.read(describe_source(file, options), {0, 0, 8, 1}, std::vector{1});
        std::string text;
        for (std::int32_t x = 0; x < 8; ++x)
            text += raster.validity.row(0)[x] != 0 ? '#' : '.';
        return text;
    };
    CHECK(valid_with(SampleType::uint8, 255, 0) == "#######.");
    CHECK(valid_with(SampleType::uint8, 255, 3) == "####....");
    CHECK(valid_with(SampleType::uint8, 250, 1.9) == "#...####");
    CHECK(valid_with(SampleType::uint16, 250, 1) == "#...####");
    CHECK(valid_with(SampleType::float32, 250.5, 0.5) == "##..####");
    CHECK(valid_with(SampleType::float32, 250.5, 0.4) == "########");
}

TEST_CASE("indices of a palette are not near to one another")
{
    test::TemporaryFolder const folder;
    auto const file = test::write_dalle(folder / "a.tif",
                                        {.width = 8, .height = 8, .bands = 1, .palette = {{1, 1, 1, 255}}},
                                        [](double, double, int) { return 0; });
    SourceOptions options;
    options.nodata_edge = 0;
    options.nodata_edge_near = 15;
    CHECK_THAT(failure_text([&] { describe_source(file, options); }),
               Contains("a.tif") && Contains("--nodata-edge-near"));
}

TEST_CASE("an edge value that the samples cannot have is a mistake")
{
    test::TemporaryFolder const folder;
    auto const file = test::write_dalle(folder / "a.tif", {.width = 8, .height = 8});
    SourceOptions options;
    options.nodata_edge = 256;
    CHECK_THAT(failure_text([&] { describe_source(file, options); }), Contains("--nodata-edge 256"));
}

TEST_CASE("an image too large to look for its edge, or a pattern in the place of one, is refused")
{
    test::TemporaryFolder const folder;
    SourceOptions options;
    options.nodata_edge = 0;
    auto const said = [&](std::filesystem::path const& file) {
        return failure_text([&] {
            SourceReader{options}.read(describe_source(file, options), {0, 0, 8, 8}, std::vector{1});
        });
    };
    auto const nothing_of = [&](int side) {
        auto const text = std::to_string(side);
        std::ofstream{folder / "large.vrt"}
            << "<VRTDataset rasterXSize=\"" << text << "\" rasterYSize=\"" << text
            << "\"><SRS>EPSG:2154</SRS><GeoTransform>0,1,0,0,0,-1</GeoTransform>"
               "<VRTRasterBand dataType=\"Byte\" band=\"1\"/></VRTDataset>";
        return folder / "large.vrt";
    };
    CHECK_THAT(said(nothing_of(50000)),
               Contains("large.vrt") && Contains("--nodata-edge") && Contains("mask"));
    CHECK(said(nothing_of(500)) == "(no failure)");
    auto const stripes = test::write_dalle(
        folder / "stripes.tif", {.top = 6000, .pixel = 1, .width = 6000, .height = 6000, .bands = 1},
        [](double x, double, int) { return static_cast<int>(x) % 2; });
    CHECK_THAT(said(stripes), Contains("stripes.tif") && Contains("pattern"));
}
