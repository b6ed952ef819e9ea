// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/report/report.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/build/report/preview.hpp"
#include "pyramid/build/report/report_page.hpp"
#include "pyramid/build/update.hpp"
#include "pyramid/store/slab.hpp"
#include "tests/pyramid/build/small_builds.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cmath>
#include <limits>

using namespace ardoise;
using namespace ardoise::test;
using Catch::Contains;

namespace {

BuildFacts facts_of(BuildOptions options)
{
    return run(std::move(options)).products.front();
}

/// Grey, and another value in each pixel: what is blurred loses at once.
double grains(double x, double y, int)
{
    return 40.0 + static_cast<double>((std::lround(x * 20) * 7919 + std::lround(y * 20) * 104729) % 160);
}

std::string page_of(TemporaryFolder const& folder)
{
    return read_text(folder / "store/P/report.html");
}

std::size_t count_of(std::string const& text, std::string const& part)
{
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++count;
    return count;
}

} // namespace

TEST_CASE("lossless copies are the sources' own pixels: their PSNR is infinite")
{
    for (char const* format : {"png", "zip"}) {
        TemporaryFolder const folder;
        write_dalles(folder, 2, 2);
        auto const sharpness = facts_of(options_for(folder, format)).sharpness;
        REQUIRE(sharpness);
        CHECK(std::isinf(sharpness->psnr));
        CHECK(sharpness->windows == 9);
        CHECK(sharpness->gradient > 0);
        CHECK(sharpness->gradient == sharpness->source_gradient);
    }
}

TEST_CASE("gradients are mean steps to the neighbours on the right and below")
{
    TemporaryFolder const folder;
    std::filesystem::create_directories(folder / "dalles");
    // Stripes from north to south: each step to the right is one of 150, 160 and 140, none goes down.
    write_dalle(folder / "dalles/1.tif", {.left = left, .top = top}, [](double x, double, int band) {
        constexpr double steps[] = {150, 160, 140};
        return std::lround((x - left) * 20 - 0.5) % 2 == 0 ? 20 : 20 + steps[band];
    });
    auto const sharpness = facts_of(options_for(folder)).sharpness;
    REQUIRE(sharpness);
    CHECK(sharpness->gradient == Approx(75));
    CHECK(sharpness->source_gradient == Approx(75));
}

TEST_CASE("what a lossy format takes away shows in PSNR and gradients")
{
    double psnr_before = 0, detail_before = 0;
    for (int const quality : {10, 50, 95}) {
        TemporaryFolder const folder;
        std::filesystem::create_directories(folder / "dalles");
        write_dalle(folder / "dalles/1.tif", {.left = left, .top = top, .width = 512, .height = 512}, grains);
        auto options = options_for(folder, "jpg");
        options.products.front().quality = quality;
        auto const sharpness = facts_of(std::move(options)).sharpness;
        REQUIRE(sharpness);
        CHECK(sharpness->psnr > psnr_before);
        auto const detail = sharpness->gradient / sharpness->source_gradient;
        CHECK(std::abs(1 - detail) < std::abs(1 - detail_before));
        psnr_before = sharpness->psnr;
        detail_before = detail;
    }
}

TEST_CASE("holes are what is missing of the ground that was delivered, counted to the pixel")
{
    TemporaryFolder const folder;
    std::filesystem::create_directories(folder / "dalles");
    // Two tiles wide, one tile high; the second is filled but for its right half, and a square in the first
    // is missing.
    write_dalle(folder / "dalles/1.tif", {.left = left, .top = top, .width = 384, .height = 256}, hills,
                [](std::int32_t x, std::int32_t y) { return x < 100 || x >= 140 || y < 20 || y >= 50; });
    auto const facts = facts_of(options_for(folder));
    CHECK(facts.delivered_pixels == Approx(384 * 256));
    CHECK(facts.data_pixels == 384 * 256 - 40 * 30);
    CHECK(facts.holes() == Approx(40 * 30 / (384 * 256.0)));
}

TEST_CASE("dalles without a hole have none, however they lie in tiles and over one another")
{
    TemporaryFolder const folder;
    write_dalles(folder, 2, 2);
    write_dalle(folder / "dalles/over.tif", {.left = left + 100 * 0.05, .top = top - 60 * 0.05});
    CHECK(facts_of(options_for(folder)).holes() == Approx(0).margin(1e-9));
}

TEST_CASE("ground between dalles that lie apart is no hole, and a kernel that reaches beyond them fills none")
{
    TemporaryFolder const folder;
    std::filesystem::create_directories(folder / "dalles");
    for (int i = 0; i < 2; ++i)
        write_dalle(folder / fmt::format("dalles/{}.tif", i), {.left = left + 40.013 * i, .top = top - 0.02});
    auto const holes = facts_of(options_for(folder)).holes();
    CHECK(holes >= 0);
    CHECK(holes < 0.01);
}

