// SPDX-License-Identifier: Apache-2.0
// Builds in sets that do not halve from each level to the next, as those of round scales.
#include "pyramid/base/atomic_file.hpp"
#include "pyramid/build/repair.hpp"
#include "pyramid/build/shared_build.hpp"
#include "pyramid/build/update.hpp"
#include "tests/pyramid/build/small_builds.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

using namespace ardoise;
using namespace ardoise::test;

namespace {

namespace fs = std::filesystem;

/// Four quadtrees. That of 4 to 1 m has a crown; the last one's base are the dalles' own pixels.
constexpr double cells[] = {10, 4, 2, 1, 0.25, 0.1, 0.05};
constexpr std::size_t bases[] = {0, 3, 4, 6};

void write_set(fs::path const& file)
{
    TileMatrixSet set{.id = "ROUND", .title = "", .crs = Crs::from_definition("EPSG:2154"), .matrices = {}};
    for (double const cell : cells)
        set.matrices.push_back({.id = fmt::format("{}", cell),
                                .cell_size = cell,
                                .origin_x = 0,
                                .origin_y = 12000000,
                                .matrix_width = 1 << 18,
                                .matrix_height = 1 << 22});
    write_atomically(file, to_json(set).text());
}

BuildOptions options_in_round_scales(TemporaryFolder const& folder, char const* format)
{
    write_set(folder / "round.json");
    auto options = options_for(folder, format);
    options.tile_matrix_set = (folder / "round.json").string();
    options.top = "";
    options.slab_width = options.slab_height = 4;
    return options;
}

/// Small dalles, some of them far from one another.
void write_dalle_at(TemporaryFolder const& folder, int col, int row, double brightness = 0)
{
    fs::create_directories(folder / "dalles");
    write_dalle(
        folder / fmt::format("dalles/{}_{}.tif", col, row),
        {.left = left + 150.0 * col + 3.15,
         .top = top - 150.0 * row - 7.25,
         .width = 260,
         .height = 300,
         .bands = 4},
        [&](double x, double y, int band) { return std::min(255.0, hills(x, y, band) / 2 + brightness); });
}

void write_town(TemporaryFolder const& folder)
{
    for (int col = 0; col < 4; ++col)
        for (int row = 0; row < 3; ++row)
            write_dalle_at(folder, col, row);
}

std::map<std::string, std::string> built_anew(BuildOptions options)
{
    TemporaryFolder const other;
    options.store = other / "store";
    run(std::move(options));
    return slabs_of(other / "store/P");
}

TileMatrixSetLibrary library_of(TemporaryFolder const& folder)
{
    return TileMatrixSetLibrary{{folder / "store/tilematrixsets"}};
}

PreparedUpdate prepared_update(TemporaryFolder const& folder)
{
    return prepare_update({.descriptor = folder / "store/P.json", .more_sources = {}, .jobs = 2},
                          library_of(folder));
}

void run_update(TemporaryFolder const& folder)
{
    update(prepared_update(folder), [](std::size_t, std::size_t) {});
}

/// The middle of a pixel of a level, counted from the corner of its limits.
struct Point {
    double x, y;
};

Point middle_of(Pyramid const& pyramid, Level const& level, std::int32_t col, std::int32_t row)
{
    auto const ground = extent(pyramid.matrix(level), level.limits);
    auto const cell = pyramid.matrix(level).cell_size;
    return {ground.min_x + (col + 0.5) * cell, ground.max_y - (row + 0.5) * cell};
}

double distance_outside(BoundingBox const& box, Point point)
{
    return std::max({box.min_x - point.x, point.x - box.max_x, box.min_y - point.y, point.y - box.max_y});
}

/// The mean of `ground` over a square, from 20 x 20 points.
double area_mean(Ground const& ground, Point middle, double side, int band)
{
    double sum = 0;
    for (int j = 0; j < 20; ++j)
        for (int i = 0; i < 20; ++i)
            sum += ground(middle.x + (i - 9.5) / 20 * side, middle.y + (j - 9.5) / 20 * side, band);
    return sum / 400;
}

} // namespace

