// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/atomic_file.hpp"
#include "pyramid/build/update.hpp"
#include "pyramid/store/checksums.hpp"
#include "pyramid/store/revisions.hpp"
#include "pyramid/store/slab.hpp"
#include "tests/pyramid/build/small_builds.hpp"
#include "tests/support/failure_text.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <set>

using namespace ardoise;
using namespace ardoise::test;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;

/// Small dalles far from one another, so that each has patches of its own: patches are 204.8 m wide.
void write_dalle_at(TemporaryFolder const& folder, int col, int row, double brightness = 0)
{
    fs::create_directories(folder / "dalles");
    write_dalle(
        folder / fmt::format("dalles/{}_{}.tif", col, row),
        {.left = left + 150.0 * col + 3.15, .top = top - 150.0 * row - 7.25, .width = 260, .height = 300},
        [&](double x, double y, int band) { return std::min(255.0, hills(x, y, band) / 2 + brightness); });
}

void write_town(TemporaryFolder const& folder)
{
    for (int col = 0; col < 4; ++col)
        for (int row = 0; row < 3; ++row)
            write_dalle_at(folder, col, row);
}

PreparedUpdate prepared_update(TemporaryFolder const& folder, UpdateOptions options = {})
{
    options.descriptor = folder / "store/P.json";
    options.jobs = 2;
    return prepare_update(std::move(options), TileMatrixSetLibrary{{folder / "store/tilematrixsets"}});
}

UpdateReport run_update(TemporaryFolder const& folder, UpdateOptions options = {})
{
    return update(prepared_update(folder, std::move(options)), [](std::size_t, std::size_t) {});
}

/// What a build of the sources as they are now would give.
std::map<std::string, std::string> built_anew(BuildOptions options)
{
    TemporaryFolder const other;
    options.store = other / "store";
    run(std::move(options));
    return slabs_of(other / "store/P");
}

std::set<fs::path> hard_linked(fs::path const& folder)
{
    std::set<fs::path> files;
    for (auto const& entry : fs::recursive_directory_iterator{folder})
        if (entry.is_regular_file() && entry.hard_link_count() > 1)
            files.insert(entry.path().lexically_relative(folder));
    return files;
}

} // namespace

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

TEST_CASE("an update that was prepared before another one was published does not undo it")
{
    TemporaryFolder const folder;
    write_town(folder);
    run(options_for(folder));
    write_dalle_at(folder, 1, 1, 20);
    auto const late = prepared_update(folder);
    write_dalle_at(folder, 2, 1, 20);
    run_update(folder);
    auto const published = slabs_of(folder / "store/P/r2");
    CHECK_THAT(failure_text([&] { update(late, [](std::size_t, std::size_t) {}); }), Contains("meanwhile"));
    CHECK(read(folder).revision == 2);
    CHECK(slabs_of(folder / "store/P/r2") == published);
}

