// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/json.hpp"
#include "pyramid/store/checksums.hpp"
#include "pyramid/store/slab.hpp"
#include "tests/pyramid/build/town.hpp"
#include "tests/support/failure_text.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace ardoise;
using namespace ardoise::test;
using Catch::Contains;

namespace fs = std::filesystem;

TEST_CASE("an update gives to the byte what a build of all sources would")
{
    for (char const* format : {"jpg", "png", "zip"}) {
        for (auto const& [side, top_level] : {std::pair{2, "10"}, std::pair{16, "0"}, std::pair{3, "21"}}) {
            INFO(format << " " << side << " " << top_level);
            TemporaryFolder const folder;
            write_town(folder);
            auto options = options_for(folder, format);
            options.slab_width = options.slab_height = side;
            options.top = top_level;
            run(options);
            auto const before = slabs_of(folder / "store/P");

            write_dalle_at(folder, 5, 2);          // added, beyond the edge
            write_dalle_at(folder, 1, 1, 40);      // replaced
            fs::remove(folder / "dalles/0_2.tif"); // removed
            auto const prepared = prepared_update(folder);
            CHECK(prepared.added == 1);
            CHECK(prepared.replaced == 1);
            CHECK(prepared.removed == 1);
            CHECK(prepared.patches.size() < prepared.build.plan.patches.size());
            auto const report = update(prepared, [](std::size_t, std::size_t) {});

            auto const pyramid = read(folder);
            CHECK(pyramid.revision == 2);
            CHECK(pyramid.folder == folder / "store/P/r2");
            CHECK(slabs_of(folder / "store/P/r2") == built_anew(options));
            CHECK(verify(pyramid).damages.empty());
            CHECK_FALSE(report.changed.empty());
            // The revision before is as it was, and shares what did not change.
            CHECK(slabs_of(folder / "store/P") == before);
        }
    }
}

TEST_CASE("warped dalles whose edges lie on borders of tiles and patches, and limits that change")
{
    // Coarser than the base level, so that kernels reach beyond each edge; edges are those of patches.
    auto const write_at = [](TemporaryFolder const& folder, int col, int row, double brightness) {
        fs::create_directories(folder / "dalles");
        double const patch = 204.8;
        double const corner_x = std::floor(left / patch) * patch,
                     corner_y = top - std::fmod(12000000 - top, patch);
        write_dalle(folder / fmt::format("dalles/{}_{}.tif", col, row),
                    {.left = corner_x + patch * col,
                     .top = corner_y - patch * row,
                     .pixel = 0.08,
                     .width = 320,
                     .height = 320},
                    [&](double x, double y, int band) {
                        return std::min(255.0, hills(x, y, band) / 2 + brightness);
                    });
    };
    for (int side : {2, 16}) {
        INFO(side);
        TemporaryFolder const folder;
        for (auto const& [col, row] : {std::pair{0, 0}, std::pair{1, 0}, std::pair{3, 1}})
            write_at(folder, col, row, 0);
        auto options = options_for(folder, "jpg");
        options.slab_width = options.slab_height = side;
        options.top = "14";
        options.bottom = "22";
        run(options);
        write_at(folder, 1, 0, 40); // replaced
        run_update(folder);
        CHECK(slabs_of(folder / "store/P/r2") == built_anew(options));
        fs::remove(folder / "dalles/3_1.tif"); // the limits shrink
        run_update(folder);
        CHECK(slabs_of(folder / "store/P/r3") == built_anew(options));
        write_at(folder, 5, 2, 10); // they grow again, over the same ground
        run_update(folder);
        CHECK(slabs_of(folder / "store/P/r4") == built_anew(options));
    }
}

TEST_CASE("a slab that should stand and is damaged or lost stops an update before anything is published")
{
    TemporaryFolder const folder;
    write_town(folder);
    auto options = options_for(folder, "jpg");
    options.slab_width = options.slab_height = 16;
    run(options);
    write_dalle_at(folder, 0, 0, 70);
    auto const prepared = prepared_update(folder);
    // At the roots' level one slab holds tiles of all patches.
    fs::path victim;
    for (auto const& entry : fs::recursive_directory_iterator{folder / "store/P/DATA/18"})
        if (entry.is_regular_file())
            victim = entry.path();
    auto const whole = read_text(victim);
    auto zeroed = whole;
    std::fill(zeroed.begin() + 2048, zeroed.begin() + 2048 + 1024, '\0');
    write_atomically(victim, zeroed);
    auto const publish = [&] { update(prepared, [](std::size_t, std::size_t) {}); };
    CHECK_THAT(failure_text(publish), Contains("--repair"));
    fs::remove(victim);
    CHECK(failure_text(publish) != "(no failure)");
    CHECK(read(folder).revision == 1);
    write_atomically(victim, whole);
    publish();
    CHECK(slabs_of(folder / "store/P/r2") == built_anew(options));
}

TEST_CASE("with tiles that hold nothing stored as well, an update is still what a build would be")
{
    for (char const* format : {"jpg", "png"}) {
        TemporaryFolder const folder;
        write_town(folder);
        auto options = options_for(folder, format);
        options.rok4_strict = true;
        options.top = "14";
        run(options);
        auto const pyramid = read(folder);
        for (auto const& file : read_checksums(pyramid.folder / checksums_file_name)) {
            Slab const slab{pyramid.folder / file.slab, 2, 2};
            for (TileIndex const tile : {TileIndex{0, 0}, TileIndex{1, 0}, TileIndex{0, 1}, TileIndex{1, 1}})
                CHECK_FALSE(slab.tile(tile).empty());
        }
        write_dalle_at(folder, 2, 2, 25);
        fs::remove(folder / "dalles/0_0.tif");
        run_update(folder);
        CHECK(slabs_of(folder / "store/P/r2") == built_anew(options));
    }
}

