// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/atomic_file.hpp"
#include "pyramid/build/recipe.hpp"
#include "tests/pyramid/build/small_builds.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

using namespace ardoise;
using namespace ardoise::test;

TEST_CASE("base tiles are the sources' own pixels when both grids are one")
{
    test::TemporaryFolder const folder;
    write_dalles(folder, 3, 2, {.width = 300, .height = 280});
    run(options_for(folder));
    auto const pyramid = read(folder);
    auto const base = level_pixels(pyramid, pyramid.finest());
    CHECK(pyramid.finest().id == "22");
    for (std::int32_t y = 5; y < 5 + 560; y += 7)
        for (std::int32_t x = 3; x < 3 + 900; x += 7) {
            REQUIRE(base.validity.row(y)[x] == 255);
            for (int band = 0; band < 3; ++band)
                REQUIRE(base.pixels.row(y)[3 * x + band] ==
                        static_cast<std::uint8_t>(
                            std::lround(test::hills(left + (x + 0.5) * 0.05, top - (y + 0.5) * 0.05, band))));
        }
    CHECK(base.validity.row(4)[100] == 0);
    CHECK(base.validity.row(100)[2] == 0);
    CHECK(base.validity.row(565)[100] == 0);
}

TEST_CASE("each parent is the weighted mean of its children")
{
    test::TemporaryFolder const folder;
    write_dalles(folder, 2, 2, {.width = 333, .height = 290});
    run(options_for(folder));
    auto const pyramid = read(folder);
    for (std::size_t i = 1; i < pyramid.levels.size(); ++i) {
        auto const &coarse = pyramid.levels[i - 1], &fine = pyramid.levels[i];
        auto const parent = level_pixels(pyramid, coarse);
        auto const children = level_pixels(pyramid, fine);
        auto const shift_x =
            static_cast<std::int32_t>((fine.limits.first.col - 2 * coarse.limits.first.col) * 256);
        auto const shift_y =
            static_cast<std::int32_t>((fine.limits.first.row - 2 * coarse.limits.first.row) * 256);
        for (std::int32_t y = 0; y < children.pixels.shape().height / 2; y += 3)
            for (std::int32_t x = 0; x < children.pixels.shape().width / 2; x += 3) {
                double weight = 0, sum = 0;
                for (int k = 0; k < 4; ++k) {
                    auto const fx = 2 * x + k % 2, fy = 2 * y + k / 2;
                    weight += children.validity.row(fy)[fx];
                    sum +=
                        static_cast<double>(children.validity.row(fy)[fx]) * children.pixels.row(fy)[3 * fx];
                }
                auto const px = x + shift_x / 2, py = y + shift_y / 2;
                CHECK(std::abs(parent.validity.row(py)[px] - weight / 4) <= 1);
                if (weight > 0)
                    CHECK(std::abs(parent.pixels.row(py)[3 * px] - sum / weight) <= 0.5 + 1e-9);
            }
    }
}

TEST_CASE("one dalle or its pieces give the same slabs")
{
    test::TemporaryFolder const whole, pieces;
    write_dalles(whole, 1, 1, {.width = 600, .height = 600});
    write_dalles(pieces, 6, 6, {.width = 100, .height = 100});
    run(options_for(whole));
    run(options_for(pieces));
    auto const first = slabs_of(whole / "store/P");
    CHECK(first.size() > 8);
    CHECK(first == slabs_of(pieces / "store/P"));
}

TEST_CASE("the number of threads does not show in the result")
{
    std::map<std::string, std::string> first;
    for (unsigned const jobs : {1U, 2U, 7U}) {
        test::TemporaryFolder const folder;
        write_dalles(folder, 3, 3, {.width = 200, .height = 200});
        auto options = options_for(folder, "jpg");
        options.jobs = jobs;
        run(std::move(options));
        auto const files = slabs_of(folder / "store/P");
        if (first.empty())
            first = files;
        CHECK(files == first);
    }
}