TEST_CASE("ground is measured where the sources are upright, however they lie turned in the pyramid's CRS")
{
    TemporaryFolder const folder;
    std::filesystem::create_directories(folder / "dalles");
    for (int i = 0; i < 2; ++i)
        write_dalle(
            folder / fmt::format("dalles/{}.tif", i),
            {.left = left + 50.0 * i, .top = top, .width = 1000, .height = 1000, .bands = 1}, hills,
            [](std::int32_t x, std::int32_t y) { return x < 300 || x >= 600 || y < 300 || y >= 600; });
    auto options = options_for(folder);
    options.tile_matrix_set = "PM_5cm";
    CHECK(facts_of(std::move(options)).holes() == Approx(0.09).margin(0.01));
}

TEST_CASE("figures are said so that nobody takes them for more than they are")
{
    Sharpness sharpness;
    sharpness.psnr = std::numeric_limits<double>::infinity();
    CHECK(likeness_text(sharpness) == "equal");
    sharpness.psnr = 155;
    CHECK(likeness_text(sharpness) == "equal but for rounding");
    sharpness.psnr = 38.24;
    CHECK(likeness_text(sharpness) == "38.2 dB");
}

TEST_CASE("a report says which detail the finest level cannot show")
{
    TemporaryFolder const folder;
    write_dalles(folder, 1, 1);
    run(options_for(folder));
    CHECK_THAT(page_of(folder), !Contains("detail is lost"));
    std::filesystem::remove_all(folder / "store");
    auto options = options_for(folder);
    options.bottom = "20";
    run(std::move(options));
    CHECK_THAT(page_of(folder), Contains("level 20 has pixels of 0.2 m") && Contains("--bottom 22") &&
                                    Contains("resampled to this level&#39;s 0.2 m"));
}

TEST_CASE("levels are counted as they lie in the store")
{
    TemporaryFolder const folder;
    write_dalles(folder, 3, 2, {.width = 300, .height = 280});
    auto const report = run(options_for(folder, "jpg"));
    auto const pyramid = read(folder);
    auto const& facts = report.products.front();
    REQUIRE(facts.levels.size() == pyramid.levels.size());
    CHECK(facts.bytes() == report.bytes);
    for (std::size_t i = 0; i < pyramid.levels.size(); ++i) {
        auto const& level = pyramid.levels[i];
        std::int64_t tiles = 0;
        std::uint64_t bytes = 0;
        auto const shape = pyramid.tile_shape(level);
        for (auto row = level.limits.first.row; row < level.limits.last.row; ++row)
            for (auto col = level.limits.first.col; col < level.limits.last.col; ++col) {
                auto const file = slab_file(level, level.slab_of({col, row}));
                if (!std::filesystem::exists(file))
                    continue;
                Slab const slab{file, level.tiles_per_width, level.tiles_per_height};
                auto const tile = slab.tile(level.within_slab({col, row}));
                tiles += tile.empty() ? 0 : 1;
                bytes += tile.size();
            }
        CHECK(facts.levels[i].id == level.id);
        CHECK(facts.levels[i].tiles == tiles);
        CHECK(facts.levels[i].tile_bytes == bytes);
        CHECK(facts.levels[i].largest_tile * static_cast<std::uint64_t>(tiles) >= bytes);
        CHECK(facts.levels[i].largest_tile <= shape.bytes());
    }
}

TEST_CASE("the preview is the pyramid's own pixels, transparent where nothing is")
{
    TemporaryFolder const folder;
    std::filesystem::create_directories(folder / "dalles");
    write_dalle(folder / "dalles/1.tif", {.left = left, .top = top, .width = 300, .height = 200});
    run(options_for(folder));
    auto const bytes = read_text(folder / "store/P/preview.png");
    auto const picture = png::decode({reinterpret_cast<std::byte const*>(bytes.data()), bytes.size()});
    REQUIRE(picture.shape() == RasterShape{512, 256, 4});
    for (auto const& [x, y] : {std::pair{0, 0}, {299, 0}, {150, 100}, {299, 199}}) {
        CHECK(picture.row(y)[4 * x + 3] == 255);
        for (int band = 0; band < 3; ++band)
            CHECK(picture.row(y)[4 * x + band] ==
                  std::lround(hills(left + (x + 0.5) * 0.05, top - (y + 0.5) * 0.05, band)));
    }
    for (auto const& [x, y] : {std::pair{300, 0}, {0, 200}, {511, 255}})
        CHECK(picture.row(y)[4 * x + 3] == 0);
}

TEST_CASE("a preview of a pyramid that is larger shows a coarser level, or halves the coarsest")
{
    for (char const* top_level : {"18", "22"}) {
        TemporaryFolder const folder;
        write_dalles(folder, 5, 2);
        auto options = options_for(folder);
        options.top = top_level;
        run(std::move(options));
        auto const pyramid = read(folder);
        auto const preview = compose_preview(StandingPyramid{pyramid});
        REQUIRE(preview);
        CHECK(preview->pixels.shape() == RasterShape{6 * 256 / 2, 3 * 256 / 2, 4});
        CHECK(preview->ground.min_x == Approx(pyramid.extent().min_x));
        CHECK(preview->ground.max_y == Approx(pyramid.extent().max_y));
        CHECK(preview->ground.max_x == Approx(pyramid.extent().max_x));
        CHECK(preview->ground.min_y == Approx(pyramid.extent().min_y));
    }
}

