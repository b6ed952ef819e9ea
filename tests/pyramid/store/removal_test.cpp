// SPDX-License-Identifier: Apache-2.0
#include "pyramid/store/removal.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/store/pyramid_lock.hpp"
#include "pyramid/store/revisions.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/painted_store.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <functional>

using namespace ardoise;
using Catch::Contains;
using test::failure_text;

namespace fs = std::filesystem;

namespace {

Removal removed(test::TemporaryFolder const& store, std::string const& name = "painted")
{
    return remove_pyramid(store / (name + ".json"), TileMatrixSetLibrary{{store / "tilematrixsets"}});
}

/// A pyramid as an update has left it, with work that was killed beside it.
void paint_with_leftovers(test::TemporaryFolder const& store)
{
    test::paint_pyramid(store.path(), {});
    for (char const* file :
         {"painted.list", "painted/checksums.txt", "painted/recipe.json", "painted/descriptor.json",
          "painted/report.html", "painted/preview.png", "painted/r2/descriptor.json",
          "painted/.r3.removed/report.html", "painted/.DATA.removed", ".painted.building/journal",
          ".painted.repairing/mended", ".painted.lock"})
        write_atomically(store / file, file);
}

} // namespace

TEST_CASE("a pyramid goes with all that belongs to it, and nothing else does")
{
    test::TemporaryFolder const store;
    test::paint_pyramid(store.path(), {.name = "painted2"});
    write_atomically(store / "tilematrixsets/mine.json", "{}");
    auto const others = store.listing();
    paint_with_leftovers(store);
    CHECK(removed(store).removed.size() == 6);
    CHECK(store.listing() == others);
}

TEST_CASE("bytes are those of the files, each counted once whatever revisions share it")
{
    test::TemporaryFolder const store;
    auto const pyramid = test::paint_pyramid(store.path(), {});
    std::uint64_t bytes = 0;
    for (auto const& entry : fs::recursive_directory_iterator{store.path()})
        bytes += entry.is_regular_file() ? entry.file_size() : 0;
    auto const slab = slab_file(pyramid.finest(), {2, 1});
    fs::create_directories(store / "painted/r2/DATA");
    fs::create_hard_link(slab, store / "painted/r2/DATA/twin.tif");
    CHECK(removed(store).bytes == bytes);
}

TEST_CASE("what was killed while it removed is gone on with, wherever it stopped")
{
    std::vector<std::function<void(test::TemporaryFolder const&)>> const steps{
        [](auto const& store) { fs::create_directories(store / ".painted.removing"); },
        [](auto const& store) { fs::remove(store / "painted.json"); },
        [](auto const& store) { fs::remove(store / "painted.list"); },
        [](auto const& store) { fs::rename(store / "painted", store / ".painted.removing/painted"); },
        [](auto const& store) { fs::remove_all(store / ".painted.removing/painted/DATA"); },
        [](auto const& store) { fs::remove_all(store / ".painted.building"); },
        [](auto const& store) { fs::remove_all(store / ".painted.repairing"); },
        [](auto const& store) { fs::remove_all(store / ".painted.removing"); },
    };
    for (std::size_t stop = 0; stop <= steps.size(); ++stop) {
        INFO(stop);
        test::TemporaryFolder const store;
        paint_with_leftovers(store);
        for (std::size_t step = 0; step < stop; ++step)
            steps[step](store);
        CHECK(failure_text([&] { removed(store); }) == "(no failure)");
        CHECK(store.listing().empty());
    }
}

TEST_CASE("a removal that was killed does not hinder a new pyramid of the name, nor is it in the way of its "
          "removal")
{
    test::TemporaryFolder const store;
    write_atomically(store / ".painted.removing/painted/DATA/old.tif", "old");
    paint_with_leftovers(store);
    removed(store);
    CHECK(store.listing().empty());
}

TEST_CASE("slabs whose descriptor somebody removed by hand go, too")
{
    test::TemporaryFolder const store;
    paint_with_leftovers(store);
    fs::remove(store / "painted.json");
    removed(store);
    CHECK(store.listing().empty());
}