TEST_CASE("two products come from one read, each with its own bands")
{
    test::TemporaryFolder const folder;
    write_dalles(folder, 1, 1, {.width = 300, .height = 300, .bands = 4});
    auto options = options_for(folder);
    options.products = {parse_product("rgb=1,2,3:png"), parse_product("irc=4,1,2:png")};
    run(std::move(options));
    auto const rgb = read(folder, "rgb"), irc = read(folder, "irc");
    auto const a = level_pixels(rgb, rgb.finest()), b = level_pixels(irc, irc.finest());
    CHECK(a.pixels.row(100)[300] == b.pixels.row(100)[301]);
    CHECK(a.pixels.row(100)[301] == b.pixels.row(100)[302]);
    CHECK(b.pixels.row(100)[300] ==
          static_cast<std::uint8_t>(std::lround(test::hills(left + 100.5 * 0.05, top - 100.5 * 0.05, 3))));
    for (auto const* name : {"rgb", "irc"})
        CHECK(verify(read(folder, name)).damages.empty());
}

TEST_CASE("sources of another CRS are warped to where they belong")
{
    test::TemporaryFolder const folder;
    std::filesystem::create_directories(folder / "dalles");
    // The ground is a function of Lambert-93 coordinates; the source is drawn in CC47.
    auto const cc47 = Crs::from_definition("EPSG:3947"), lambert = Crs::from_definition("EPSG:2154");
    auto const place = transform_between(lambert, cc47).apply(BoundingBox{left, top - 30, left + 30, top});
    auto const ground = [&](double x, double y, int band) {
        std::vector<double> xs{x}, ys{y};
        transform_between(cc47, lambert).apply(xs, ys);
        return test::hills(xs[0], ys[0], band);
    };
    test::write_dalle(
        folder / "dalles/a.tif",
        {.left = place.min_x, .top = place.max_y, .width = 640, .height = 640, .crs = "EPSG:3947"}, ground);
    run(options_for(folder));
    auto const pyramid = read(folder);
    auto const base = level_pixels(pyramid, pyramid.finest());
    auto const corner = extent(pyramid.matrix(pyramid.finest()), pyramid.finest().limits);
    int compared = 0;
    for (std::int32_t y = 0; y < base.pixels.shape().height; y += 11)
        for (std::int32_t x = 0; x < base.pixels.shape().width; x += 11) {
            if (base.validity.row(y)[x] != 255)
                continue;
            ++compared;
            // hills() changes by 2 levels a pixel at the most: an eighth of a pixel is a quarter of a level.
            double const expected =
                test::hills(corner.min_x + (x + 0.5) * 0.05, corner.max_y - (y + 0.5) * 0.05, 0);
            CHECK(std::abs(base.pixels.row(y)[3 * x] - expected) < 1.5);
        }
    CHECK(compared > 1000);
}

TEST_CASE("dalles in another CRS leave no seam where they meet")
{
    test::TemporaryFolder const whole, pieces;
    auto const cc47 = Crs::from_definition("EPSG:3947"), lambert = Crs::from_definition("EPSG:2154");
    auto const place = transform_between(lambert, cc47).apply(BoundingBox{left, top - 30, left + 30, top});
    for (auto const* folder : {&whole, &pieces})
        std::filesystem::create_directories(*folder / "dalles");
    test::write_dalle(
        whole / "dalles/a.tif",
        {.left = place.min_x, .top = place.max_y, .width = 400, .height = 200, .crs = "EPSG:3947"});
    for (int i = 0; i < 4; ++i)
        test::write_dalle(pieces / ("dalles/" + std::to_string(i) + ".tif"), {.left = place.min_x + 5 * i,
                                                                              .top = place.max_y,
                                                                              .width = 100,
                                                                              .height = 200,
                                                                              .crs = "EPSG:3947"});
    run(options_for(whole));
    run(options_for(pieces));
    CHECK(slabs_of(whole / "store/P") == slabs_of(pieces / "store/P"));
}

