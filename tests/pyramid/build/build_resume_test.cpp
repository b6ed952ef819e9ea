// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/atomic_file.hpp"
#include "pyramid/store/checksums.hpp"
#include "tests/pyramid/build/small_builds.hpp"
#include "tests/support/failure_text.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <set>

using namespace ardoise;
using Catch::Contains;
using namespace ardoise::test;

TEST_CASE(
    "a build that was killed between its products publishes those that are missing, and touches no other")
{
    TemporaryFolder const folder;
    write_dalles(folder, 2, 1, {.width = 300, .height = 280, .bands = 4, .nodata = 0});
    auto options = options_for(folder);
    options.products = {parse_product("rgb=1,2,3:jpg"), parse_product("irc=4,1,2:png")};
    run(options);
    auto const whole = slabs_of(folder / "store");
    for (auto const* missing : {"rgb", "irc"}) {
        INFO(missing);
        std::filesystem::remove_all(folder / "store" / missing);
        std::filesystem::remove(folder / "store" / (std::string{missing} + ".list"));
        std::filesystem::remove(folder / "store" / (std::string{missing} + ".json"));
        std::string const other = missing == std::string{"rgb"} ? "irc.json" : "rgb.json";
        auto const written = std::filesystem::last_write_time(folder / "store" / other);
        run(options);
        CHECK(slabs_of(folder / "store") == whole);
        CHECK(std::filesystem::last_write_time(folder / "store" / other) == written);
    }
    CHECK_THAT(failure_text([&] { run(options); }), Contains("rgb.json") && Contains("already"));
}

TEST_CASE("a pyramid of another build is in the way, even where other products are missing")
{
    TemporaryFolder const folder;
    write_dalles(folder, 1, 1, {.width = 64, .height = 64, .bands = 4});
    auto options = options_for(folder);
    options.products = {parse_product("rgb=1,2,3:jpg")};
    run(options);
    options.products = {parse_product("rgb=1,2,3:png"), parse_product("irc=4,1,2:png")};
    auto const before = files_of(folder / "store");
    CHECK_THAT(failure_text([&] { run(options); }), Contains("rgb.json") && Contains("already"));
    CHECK(files_of(folder / "store") == before);
}

TEST_CASE("a killed writer's unfinished files do not get into the pyramid")
{
    TemporaryFolder const folder;
    write_dalles(folder, 2, 1, {.width = 300, .height = 280});
    run(options_for(folder));
    auto const whole = files_of(folder / "store/P");
    std::filesystem::rename(folder / "store/P", folder / "store/.P.building");
    for (auto const* file : {"P.json", "P.list"})
        std::filesystem::remove(folder / "store" / file);
    write_atomically(folder / "store/.P.building/DATA/22/.00.tif.7-7.part", "half a slab");
    write_atomically(folder / "store/.P.building/.P.json.7-8.part", "half a descriptor");
    run(options_for(folder));
    auto const names = [](std::map<std::string, std::string> const& files) {
        std::set<std::string> found;
        for (auto const& [name, content] : files)
            found.insert(name);
        return found;
    };
    CHECK(names(files_of(folder / "store/P")) == names(whole));
}

TEST_CASE("a source that is written to while it is read fails the build, which then starts afresh")
{
    TemporaryFolder const folder;
    write_dalles(folder, 2, 1, {.width = 300, .height = 280});
    auto const victim = folder / "dalles/0_0.tif";
    auto const prepared = prepare_build(options_for(folder), TileMatrixSetLibrary{});
    auto const touch = [&](std::size_t, std::size_t) {
        std::filesystem::last_write_time(victim, std::filesystem::file_time_type::clock::now());
    };
    CHECK_THAT(failure_text([&] { build(prepared, touch); }),
               Contains(victim.string()) && Contains("while it was read"));
    CHECK_FALSE(std::filesystem::exists(folder / "store/P.json"));
    run(options_for(folder));
    CHECK(verify(read(folder)).damages.empty());
}

TEST_CASE("a source that breaks in the middle leaves the store as it was")
{
    test::TemporaryFolder const folder;
    write_dalles(folder, 2, 2, {.width = 300, .height = 300});
    auto const prepared = prepare_build(options_for(folder), TileMatrixSetLibrary{});
    auto const victim = folder / "dalles/1_1.tif";
    std::filesystem::resize_file(victim, std::filesystem::file_size(victim) / 2);
    CHECK_THAT(failure_text([&] { build(prepared, [](std::size_t, std::size_t) {}); }), Contains("1_1.tif"));
    test::TemporaryFolder const nothing;
    bool const empty =
        !std::filesystem::exists(folder / "store") || std::filesystem::is_empty(folder / "store");
    CHECK(empty);
}

TEST_CASE("a folder without a descriptor, as a killed build leaves it, is built over")
{
    test::TemporaryFolder const folder;
    write_dalles(folder, 1, 1, {.width = 64, .height = 64});
    run(options_for(folder));
    auto const whole = slabs_of(folder / "store/P");
    std::filesystem::remove(folder / "store/P.json");
    run(options_for(folder));
    CHECK(slabs_of(folder / "store/P") == whole);
    CHECK(verify(read(folder)).damages.empty());
}
