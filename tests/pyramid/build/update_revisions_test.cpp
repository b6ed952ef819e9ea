// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/atomic_file.hpp"
#include "pyramid/store/checksums.hpp"
#include "pyramid/store/revisions.hpp"
#include "tests/pyramid/build/town.hpp"
#include "tests/support/failure_text.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace ardoise;
using namespace ardoise::test;
using Catch::Contains;

namespace fs = std::filesystem;

namespace {

std::set<fs::path> hard_linked(fs::path const& folder)
{
    std::set<fs::path> files;
    for (auto const& entry : fs::recursive_directory_iterator{folder})
        if (entry.is_regular_file() && entry.hard_link_count() > 1)
            files.insert(entry.path().lexically_relative(folder));
    return files;
}

} // namespace

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

TEST_CASE(
    "a pyramid that was imported, or that another program built, cannot be updated, and the remedy is named")
{
    TemporaryFolder const folder;
    write_dalle_at(folder, 0, 0);
    run(options_for(folder));
    auto const remedy = "`ardoise remove " + (folder / "store/P.json").string() + "`";
    write_atomically(folder / "store/P/recipe.json",
                     R"({"archive": {"tiles": 3}, "address": "/data/city.mbtiles"})");
    CHECK_THAT(failure_text([&] { prepared_update(folder); }),
               Contains("was imported from /data/city.mbtiles") && Contains("cannot be updated") &&
                   Contains(remedy));
    fs::remove(folder / "store/P/recipe.json");
    CHECK_THAT(failure_text([&] { prepared_update(folder); }),
               Contains("another program") && Contains("cannot be updated") && Contains(remedy));
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

TEST_CASE("what the kill of a removal leaves goes with the next one")
{
    TemporaryFolder const folder;
    auto const store = folder / "store";
    write_town(folder);
    run(options_for(folder));
    write_atomically(store / "P/.DATA.removed/left.tif", "");
    write_dalle_at(folder, 0, 0, 10);
    run_update(folder, {.descriptor = {}, .more_sources = {}, .keep = 1});
    write_atomically(store / "P/.r2.removed/left.tif", "");
    write_dalle_at(folder, 0, 0, 20);
    run_update(folder, {.descriptor = {}, .more_sources = {}, .keep = 1});
    std::vector<fs::path> left;
    for (auto const& entry : fs::directory_iterator{store / "P"})
        left.push_back(entry.path().filename());
    CHECK(left == std::vector<fs::path>{"r3"});
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
    write_atomically(folder / "store/P/r2/journal", ""); // who publishes removes it last
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