TEST_CASE("dalles much finer than the base level lie where they belong, and leave no seam")
{
    TemporaryFolder const whole, pieces;
    auto const cc47 = Crs::from_definition("EPSG:3947"), lambert = Crs::from_definition("EPSG:2154");
    auto const place = transform_between(lambert, cc47).apply(BoundingBox{left, top - 60, left + 60, top});
    auto const ground = [&](double x, double y, int band) {
        std::vector<double> xs{x}, ys{y};
        transform_between(cc47, lambert).apply(xs, ys);
        return hills(xs[0], ys[0], band);
    };
    // Corners that are multiples of nothing.
    Dalle dalle{.left = place.min_x + 0.35,
                .top = place.max_y - 0.15,
                .width = 900,
                .height = 900,
                .crs = "EPSG:3947"};
    for (auto const* folder : {&whole, &pieces})
        std::filesystem::create_directories(*folder / "dalles");
    write_dalle(whole / "dalles/a.tif", dalle, ground);
    dalle.width = dalle.height = 300;
    for (int i = 0; i < 9; ++i) {
        auto piece = dalle;
        piece.left += i % 3 * 15, piece.top -= i / 3 * 15;
        write_dalle(pieces / ("dalles/" + std::to_string(i) + ".tif"), piece, ground);
    }
    for (auto const* folder : {&whole, &pieces}) {
        auto options = options_for(*folder);
        options.bottom = "19"; // 40 cm
        run(std::move(options));
    }
    CHECK(slabs_of(whole / "store/P") == slabs_of(pieces / "store/P"));

    auto const pyramid = read(whole);
    auto const base = level_pixels(pyramid, pyramid.finest());
    auto const corner = extent(pyramid.matrix(pyramid.finest()), pyramid.finest().limits);
    double worst = 0;
    int compared = 0;
    for (std::int32_t y = 0; y < base.pixels.shape().height; ++y)
        for (std::int32_t x = 0; x < base.pixels.shape().width; ++x)
            if (base.validity.row(y)[x] == 255) {
                ++compared;
                double const expected =
                    hills(corner.min_x + (x + 0.5) * 0.4, corner.max_y - (y + 0.5) * 0.4, 0);
                worst = std::max(worst, std::abs(base.pixels.row(y)[3 * x] - expected));
            }
    CHECK(compared > 8000);
    CHECK(worst < 3); // half a pixel beside its place would be 7; the mean over a pixel takes 1 off the tops
}

TEST_CASE("terrain stays exact: float on its own grid comes back to the bit")
{
    test::TemporaryFolder const folder;
    write_dalles(folder, 1, 1,
                 {.width = 300, .height = 300, .bands = 1, .type = SampleType::float32, .nodata = -99999});
    auto options = options_for(folder, "zip");
    options.source.nodata = std::nullopt;
    run(std::move(options));
    auto const pyramid = read(folder);
    CHECK(pyramid.format.name == "TIFF_ZIP_FLOAT32");
    auto const base = level_pixels(pyramid, pyramid.finest());
    CHECK(base.pixels.row<float>(100)[100] ==
          static_cast<float>(test::hills(left + 100.5 * 0.05, top - 100.5 * 0.05, 0)));
    CHECK(base.pixels.row<float>(0)[0] == -99999); // outside: nodata
}

TEST_CASE("nodata never bleeds into data, at any level")
{
    test::TemporaryFolder const folder;
    std::filesystem::create_directories(folder / "dalles");
    auto const flat = [](double x, double, int) { return std::fmod(x, 3) < 1 ? 0.0 : 200.0; };
    test::write_dalle(folder / "dalles/a.tif",
                      {.left = left + 0.35, .top = top - 0.35, .width = 1000, .height = 500, .nodata = 0},
                      flat);
    run(options_for(folder));
    auto const pyramid = read(folder);
    for (auto const& level : pyramid.levels) {
        auto const pixels = level_pixels(pyramid, level);
        for (std::int32_t y = 0; y < pixels.pixels.shape().height; ++y)
            for (std::int32_t x = 0; x < pixels.pixels.shape().width; ++x)
                if (pixels.validity.row(y)[x] != 0)
                    REQUIRE(pixels.pixels.row(y)[3 * x] == 200);
    }
}

TEST_CASE("progress ends at all of the patches, and the report counts slabs and pixels")
{
    test::TemporaryFolder const folder;
    write_dalles(folder, 2, 1, {.width = 300, .height = 300});
    auto const prepared = prepare_build(options_for(folder), TileMatrixSetLibrary{});
    std::size_t last = 0;
    auto const report = build(prepared, [&](std::size_t done, std::size_t total) {
        CHECK(done <= total);
        CHECK(done > last);
        last = done;
    });
    CHECK(last == prepared.plan.patches.size());
    CHECK(report.slabs > 0);
    CHECK(report.bytes > 0);
    CHECK(report.base_pixels == prepared.plan.base_tiles(prepared.plan.finest()) * 256 * 256);
}