TEST_CASE("every level of round scales is the mean of its ground, and its masks end where the dalles do")
{
    auto const waves = [](double x, double y, int band) {
        return 120 + 60 * std::sin(x / 20 + band) + 40 * std::cos(y / 25 - 2 * band);
    };
    TemporaryFolder const folder;
    fs::create_directories(folder / "dalles");
    BoundingBox const sources{left + 3.15, top - 7.25 - 120, left + 3.15 + 150, top - 7.25};
    for (int i = 0; i < 4; ++i)
        write_dalle(folder / fmt::format("dalles/{}.tif", i),
                    {.left = sources.min_x + i % 2 * 75,
                     .top = sources.max_y - i / 2 * 60,
                     .width = 1500,
                     .height = 1200},
                    waves);
    run(options_in_round_scales(folder, "png"));
    auto const pyramid = read(folder);
    REQUIRE(pyramid.levels.size() == std::size(cells));
    for (auto const& level : pyramid.levels) {
        INFO(level.id);
        auto const cell = pyramid.matrix(level).cell_size;
        auto const pixels = level_pixels(pyramid, level);
        double data = 0, largest_error = 0;
        int looked_at = 0, wrong_masks = 0;
        for (std::int32_t row = 0; row < pixels.pixels.shape().height; ++row)
            for (std::int32_t col = 0; col < pixels.pixels.shape().width; ++col) {
                auto const middle = middle_of(pyramid, level, col, row);
                auto const outside = distance_outside(sources, middle);
                auto const valid = pixels.validity.row(row)[col];
                data += valid / 255.0 * cell * cell;
                wrong_masks += (outside > 2 * cell && valid > 0) || (outside < -2 * cell && valid < 255);
                bool const is_sample = cell > 0.3 || (row % 20 == 0 && col % 20 == 3);
                for (int band = 0; band < 3 && is_sample && outside < -2 * cell; ++band, ++looked_at)
                    largest_error = std::max(largest_error, std::abs(pixels.pixels.row(row)[3 * col + band] -
                                                                     area_mean(waves, middle, cell, band)));
            }
        CHECK(wrong_masks == 0);
        CHECK(looked_at > 200);
        CHECK(largest_error < (cell < 5 ? 1 : 2)); // half a cell of 1 m aside were 1.5
        CHECK(data == Approx(sources.width() * sources.height()).epsilon(0.01));
    }
    CHECK(verify(pyramid).damages.empty());
}

TEST_CASE("near gives each level of round scales heights of the ground under its pixels, and no others")
{
    TemporaryFolder const folder;
    fs::create_directories(folder / "dalles");
    BoundingBox const sources{left + 3.15, top - 7.25 - 75, left + 3.15 + 100, top - 7.25};
    auto const column = [&](double x) { return std::floor((x - sources.min_x) / 0.05 + 1e-6); };
    auto const line = [&](double y) { return std::floor((sources.max_y - y) / 0.05 + 1e-6); };
    write_dalle(folder / "dalles/heights.tif",
                {.left = sources.min_x,
                 .top = sources.max_y,
                 .width = 2000,
                 .height = 1500,
                 .bands = 1,
                 .type = SampleType::float32},
                [&](double x, double y, int) { return line(y) * 2048 + column(x); });
    auto options = options_in_round_scales(folder, "zip");
    options.resampling = Resampling::near;
    run(std::move(options));
    auto const pyramid = read(folder);
    for (std::size_t number = 0; number < pyramid.levels.size(); ++number) {
        auto const& level = pyramid.levels[number];
        INFO(level.id);
        bool const is_base = std::find(std::begin(bases), std::end(bases), number) != std::end(bases);
        auto const cell = pyramid.matrix(level).cell_size;
        auto const pixels = level_pixels(pyramid, level);
        for (std::int32_t row = 0; row < pixels.pixels.shape().height; ++row)
            for (std::int32_t col = 0; col < pixels.pixels.shape().width; ++col) {
                auto const middle = middle_of(pyramid, level, col, row);
                auto const outside = distance_outside(sources, middle);
                auto const valid = pixels.validity.row(row)[col];
                if (is_base)
                    REQUIRE(valid == (outside < 0 ? 255 : 0));
                if (valid == 0)
                    continue;
                auto const height = static_cast<int>(pixels.pixels.row<float>(row)[col]);
                double const x = sources.min_x + (height % 2048 + 0.5) * 0.05,
                             y = sources.max_y - (height / 2048 + 0.5) * 0.05;
                double const reach = is_base ? 0.025 : cell / 2;
                REQUIRE(std::abs(x - middle.x) < reach + 1e-3);
                REQUIRE(std::abs(y - middle.y) < reach + 1e-3);
            }
    }
}

TEST_CASE("in round scales one dalle or its pieces give the same slabs: seams are nowhere")
{
    for (auto const resampling : {Resampling::bilinear, Resampling::near}) {
        TemporaryFolder const whole, pieces;
        write_dalles(whole, 1, 1, {.width = 900, .height = 900});
        write_dalles(pieces, 6, 6, {.width = 150, .height = 150});
        for (auto const* folder : {&whole, &pieces}) {
            auto options = options_in_round_scales(*folder, "png");
            options.resampling = resampling;
            run(std::move(options));
        }
        CHECK(slabs_of(whole / "store/P") == slabs_of(pieces / "store/P"));
    }
}

TEST_CASE("in round scales an update gives to the byte what a build would")
{
    for (auto const& [format, side, resampling] :
         {std::tuple{"jpg", 4, Resampling::bilinear}, std::tuple{"zip", 16, Resampling::near},
          std::tuple{"png", 3, Resampling::cubic}}) {
        INFO(format << " " << side);
        TemporaryFolder const folder;
        write_town(folder);
        auto options = options_in_round_scales(folder, format);
        options.slab_width = options.slab_height = side;
        options.resampling = resampling;
        run(options);
        write_dalle_at(folder, 5, 2);          // added, beyond the edge
        write_dalle_at(folder, 1, 1, 40);      // replaced
        fs::remove(folder / "dalles/0_2.tif"); // removed
        auto const prepared = prepared_update(folder);
        CHECK(prepared.patches.size() < prepared.build.plan.patches.size());
        update(prepared, [](std::size_t, std::size_t) {});
        CHECK(slabs_of(folder / "store/P/r2") == built_anew(options));
        CHECK(verify(read(folder)).damages.empty());
    }
}