TEST_CASE("heights are stretched for the preview, and compared as they are")
{
    TemporaryFolder const folder;
    std::filesystem::create_directories(folder / "dalles");
    write_dalle(folder / "dalles/1.tif", {.left = left, .top = top, .bands = 1, .type = SampleType::float32},
                [](double x, double, int) { return 1000 + (x - left) / 12.8 * 50; });
    auto const facts = facts_of(options_for(folder, "zip"));
    REQUIRE(facts.sharpness);
    CHECK(std::isinf(facts.sharpness->psnr));
    auto const preview = compose_preview(StandingPyramid{read(folder)});
    REQUIRE(preview);
    CHECK(preview->pixels.row(10)[0] == 0);
    CHECK(preview->pixels.row(10)[4 * 255 + 2] == 255);
    CHECK(preview->pixels.row(10)[4 * 128] == 128);
}

TEST_CASE("the page names what was built, and each thing that could be markup is text")
{
    TemporaryFolder const folder;
    write_dalles(folder, 2, 1);
    std::filesystem::rename(folder / "dalles", folder / "<b>\"d&'s");
    auto options = options_for(folder);
    options.sources = {(folder / "<b>\"d&'s").string()};
    run(std::move(options));
    auto const page = page_of(folder);
    CHECK_THAT(page, Contains("&lt;b&gt;&quot;d&amp;&#39;s") && !Contains("<b>") && !Contains("d&'"));
    CHECK_THAT(page, Contains("<title>P: what was built</title>") && Contains("2154_5cm") &&
                         Contains("TIFF_PNG_UINT8"));
    CHECK(count_of(page, "class=\"source\"") == 2);
    CHECK_THAT(page, !Contains("<script") && !Contains("http"));
}

TEST_CASE("thousands of sources are drawn as a grid")
{
    TemporaryFolder const folder;
    write_dalles(folder, 1, 1);
    auto prepared = prepare_build(options_for(folder), TileMatrixSetLibrary{});
    auto const facts = build(prepared, [](std::size_t, std::size_t) {}).products.front();
    CHECK(count_of(report_page(facts, prepared, std::nullopt), "class=\"source\"") == 1);
    prepared.sources.resize(3000, prepared.sources.front());
    auto const cells = count_of(report_page(facts, prepared, std::nullopt), "class=\"source\"");
    // A dalle of a tile's size, shifted by 3 and 5 pixels of 512: 33 x 33 of 64 x 64 cells.
    CHECK(cells == 33 * 33);
}

TEST_CASE("sources that are gone when a pyramid is put together cost the figures, not the pyramid")
{
    TemporaryFolder const folder;
    write_dalles(folder, 1, 1);
    auto const prepared = prepare_build(options_for(folder), TileMatrixSetLibrary{});
    build(prepared, [](std::size_t, std::size_t) {});
    std::filesystem::remove_all(folder / "dalles");
    auto const pyramid = read(folder);
    auto const facts =
        gather_facts(StandingPyramid{pyramid}, read_checksums(pyramid.folder / checksums_file_name), prepared,
                     prepared.options.products.front(), std::nullopt);
    CHECK_FALSE(facts.sharpness);
    CHECK_THAT(facts.no_sharpness, Contains("0_0.tif"));
    CHECK(facts.data_pixels == 256 * 256);
    CHECK_THAT(report_page(facts, prepared, std::nullopt), Contains("0_0.tif") && !Contains("Baked in"));
}

TEST_CASE("an update has a report of its own")
{
    TemporaryFolder const folder;
    write_dalles(folder, 2, 1);
    run(options_for(folder));
    auto const before = page_of(folder);
    std::filesystem::remove(folder / "dalles/1_0.tif");
    TileMatrixSetLibrary const sets;
    auto const report =
        update(prepare_update({.descriptor = folder / "store/P.json", .more_sources = {}}, sets),
               [](std::size_t, std::size_t) {});
    CHECK(report.facts.data_pixels == 256 * 256);
    CHECK(page_of(folder) == before);
    CHECK_THAT(read_text(folder / "store/P/r2/report.html"), Contains("revision 2"));
    CHECK(std::filesystem::exists(folder / "store/P/r2/preview.png"));
}

TEST_CASE("a revision that goes takes its report with it")
{
    TemporaryFolder const folder;
    write_dalles(folder, 2, 1);
    run(options_for(folder));
    std::filesystem::remove(folder / "dalles/1_0.tif");
    update(prepare_update({.descriptor = folder / "store/P.json", .more_sources = {}, .keep = 1},
                          TileMatrixSetLibrary{}),
           [](std::size_t, std::size_t) {});
    CHECK_FALSE(std::filesystem::exists(folder / "store/P/report.html"));
    CHECK_FALSE(std::filesystem::exists(folder / "store/P/preview.png"));
}