TEST_CASE("nothing changed, nothing done")
{
    TemporaryFolder const folder;
    write_town(folder);
    run(options_for(folder));
    auto const prepared = prepared_update(folder);
    CHECK(prepared.nothing_to_do());
    CHECK(prepared.patches.empty());
}

TEST_CASE("a source of another delivery joins those that are known, and stays")
{
    TemporaryFolder const folder;
    write_town(folder);
    run(options_for(folder));
    fs::create_directories(folder / "delivery");
    write_dalle_at(folder, 7, 1);
    fs::rename(folder / "dalles/7_1.tif", folder / "delivery/7_1.tif");
    auto const joined =
        prepared_update(folder, {.descriptor = {}, .more_sources = {(folder / "delivery").string()}});
    CHECK(joined.added == 1);
    update(joined, [](std::size_t, std::size_t) {});
    CHECK(prepared_update(folder).nothing_to_do());
    auto options = options_for(folder);
    options.sources.push_back((folder / "delivery").string());
    CHECK(slabs_of(folder / "store/P/r2") == built_anew(options));
}

TEST_CASE("a folder that is gone is a failure, unless it may be forgotten")
{
    TemporaryFolder const folder;
    write_town(folder);
    fs::create_directories(folder / "second");
    fs::rename(folder / "dalles/3_2.tif", folder / "second/3_2.tif");
    auto options = options_for(folder);
    options.sources.push_back((folder / "second").string());
    run(options);
    fs::remove_all(folder / "second");
    CHECK_THAT(failure_text([&] { prepared_update(folder); }),
               Contains("second") && Contains("not there any more") && Contains("--forget-missing"));
    auto const forgetting =
        prepared_update(folder, {.descriptor = {}, .more_sources = {}, .forget_missing = true});
    CHECK(forgetting.removed == 1);
    update(forgetting, [](std::size_t, std::size_t) {});
    options.sources.pop_back();
    CHECK(slabs_of(folder / "store/P/r2") == built_anew(options));
}

TEST_CASE("a folder that was emptied, as that of a disk that is not mounted, is one that is gone")
{
    TemporaryFolder const folder;
    write_town(folder);
    fs::create_directories(folder / "second/sheets");
    fs::rename(folder / "dalles/3_2.tif", folder / "second/sheets/3_2.tif");
    auto options = options_for(folder);
    options.sources.push_back((folder / "second").string());
    run(options);
    write_atomically(folder / "second/readme.txt", "delivered on a Monday");
    fs::remove(folder / "second/sheets/3_2.tif");
    CHECK_THAT(failure_text([&] { prepared_update(folder); }), Contains("second: holds no image any more") &&
                                                                   Contains("take its pixels out") &&
                                                                   Contains("--forget-missing"));
    auto const forgetting =
        prepared_update(folder, {.descriptor = {}, .more_sources = {}, .forget_missing = true});
    CHECK(forgetting.removed == 1);
    update(forgetting, [](std::size_t, std::size_t) {});
    options.sources.pop_back();
    CHECK(slabs_of(folder / "store/P/r2") == built_anew(options));
}

TEST_CASE("a pyramid all of whose sources are gone is not emptied")
{
    TemporaryFolder const folder;
    write_town(folder);
    run(options_for(folder));
    fs::remove_all(folder / "dalles");
    fs::create_directories(folder / "dalles");
    CHECK_THAT(failure_text([&] {
                   prepared_update(folder, {.descriptor = {}, .more_sources = {}, .forget_missing = true});
               }),
               Contains("none of its sources is left"));
}

TEST_CASE("a pyramid without a recipe cannot be updated, and says so")
{
    TemporaryFolder const folder;
    write_town(folder);
    run(options_for(folder));
    fs::remove(folder / "store/P/recipe.json");
    CHECK_THAT(failure_text([&] { prepared_update(folder); }),
               Contains("recipe.json") && Contains("build it anew"));
}

TEST_CASE("sources whose names are no UTF-8 are built, reported and updated like others")
{
    TemporaryFolder const folder;
    write_town(folder);
    auto const latin = folder.path() / "orthophotos \xe9t\xe9 100%";
    fs::rename(folder / "dalles", latin);
    fs::rename(latin / "1_1.tif", latin / "for\xeat.tif");
    auto options = options_for(folder);
    options.sources = {latin.string()};
    run(options);
    CHECK(fs::exists(folder / "store/P/report.html"));
    auto const recipe = read_json(folder / "store/P/recipe.json"); // is JSON
    CHECK(recipe.find("named_sources"));
    CHECK(prepared_update(folder).nothing_to_do());

    write_dalle(latin / "for\xeat.tif",
                {.left = left + 153.15, .top = top - 157.25, .width = 260, .height = 300},
                [](double, double, int) { return 200; });
    auto const prepared = prepared_update(folder);
    CHECK(prepared.replaced == 1);
    CHECK(prepared.added + prepared.removed == 0);
    run_update(folder);
    CHECK(slabs_of(folder / "store/P/r2") == built_anew(options));
}
