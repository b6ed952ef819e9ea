// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/atomic_file.hpp"
#include "pyramid/build/shared_build.hpp"
#include "pyramid/store/checksums.hpp"
#include "tests/pyramid/build/small_builds.hpp"
#include "tests/support/failure_text.hpp"

#include <catch2/catch.hpp>

#include <thread>

using namespace ardoise;
using namespace ardoise::test;
using Catch::Contains;

namespace {

void write_strip(TemporaryFolder const& folder)
{
    std::filesystem::create_directories(folder / "dalles");
    for (int i = 0; i < 9; ++i)
        write_dalle(folder / fmt::format("dalles/{}.tif", i), {.left = left + 130.0 * i + 3.15,
                                                               .top = top - 60.0 * i - 7.25,
                                                               .width = 300,
                                                               .height = 260,
                                                               .bands = 4});
}

BuildOptions two_products(TemporaryFolder const& folder, char const* store)
{
    auto options = options_for(folder);
    options.store = folder / store;
    options.products = {parse_product("rgb=1,2,3:jpg"), parse_product("irc=4,1,2:png")};
    options.slab_width = options.slab_height = 16;
    options.top = "4";
    return options;
}

void write_plan_of(TemporaryFolder const& folder, std::size_t pieces)
{
    SharedBuild build{prepare_build(two_products(folder, "store"), TileMatrixSetLibrary{}), pieces};
    write_plan(folder / "plan.json", build);
}

void work_on(
    TemporaryFolder const& folder, std::size_t piece, BuildProgress const& on_progress = [](auto, auto) {})
{
    work(read_plan(folder / "plan.json"), piece, on_progress);
}

std::map<std::string, std::string> whole_build(TemporaryFolder const& folder, char const* product)
{
    if (!std::filesystem::exists(folder / "alone"))
        run(two_products(folder, "alone"));
    return slabs_of(folder / "alone" / product);
}

} // namespace

TEST_CASE("pieces in any order, repeated and side by side give what one build gives")
{
    for (std::size_t const pieces : {1, 3, 100}) {
        INFO(pieces);
        TemporaryFolder const folder;
        write_strip(folder);
        write_plan_of(folder, pieces);
        auto const count = read_plan(folder / "plan.json").pieces;
        CHECK(count ==
              std::min<std::size_t>(pieces, read_plan(folder / "plan.json").prepared.plan.patches.size()));
        {
            std::vector<std::jthread> workers;
            for (std::size_t piece = count; piece-- > 0;)
                workers.emplace_back([&, piece] { work_on(folder, piece); });
        }
        work_on(folder, 0); // once more
        finish(read_plan(folder / "plan.json"));
        for (auto const* product : {"rgb", "irc"}) {
            CHECK(slabs_of(folder / "store" / product) == whole_build(folder, product));
            CHECK(verify(read(folder, product)).damages.empty());
            CHECK_FALSE(std::filesystem::exists(folder / ("store/." + std::string{product} + ".building")));
        }
    }
}

TEST_CASE("a piece that fails half-way is gone on with")
{
    TemporaryFolder const folder;
    write_strip(folder);
    write_plan_of(folder, 2);
    struct Kill {};
    std::size_t baked = 0;
    auto plan = read_plan(folder / "plan.json");
    plan.prepared.options.jobs = 1;
    CHECK_THROWS_AS(work(plan, 0,
                         [&](std::size_t, std::size_t) {
                             if (++baked == 2)
                                 throw Kill{};
                         }),
                    Kill);
    std::vector<std::size_t> seen;
    work_on(folder, 0, [&](std::size_t done, std::size_t) { seen.push_back(done); });
    CHECK(seen.front() == 3);
    work_on(folder, 1);
    finish(read_plan(folder / "plan.json"));
    CHECK(slabs_of(folder / "store/rgb") == whole_build(folder, "rgb"));
}

TEST_CASE("finish names the pieces that are missing, and publishes nothing")
{
    TemporaryFolder const folder;
    write_strip(folder);
    write_plan_of(folder, 4);
    work_on(folder, 1);
    CHECK_THAT(failure_text([&] { finish(read_plan(folder / "plan.json")); }),
               Contains("pieces 0, 2, 3 are not done"));
    CHECK_FALSE(std::filesystem::exists(folder / "store/rgb.json"));
    for (std::size_t const piece : {0, 2, 3})
        work_on(folder, piece);
    finish(read_plan(folder / "plan.json"));
    CHECK(slabs_of(folder / "store/irc") == whole_build(folder, "irc"));
}

