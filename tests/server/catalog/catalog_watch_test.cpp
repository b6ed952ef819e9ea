// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/atomic_file.hpp"
#include "server/catalog/catalog_watch.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace ardoise;
namespace fs = std::filesystem;

namespace {

/// A store with a descriptor and a set, and a further folder of sets.
struct Files {
    Files()
    {
        options.store = folder / "store";
        options.tile_matrix_set_folders = {folder / "sets"};
        write_atomically(descriptor, "{}");
        write_atomically(folder / "store/tilematrixsets/own.json", "{}");
        write_atomically(folder / "sets/further.json", "{}");
    }

    test::TemporaryFolder folder;
    CatalogOptions options;
    fs::path descriptor = folder / "store/ortho.json";
};

CatalogWatch watch_over(Files const& files)
{
    CatalogWatch watch{files.options};
    watch.remember();
    return watch;
}

/// In place, as an editor or a copy does.
void overwrite(fs::path const& file, std::string const& text)
{
    std::ofstream{file} << text;
}

} // namespace

TEST_CASE("whatever changes among descriptors and sets is seen")
{
    struct {
        char const* what;
        void (*happens)(Files const&);
    } const rows[] = {
        {"a descriptor grows", [](Files const& files) { overwrite(files.descriptor, "{\"a\": 1}"); }},
        {"one takes its place", [](Files const& files) { write_atomically(files.descriptor, "[]"); }},
        {"one is written in the same number of bytes",
         [](Files const& files) {
             auto const before = fs::last_write_time(files.descriptor);
             overwrite(files.descriptor, "[]");
             fs::last_write_time(files.descriptor, before + std::chrono::nanoseconds{1000});
         }},
        {"one appears", [](Files const& files) { write_atomically(files.folder / "store/new.json", "{}"); }},
        {"one vanishes", [](Files const& files) { fs::remove(files.descriptor); }},
        {"one gets another name",
         [](Files const& files) { fs::rename(files.descriptor, files.folder / "store/other.json"); }},
        {"one becomes a link to nowhere",
         [](Files const& files) {
             fs::remove(files.descriptor);
             fs::create_symlink("nowhere", files.descriptor);
         }},
        {"a set of the store changes",
         [](Files const& files) { overwrite(files.folder / "store/tilematrixsets/own.json", "{ }"); }},
        {"a description appears",
         [](Files const& files) { write_atomically(files.folder / "store/layers/ortho.json", "{}"); }},
        {"a further set appears",
         [](Files const& files) { write_atomically(files.folder / "sets/new.json", "{}"); }},
        {"a folder of sets vanishes", [](Files const& files) { fs::remove_all(files.folder / "sets"); }}};
    for (auto const& row : rows) {
        INFO(row.what);
        Files const files;
        auto watch = watch_over(files);
        CHECK_FALSE(watch.sees_change());
        row.happens(files);
        CHECK(watch.sees_change());
        watch.remember();
        CHECK_FALSE(watch.sees_change());
    }
}

TEST_CASE("what is not read is not looked at")
{
    Files const files;
    auto watch = watch_over(files);
    write_atomically(files.folder / "store/ortho/r2/descriptor.json", "{}");
    write_atomically(files.folder / "store/.ortho.building/recipe.json", "{}");
    write_atomically(files.folder / "store/.hidden.json", "{}");
    write_atomically(files.folder / "store/ortho.list", "");
    CHECK_FALSE(watch.sees_change());
}

TEST_CASE("a change is settled when two looks see the same")
{
    Files const files;
    auto watch = watch_over(files);
    CHECK_FALSE(watch.sees_settled_change());
    overwrite(files.descriptor, "{\"half\":");
    CHECK_FALSE(watch.sees_settled_change());
    overwrite(files.descriptor, "{\"half\": \"and half\"}");
    CHECK_FALSE(watch.sees_settled_change());
    CHECK(watch.sees_settled_change());
    watch.remember();
    CHECK_FALSE(watch.sees_settled_change());
}

TEST_CASE("what never settles is read in the end")
{
    Files const files;
    auto watch = watch_over(files);
    int looks = 0;
    do
        overwrite(files.descriptor, std::string(static_cast<std::size_t>(++looks), ' '));
    while (!watch.sees_settled_change() && looks < 1000);
    CHECK(looks == 12);
}

TEST_CASE("a change that came while the catalog was read is seen afterwards")
{
    Files const files;
    auto watch = watch_over(files);
    overwrite(files.descriptor, "{\"first\": 1}");
    watch.remember();
    overwrite(files.descriptor, "{\"second\": 22}"); // as it is being read
    CHECK_FALSE(watch.sees_settled_change());
    CHECK(watch.sees_settled_change());
}

TEST_CASE("a descriptor that cannot be read is asked for once")
{
    Files const files;
    auto watch = watch_over(files);
    overwrite(files.descriptor, "no JSON");
    CHECK_FALSE(watch.sees_settled_change());
    CHECK(watch.sees_settled_change());
    watch.remember(); // who reads it leaves it out
    for (int i = 0; i < 20; ++i)
        CHECK_FALSE(watch.sees_settled_change());
}

TEST_CASE("a store that cannot be seen is no empty one")
{
    Files const files;
    auto watch = watch_over(files);
    fs::rename(files.options.store, files.folder / "elsewhere");
    for (int i = 0; i < 20; ++i)
        CHECK_FALSE(watch.sees_settled_change());
    CHECK_FALSE(watch.sees_change());
    fs::rename(files.folder / "elsewhere", files.options.store);
    CHECK_FALSE(watch.sees_settled_change());

    // Where the catalog was to be read meanwhile, it is when the store is back.
    fs::rename(files.options.store, files.folder / "elsewhere");
    watch.remember();
    fs::rename(files.folder / "elsewhere", files.options.store);
    CHECK_FALSE(watch.sees_settled_change());
    CHECK(watch.sees_settled_change());
}