TEST_CASE("what is no pyramid's own is refused, and everything stays")
{
    struct {
        char const* said;
        std::function<void(test::TemporaryFolder const&)> change;
    } const rows[] = {
        {"painted/holiday.jpg: is no part of the pyramid",
         [](auto const& store) { write_atomically(store / "painted/holiday.jpg", "sea"); }},
        {"painted.json", [](auto const& store) { write_atomically(store / "painted.json", "{\"a\": 1}"); }},
        {"painted.json", [](auto const& store) { write_atomically(store / "painted.json", "no JSON"); }},
        {"slabs lie in",
         [](auto const& store) {
             auto text = read_text(store / "painted.json");
             for (auto at = text.find("painted/DATA"); at != std::string::npos;
                  at = text.find("painted/DATA", at + 1))
                 text.replace(at, 12, "elsewhr/DATA");
             write_atomically(store / "painted.json", text);
         }},
        {"painted: is a link",
         [](auto const& store) {
             fs::rename(store / "painted", store / "aside");
             fs::create_directory_symlink(store / "aside", store / "painted");
         }},
        {"painted/DATA: is a link",
         [](auto const& store) {
             fs::rename(store / "painted/DATA", store / "aside");
             fs::create_directory_symlink(store / "aside", store / "painted/DATA");
         }},
        {"painted.json: is a link",
         [](auto const& store) {
             fs::rename(store / "painted.json", store / "aside.json");
             fs::create_symlink(store / "aside.json", store / "painted.json");
         }},
        {"was not made by a pyramid",
         [](auto const& store) {
             for (char const* file : {"painted.json", "painted/checksums.txt", "painted/descriptor.json",
                                      "painted/r2/descriptor.json"})
                 fs::remove(store / file);
         }},
    };
    for (auto const& row : rows) {
        INFO(row.said);
        test::TemporaryFolder const store;
        paint_with_leftovers(store);
        fs::remove(store / ".painted.lock");
        row.change(store);
        auto const before = store.listing();
        CHECK_THAT(failure_text([&] { removed(store); }), Contains(row.said));
        CHECK(store.listing() == before);
    }
}

TEST_CASE("a pyramid that is not there is named, and one that is worked on stays")
{
    test::TemporaryFolder const store;
    for (std::string const name : {"nothing", "no/store/at/all"})
        CHECK_THAT(failure_text([&] { removed(store, name); }), Contains(name + ".json: is not there"));
    for (char const* sly : {"painted", ".json", "..json"})
        CHECK_THAT(failure_text([&] { remove_pyramid(store / sly, TileMatrixSetLibrary{}); }),
                   Contains("is no name of a pyramid's descriptor"));
    CHECK(store.listing().empty());
    test::paint_pyramid(store.path(), {});
    PyramidLock const lock{store.path(), "painted"};
    auto const before = store.listing();
    CHECK_THAT(failure_text([&] { removed(store); }), Contains("another process"));
    CHECK(store.listing() == before);
}

TEST_CASE("a path through a link and back leads where the kernel says, and nowhere else")
{
    test::TemporaryFolder const here, there;
    test::paint_pyramid(here.path(), {});
    test::paint_pyramid(there.path(), {});
    fs::create_directory(there / "deep");
    fs::create_directory_symlink(there / "deep", here / "link");
    auto const before = here.listing();
    remove_pyramid(here / "link/../painted.json", TileMatrixSetLibrary{{}});
    CHECK(here.listing() == before);
    CHECK(there.listing() == std::set<std::string>{"deep"});
}

TEST_CASE("a folder that took the name after a removal was killed is looked at like any other")
{
    test::TemporaryFolder const store;
    write_atomically(store / ".painted.removing/painted/DATA/slab.tif", "going");
    write_atomically(store / "painted/precious", "somebody's");
    CHECK_THAT(failure_text([&] { removed(store); }), Contains("precious: is no part of the pyramid"));
    CHECK(fs::exists(store / "painted/precious"));
}