TEST_CASE("a finish that was killed between the products publishes the other, and once more does nothing")
{
    TemporaryFolder const folder;
    write_strip(folder);
    write_plan_of(folder, 3);
    for (std::size_t const piece : {0, 1, 2})
        work_on(folder, piece);
    TemporaryFolder const aside;
    std::filesystem::copy(folder / "store/.irc.building", aside / "irc",
                          std::filesystem::copy_options::recursive);
    finish(read_plan(folder / "plan.json"));
    std::filesystem::remove_all(folder / "store/irc");
    std::filesystem::remove(folder / "store/irc.json");
    std::filesystem::rename(aside / "irc", folder / "store/.irc.building");
    work_on(folder, 1); // a queue that repeats what is done
    finish(read_plan(folder / "plan.json"));
    for (auto const* product : {"rgb", "irc"})
        CHECK(slabs_of(folder / "store" / product) == whole_build(folder, product));
    auto const published = files_of(folder / "store");
    CHECK(finish(read_plan(folder / "plan.json")).slabs == 0);
    CHECK(files_of(folder / "store") == published);
}

TEST_CASE("work without a plan, or after the end, says so and leaves nothing")
{
    TemporaryFolder const folder;
    write_strip(folder);
    write_plan_of(folder, 2);
    std::filesystem::rename(folder / "store", folder / "elsewhere");
    CHECK_THAT(failure_text([&] { work_on(folder, 0); }), Contains("ardoise plan"));
    CHECK_FALSE(std::filesystem::exists(folder / "store"));
    std::filesystem::rename(folder / "elsewhere", folder / "store");
    work_on(folder, 0);
    work_on(folder, 1);
    finish(read_plan(folder / "plan.json"));
    auto const published = files_of(folder / "store");
    CHECK_THAT(failure_text([&] { work_on(folder, 0); }), Contains("ardoise plan"));
    CHECK(files_of(folder / "store") == published);
}

TEST_CASE("work that comes as all is being published makes no folder to work in")
{
    TemporaryFolder const folder;
    write_strip(folder);
    write_plan_of(folder, 1);
    work_on(folder, 0);
    finish(read_plan(folder / "plan.json"));
    // As the worker finds it that looks just before the descriptor has its name, and has the lock just after
    // all traces were removed: begun at first sight, and then nowhere.
    std::filesystem::remove(folder / "store/rgb.json");
    std::filesystem::remove(folder / "store/rgb/recipe.json");
    write_atomically(folder / "store/rgb/journal", "");
    CHECK_THAT(failure_text([&] { work_on(folder, 0); }),
               Contains(".rgb.building") && Contains("all is published"));
    CHECK_FALSE(std::filesystem::exists(folder / "store/.rgb.building"));
}

TEST_CASE("a worker that another plan finds in its place is refused")
{
    TemporaryFolder const folder;
    write_strip(folder);
    write_plan_of(folder, 2);
    auto const old_plan = read_plan(folder / "plan.json");
    work(old_plan, 0, [](auto, auto) {});
    std::filesystem::remove(folder / "dalles/0.tif");
    write_plan_of(folder, 2); // of other sources: what was done is cleared
    CHECK_THAT(failure_text([&] { work(old_plan, 1, [](auto, auto) {}); }), Contains("not what was planned"));
    work_on(folder, 0);
    work_on(folder, 1);
    finish(read_plan(folder / "plan.json"));
    CHECK(slabs_of(folder / "store/rgb") == whole_build(folder, "rgb"));
}

TEST_CASE("a plan that is none is refused by its field")
{
    TemporaryFolder const folder;
    write_strip(folder);
    write_plan_of(folder, 2);
    auto text = read_text(folder / "plan.json");
    text.replace(text.find("\"pieces\":2"), 10, "\"pieces\":0");
    write_atomically(folder / "bad.json", text);
    CHECK_THAT(failure_text([&] { read_plan(folder / "bad.json"); }), Contains("bad.json: pieces"));
}