TEST_CASE("the list names every slab, as ROK4's tools want it")
{
    test::TemporaryFolder const folder;
    write_dalles(folder, 1, 1, {.width = 300, .height = 300});
    auto const report = run(options_for(folder));
    auto const text = read_text(folder / "store/P.list");
    CHECK(text.starts_with("0=" + (folder / "store/P").string() + "\n#\n0/DATA/"));
    CHECK(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) == report.slabs + 2);
    CHECK(text.find("EXACT") == std::string::npos);
}

TEST_CASE("a pyramid's recipe keeps a nodata that is no number")
{
    TemporaryFolder const folder;
    write_dalles(folder, 1, 1, {.width = 64, .height = 64, .bands = 1, .type = SampleType::float32});
    auto options = options_for(folder, "zip");
    options.source.nodata = std::nan("");
    options.source.nodata_edge = -1.5;
    run(std::move(options));
    auto const recipe = read_recipe(read(folder), folder / "store");
    CHECK(std::isnan(recipe.options.source.nodata.value()));
    CHECK(recipe.options.source.nodata_edge == -1.5);
    CHECK(recipe.options.bottom == "22");
    CHECK(recipe.options.products.front().format == "zip");
    CHECK(recipe.sources.size() == 1);
}

TEST_CASE("a tile matrix set from a file goes with the pyramid")
{
    test::TemporaryFolder const folder;
    write_dalles(folder, 1, 1, {.width = 64, .height = 64});
    auto mine = *TileMatrixSetLibrary{}.get("2154_5cm");
    mine.id = "mine";
    write_atomically(folder / "mine.json", to_json(mine).text());
    auto options = options_for(folder);
    options.tile_matrix_set = (folder / "mine.json").string();
    run(std::move(options));
    CHECK(read(folder).set->id == "mine");
}

TEST_CASE("near keeps classes at every level, and a hole is no class")
{
    test::TemporaryFolder const folder;
    std::filesystem::create_directories(folder / "dalles");
    auto const classes = [](double x, double y, int) {
        return static_cast<int>(std::floor(x / 0.05) + std::floor(y / 0.05)) % 3 == 0 ? 10.0 : 90.0;
    };
    test::write_dalle(folder / "dalles/a.tif",
                      {.left = left, .top = top, .width = 300, .height = 300, .bands = 1, .nodata = 10},
                      classes);
    auto options = options_for(folder);
    options.resampling = Resampling::near;
    run(std::move(options));
    auto const pyramid = read(folder);
    for (auto const& level : pyramid.levels) {
        auto const pixels = level_pixels(pyramid, level);
        for (std::int32_t y = 0; y < pixels.pixels.shape().height; ++y)
            for (std::int32_t x = 0; x < pixels.pixels.shape().width; ++x)
                if (pixels.validity.row(y)[x] != 0)
                    REQUIRE(pixels.pixels.row(y)[x] == 90);
    }
}

TEST_CASE("a pyramid has the unit of its sources' values, if that is one")
{
    test::TemporaryFolder const folder;
    write_dalles(folder, 2, 1, {.width = 64, .height = 64, .bands = 1, .type = SampleType::float32});
    auto const say = [&](char const* dalle, char const* unit) {
        write_atomically(folder / fmt::format("dalles/{}.tif.aux.xml", dalle),
                         fmt::format("<PAMDataset><PAMRasterBand band=\"1\"><UnitType>{}</UnitType>"
                                     "</PAMRasterBand></PAMDataset>",
                                     unit));
    };
    auto options = options_for(folder, "zip");
    for (auto const& [name, second, unit] :
         {std::array{"same", "mm/h", "mm/h"}, {"other", "m", ""}, {"silent", "", ""}}) {
        say("0_0", "mm/h");
        say("1_0", second);
        options.products.front().name = name;
        run(options);
        CHECK(read(folder, name).unit == unit);
    }
}
