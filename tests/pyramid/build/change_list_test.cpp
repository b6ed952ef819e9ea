// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/atomic_file.hpp"
#include "pyramid/store/pyramid_lock.hpp"
#include "pyramid/store/rollback.hpp"
#include "tests/pyramid/build/town.hpp"
#include "tests/support/failure_text.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <set>

using namespace ardoise;
using namespace ardoise::test;
using Catch::Contains;

namespace fs = std::filesystem;

namespace {

UpdateOptions const asking{.descriptor = {}, .more_sources = {}, .change_list = ListIs::owed};

std::set<std::pair<std::string, TileIndex>> as_set(std::vector<ChangedTile> const& tiles)
{
    std::set<std::pair<std::string, TileIndex>> set;
    for (auto const& changed : tiles)
        set.emplace(changed.level, changed.tile);
    return set;
}

RolledBack rolled_back(TemporaryFolder const& folder, ListIs change_list)
{
    return roll_back(folder / "store/P.json", TileMatrixSetLibrary{}, change_list);
}

} // namespace

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
    auto const told = as_set(report.changed);
    std::set<std::pair<std::string, TileIndex>> expected;
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

TEST_CASE("the list of changes lies with its revision, and an update that was not asked for it owes nothing")
{
    TemporaryFolder const folder;
    write_town(folder);
    run(options_for(folder, "jpg"));
    write_dalle_at(folder, 2, 0, 30);
    auto const report = run_update(folder);
    CHECK(report.changed.size() > 10);
    CHECK(read_change_list(folder / "store/P/r2") == report.changed);
    CHECK_FALSE(fs::exists(folder / "store/P/r2" / owed_change_list_name));
    CHECK(change_list_of(report.published) == report.changed);
    CHECK_FALSE(fs::exists(folder / "store/P/changed.txt"));
}

TEST_CASE("a list that somebody asked for and did not get before a kill is part of the next one")
{
    TemporaryFolder const folder;
    write_town(folder);
    run(options_for(folder, "jpg"));
    write_dalle_at(folder, 0, 0, 30);
    auto const first = run_update(folder, asking).changed;
    CHECK(as_set(read_change_list(folder / "store/P/r2")) == as_set(first));
    write_dalle_at(folder, 3, 2, 30);
    auto const second = run_update(folder);
    auto both = as_set(first);
    both.merge(as_set(second.changed));
    CHECK(both.size() > second.changed.size());
    CHECK(as_set(second.change_list) == both);
    CHECK(as_set(read_change_list(folder / "store/P/r3")) == both);
    CHECK_FALSE(owes_change_list(folder / "store/P/r2")); // the third revision owes it now

    settle_change_list(folder / "store/P/r3");
    write_dalle_at(folder, 3, 2, 40);
    auto const third = run_update(folder, asking).changed;
    CHECK(read_change_list(folder / "store/P/r4") == third);
}

TEST_CASE("a rollback lists what it changes: the tiles that the update had changed")
{
    TemporaryFolder const folder;
    write_town(folder);
    run(options_for(folder, "jpg"));
    auto const descriptor = read_text(folder / "store/P.json"), list = read_text(folder / "store/P.list");
    write_dalle_at(folder, 2, 0, 30);
    write_dalle_at(folder, 5, 2);
    fs::remove(folder / "dalles/3_2.tif");
    auto const changed = run_update(folder).changed;
    auto const back = rolled_back(folder, ListIs::owed);
    CHECK(back.from == 2);
    CHECK(back.pyramid.revision == 1);
    CHECK(read_text(folder / "store/P.json") == descriptor);
    CHECK(read_text(folder / "store/P.list") == list);
    CHECK(as_set(back.change_list) == as_set(changed));
    CHECK(read_change_list(back.pyramid.folder) == back.change_list);
    CHECK(owes_change_list(back.pyramid.folder));
    CHECK_THAT(failure_text([&] { rolled_back(folder, ListIs::owed); }), Contains("none before it is kept"));
}