TEST_CASE("a descriptor that somebody edited is still the pyramid's: nothing is taken for unpublished")
{
    TemporaryFolder const folder;
    write_town(folder);
    run(options_for(folder));
    auto const slabs = slabs_of(folder / "store/P");
    write_atomically(folder / "store/P.json", read_text(folder / "store/P.json") + "\n");
    auto options = options_for(folder);
    options.products.front().format = "zip";
    CHECK(failure_text([&] { run(options); }) != "(no failure)");
    CHECK(slabs_of(folder / "store/P") == slabs);
    write_dalle_at(folder, 1, 1, 20);
    run_update(folder);
    CHECK(slabs_of(folder / "store/P") == slabs);
    CHECK(read(folder).revision == 2);
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

TEST_CASE("untouched slabs are hard links, touched ones are not")
{
    TemporaryFolder const folder;
    write_town(folder);
    run(options_for(folder, "jpg"));
    write_dalle_at(folder, 3, 2, 60);
    run_update(folder);
    auto const linked = hard_linked(folder / "store/P/r2/DATA");
    auto const before = slabs_of(folder / "store/P/DATA"), now = slabs_of(folder / "store/P/r2/DATA");
    CHECK(linked.size() > 20);
    std::size_t differing = 0;
    for (auto const& [file, bytes] : now) {
        auto const old_one = before.find(file);
        if (old_one == before.end() || old_one->second != bytes) {
            ++differing;
            CHECK_FALSE(linked.contains(file));
        }
    }
    CHECK(differing > 3);
    CHECK(differing < now.size() / 3);
}

TEST_CASE("the changed tiles are those whose bytes differ, and no others")
{
    TemporaryFolder const folder;
    write_town(folder);
    run(options_for(folder, "jpg"));
    auto const before = read(folder);
    write_dalle_at(folder, 2, 0, 30);
    fs::remove(folder / "dalles/3_2.tif");
    auto const report = run_update(folder);
    auto const after = read(folder);
    std::set<std::pair<std::string, TileIndex>> expected, told;
    for (auto const& changed : report.changed)
        told.insert({changed.level, changed.tile});
    for (auto const& level : before.levels) {
        auto const old_pixels = level_pixels(before, level);
        auto const& now = *after.find_level(level.id);
        auto const new_pixels = level_pixels(after, now);
        auto const tiles = join(level.limits, now.limits);
        auto const tile_of = [&](MaskedRaster const& pixels, TileRange const& limits, TileIndex tile) {
            std::string bytes;
            if (!limits.contains(tile))
                return bytes;
            auto const part =
                pixels.view().crop({static_cast<std::int32_t>(tile.col - limits.first.col) * 256,
                                    static_cast<std::int32_t>(tile.row - limits.first.row) * 256, 256, 256});
            if (validity_of(part) == Validity::none)
                return bytes;
            for (std::int32_t y = 0; y < 256; ++y)
                bytes.append(reinterpret_cast<char const*>(part.pixels.row(y)),
                             part.pixels.shape.bytes_per_row());
            return bytes;
        };
        for (auto row = tiles.first.row; row < tiles.last.row; ++row)
            for (auto col = tiles.first.col; col < tiles.last.col; ++col)
                if (tile_of(old_pixels, level.limits, {col, row}) !=
                    tile_of(new_pixels, now.limits, {col, row}))
                    expected.insert({level.id, {col, row}});
    }
    CHECK(told == expected);
    CHECK(told.size() > 10);
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

TEST_CASE("revisions are kept as many as asked for, and an earlier one is published again")
{
    TemporaryFolder const folder;
    auto const store = folder / "store";
    write_town(folder);
    run(options_for(folder));
    auto const first = read_text(store / "P.json"), first_list = read_text(store / "P.list");
    for (double const brightness : {10.0, 20.0, 30.0}) {
        write_dalle_at(folder, 0, 0, brightness);
        run_update(folder, {.descriptor = {}, .more_sources = {}, .keep = 3});
    }
    CHECK(revisions_of(store, "P") == std::vector<std::int64_t>{2, 3, 4});
    CHECK_FALSE(fs::exists(store / "P/DATA"));
    CHECK(verify(read(folder)).damages.empty());

    publish_again(store, "P", 3);
    CHECK(read(folder).revision == 3);
    CHECK(verify(read(folder)).damages.empty());
    CHECK(read_text(store / "P.list").starts_with("0=" + (store / "P/r3").string() + "\n"));

    // An update from there leaves the abandoned number behind.
    write_dalle_at(folder, 0, 0, 50);
    run_update(folder, {.descriptor = {}, .more_sources = {}, .keep = 2});
    CHECK(revisions_of(store, "P") == std::vector<std::int64_t>{3, 5});
    CHECK(slabs_of(store / "P/r5") == built_anew(options_for(folder)));
}

TEST_CASE("an update that fails half-way leaves the pyramid as it is, and is gone on with")
{
    TemporaryFolder const folder;
    write_town(folder);
    run(options_for(folder, "jpg"));
    auto const before = files_of(folder / "store");
    for (int col = 0; col < 4; ++col)
        for (int row = 0; row < 3; ++row)
            write_dalle_at(folder, col, row, 45);
    auto const prepared = prepared_update(folder);
    struct Interruption {};
    std::size_t baked = 0;
    CHECK_THROWS_AS(update(prepared,
                           [&](std::size_t, std::size_t) {
                               if (++baked == 3)
                                   throw Interruption{};
                           }),
                    Interruption);
    auto now = files_of(folder / "store");
    std::erase_if(now, [](auto const& file) { return file.first.starts_with(".P.building/"); });
    CHECK(now == before);

    std::size_t first_seen = 0;
    update(prepared_update(folder), [&](std::size_t done, std::size_t) {
        if (first_seen == 0)
            first_seen = done;
    });
    CHECK(first_seen > 3);
    CHECK(slabs_of(folder / "store/P/r2") == built_anew(options_for(folder, "jpg")));
    CHECK_FALSE(fs::exists(folder / "store/.P.building"));
}

TEST_CASE("an update that was killed before its descriptor came is gone on with, under its own number")
{
    TemporaryFolder const folder;
    write_town(folder);
    run(options_for(folder));
    auto const first = read_text(folder / "store/P.json");
    write_dalle_at(folder, 0, 0, 30);
    run_update(folder);
    auto const whole = slabs_of(folder / "store/P/r2");
    write_atomically(folder / "store/P.json", first);
    write_atomically(folder / "store/P/r2/lock", ""); // who publishes removes it last
    CHECK(prepared_update(folder).revision == 2);
    run_update(folder);
    CHECK(revisions_of(folder / "store", "P") == std::vector<std::int64_t>{1, 2});
    CHECK(slabs_of(folder / "store/P/r2") == whole);
}

TEST_CASE("what is left of a revision whose removal was killed goes with the next update")
{
    TemporaryFolder const folder;
    write_town(folder);
    run(options_for(folder));
    for (double const brightness : {10.0, 20.0}) {
        write_dalle_at(folder, 0, 0, brightness);
        run_update(folder, {.descriptor = {}, .more_sources = {}, .keep = 5});
    }
    fs::remove(folder / "store/P/descriptor.json"); // of revision 1: removal begins there
    fs::remove(folder / "store/P/r2/descriptor.json");
    write_dalle_at(folder, 0, 0, 30);
    run_update(folder, {.descriptor = {}, .more_sources = {}, .keep = 5});
    CHECK(revisions_of(folder / "store", "P") == std::vector<std::int64_t>{3, 4});
    CHECK_FALSE(fs::exists(folder / "store/P/r2"));
    CHECK_FALSE(fs::exists(folder / "store/P/DATA"));
    CHECK(verify(read(folder)).damages.empty());
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