TEST_CASE("in round scales kernels reach beyond the borders of tiles and patches, and updates know it")
{
    // Patches of the levels 1 and 0.25 are 512 m wide: one dalle begins on their border, one ends before it.
    double const border = 512 * 840, north = 12000000 - 512.0 * 10328;
    auto const write_at = [&](TemporaryFolder const& folder, char const* name, double x) {
        fs::create_directories(folder / "dalles");
        write_dalle(folder / "dalles" / name, {.left = x, .top = north, .width = 1280, .height = 1280});
    };
    for (auto const resampling : {Resampling::bilinear, Resampling::lanczos}) {
        TemporaryFolder const folder;
        write_at(folder, "east.tif", border);
        auto options = options_in_round_scales(folder, "png");
        options.resampling = resampling;
        run(options);
        auto const pyramid = read(folder);
        for (auto const number : bases) {
            auto const& level = pyramid.levels[number];
            INFO(level.id);
            auto const validity = level_pixels(pyramid, level).validity;
            double shares = 0;
            for (auto const share : validity.bytes())
                shares += std::to_integer<int>(share) / 255.0;
            auto const cell = pyramid.matrix(level).cell_size;
            if (resampling == Resampling::bilinear)
                CHECK(shares * cell * cell == Approx(64 * 64).epsilon(0.002));
        }
        write_at(folder, "west.tif", border - 100);
        run_update(folder);
        CHECK(slabs_of(folder / "store/P/r2") == built_anew(options));
        fs::remove(folder / "dalles/east.tif");
        run_update(folder);
        CHECK(slabs_of(folder / "store/P/r3") == built_anew(options));
    }
}

TEST_CASE("in round scales threads, pieces and interruptions do not show in the result")
{
    TemporaryFolder const folder;
    write_town(folder);
    auto options = options_in_round_scales(folder, "jpg");
    auto const whole = built_anew(options);

    options.jobs = 7;
    CHECK(built_anew(options) == whole);

    SharedBuild shared{prepare_build(options, TileMatrixSetLibrary{}), 4};
    write_plan(folder / "plan.json", shared);
    std::vector<Patch> all;
    for (std::size_t piece = 0; piece < shared.pieces; ++piece)
        for (auto const& patch : shared.patches_of(piece))
            all.push_back(patch);
    CHECK(all == shared.prepared.plan.patches);
    // Those of coarse quadtrees come first, and cover more ground.
    CHECK(shared.patches_of(0).size() < shared.patches_of(3).size());
    for (auto piece = shared.pieces; piece-- > 0;)
        work(read_plan(folder / "plan.json"), piece, [](std::size_t, std::size_t) {});
    finish(read_plan(folder / "plan.json"));
    CHECK(slabs_of(folder / "store/P") == whole);

    struct Kill {};
    options.jobs = 1;
    for (std::size_t last = 1; last < all.size(); last += 3) {
        INFO(last);
        TemporaryFolder const other;
        options.store = other / "store";
        CHECK_THROWS_AS(build(prepare_build(options, TileMatrixSetLibrary{}),
                              [&](std::size_t done, std::size_t) {
                                  if (done == last)
                                      throw Kill{};
                              }),
                        Kill);
        std::size_t first = 0;
        build(prepare_build(options, TileMatrixSetLibrary{}), [&](std::size_t done, std::size_t) {
            if (first == 0)
                first = done;
        });
        CHECK(first == last + 1);
        CHECK(slabs_of(other / "store/P") == whole);
    }
}

TEST_CASE("in round scales lost slabs come back to the byte, at every level and of every kind")
{
    TemporaryFolder const folder;
    write_town(folder);
    run(options_in_round_scales(folder, "jpg"));
    auto const good = files_of(folder / "store");
    std::map<fs::path, std::vector<SlabChecksum>> slabs; // by kind and level
    for (auto const& file : read_checksums(folder / "store/P/checksums.txt"))
        slabs[fs::path{file.slab}.parent_path().parent_path().parent_path()].push_back(file);
    for (auto const& [kind_and_level, files] : slabs) {
        INFO(kind_and_level);
        for (auto const& file : files)
            fs::remove(folder / "store/P" / file.slab);
        auto const pyramid = read(folder);
        auto const found = verify(pyramid);
        REQUIRE(found.damaged_files == files);
        CHECK(repair(pyramid, found.damaged_files, library_of(folder), 2, std::uint64_t{1} << 30,
                     [](std::size_t, std::size_t) {})
                  .empty());
        CHECK(files_of(folder / "store") == good);
    }
    for (auto const& [level, is_there] : {std::pair{"10", true}, {"4", false}, {"2", true}, {"1", false}})
        CHECK(slabs.contains(fs::path{"EXACT"} / level) == is_there);
}