TEST_CASE("a slab that cannot be read any more is no hindrance to a rollback: all its tiles are listed")
{
    auto const lose_all = [](fs::path const& slab) { write_atomically(slab, "no slab"); };
    auto const zero = [](std::size_t from, std::size_t until) {
        return [=](fs::path const& slab) {
            auto bytes = read_text(slab);
            std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(from),
                      bytes.begin() + static_cast<std::ptrdiff_t>(until), '\0');
            write_atomically(slab, bytes);
        };
    };
    struct {
        char const* what;
        std::function<void(fs::path const&)> damage;
    } const rows[] = {{"no slab", lose_all},
                      {"its index reads as zeros", zero(2048, 2048 + 8 * 4)},
                      {"its header, too", zero(0, 2048 + 8 * 4)}};
    for (auto const& [what, damage] : rows) {
        INFO(what);
        TemporaryFolder const folder;
        write_town(folder);
        run(options_for(folder, "jpg"));
        write_dalle_at(folder, 2, 0, 30);
        auto const changed = as_set(run_update(folder).changed);
        // As both have lost it, neither says what the other one held.
        for (char const* revision : {"store/P/DATA/18", "store/P/r2/DATA/18"})
            for (auto const& entry : fs::recursive_directory_iterator{folder / revision})
                if (entry.is_regular_file() && entry.hard_link_count() == 1)
                    damage(entry.path());
        auto const listed = as_set(rolled_back(folder, ListIs::owed).change_list);
        CHECK(std::includes(listed.begin(), listed.end(), changed.begin(), changed.end()));
        CHECK(listed.size() > changed.size());
    }
}

TEST_CASE("without checksums nobody knows what a rollback changes: who does not ask is not kept from it")
{
    TemporaryFolder const folder;
    write_town(folder);
    run(options_for(folder, "jpg"));
    write_dalle_at(folder, 2, 0, 30);
    run_update(folder);
    fs::remove(folder / "store/P/r2/checksums.txt");
    write_atomically(folder / "store/P/changed.txt", "18/1/1\n");
    CHECK_THAT(failure_text([&] { rolled_back(folder, ListIs::owed); }),
               Contains("checksums.txt") && Contains("without --changed"));
    CHECK(read(folder).revision == 2);
    CHECK(rolled_back(folder, ListIs::kept).change_list.empty());
    CHECK(read(folder).revision == 1);
    CHECK_THAT(failure_text([&] { last_change_list(prepared_update(folder, asking)); }),
               Contains("nobody knows") && Contains("purge everything"));
}

TEST_CASE("without checksums a rollback fails while somebody waits for a list, and forgets none")
{
    for (char const* owing : {"store/P", "store/P/r2"}) {
        INFO(owing);
        TemporaryFolder const folder;
        write_town(folder);
        run(options_for(folder, "jpg"));
        write_dalle_at(folder, 2, 0, 30);
        run_update(folder);
        auto const owed = folder / owing / owed_change_list_name;
        write_atomically(owed, "18/1/1\n");
        fs::remove(folder / "store/P/r2/checksums.txt");
        auto const before = files_of(folder / "store");
        CHECK_THAT(failure_text([&] { rolled_back(folder, ListIs::kept); }),
                   Contains("checksums.txt") && Contains("remove " + owed.string()) &&
                       Contains("purge everything of this layer once"));
        CHECK(files_of(folder / "store") == before);
        fs::remove(owed);
        CHECK(rolled_back(folder, ListIs::kept).pyramid.revision == 1);
    }
}

TEST_CASE("the last list is handed out again by who holds the lock, and by nobody when its revision has gone")
{
    TemporaryFolder const folder;
    write_town(folder);
    run(options_for(folder, "jpg"));
    CHECK(last_change_list(prepared_update(folder, asking)).empty());
    write_dalle_at(folder, 2, 0, 30);
    auto const list = run_update(folder).change_list;
    auto const nothing_to_do = prepared_update(folder, asking);
    REQUIRE(nothing_to_do.nothing_to_do());
    CHECK(last_change_list(nothing_to_do) == list);
    {
        PyramidLock const working{folder / "store", "P"};
        CHECK_THAT(failure_text([&] { last_change_list(nothing_to_do); }),
                   Contains("another process is working"));
    }
    write_dalle_at(folder, 2, 0, 50);
    run_update(folder, {.descriptor = {}, .more_sources = {}, .keep = 1});
    REQUIRE_FALSE(fs::exists(folder / "store/P/r2"));
    CHECK_THAT(failure_text([&] { last_change_list(nothing_to_do); }),
               Contains("meanwhile") && Contains("run the command again"));
}

TEST_CASE("while a process works on a pyramid no other one does, and nothing is left behind")
{
    TemporaryFolder const folder;
    write_town(folder);
    run(options_for(folder, "jpg"));
    write_dalle_at(folder, 2, 0, 30);
    run_update(folder);
    write_dalle_at(folder, 2, 0, 50);
    auto const before = files_of(folder / "store");
    {
        PyramidLock const working{folder / "store", "P"};
        for (auto const& said : {failure_text([&] { rolled_back(folder, ListIs::kept); }),
                                 failure_text([&] { run_update(folder); })})
            CHECK_THAT(said, Contains("another process is working on this pyramid"));
    }
    CHECK(files_of(folder / "store") == before);
}
