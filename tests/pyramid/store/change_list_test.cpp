// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/atomic_file.hpp"
#include "pyramid/store/change_list.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;
using Catch::Contains;
using test::failure_text;

namespace {

using Tiles = std::vector<ChangedTile>;

Tiles const some{{"7", {1, 2}}, {"EPSG:3857:8", {30, 40}}}, others{{"7", {1, 2}}, {"7", {5, 6}}};

} // namespace

TEST_CASE("a list of changes comes back as it was written, a tile a line")
{
    test::TemporaryFolder const folder;
    CHECK(write_change_list(folder / "r2", folder.path(), some, ListIs::kept) == some);
    CHECK(read_text(folder / "r2/changed.txt") == "7/1/2\nEPSG:3857:8/30/40\n");
    CHECK(read_change_list(folder / "r2") == some);
    write_change_list(folder / "r2", folder.path(), {}, ListIs::kept);
    CHECK(read_change_list(folder / "r2").empty());
}

TEST_CASE("that nobody knows what changed is no empty list")
{
    test::TemporaryFolder const folder;
    auto const check_unknown = [&] {
        CHECK_THAT(failure_text([&] { read_change_list(folder / "r2"); }),
                   Contains("r2/changed.txt") && Contains("nobody knows") &&
                       Contains("purge everything of this layer once"));
    };
    check_unknown();
    write_change_list(folder / "r2", folder.path(), some, ListIs::kept);
    write_unknown_changes(folder / "r2");
    check_unknown();
    CHECK(write_change_list(folder / "r3", folder / "r2", others, ListIs::kept) == others);
    CHECK(read_change_list(folder / "r3") == others);
}

TEST_CASE(
    "what was built took no other revision's place: its list is empty, and no other one's without a file")
{
    test::TemporaryFolder const folder;
    Pyramid published;
    published.folder = folder / "P";
    CHECK_THAT(failure_text([&] { change_list_of(published); }),
               Contains("is not there any more") && Contains("run the command again"));
    write_atomically(folder / "P/descriptor.json", "{}");
    CHECK(change_list_of(published).empty());
    write_unknown_changes(published.folder);
    CHECK_THAT(failure_text([&] { change_list_of(published); }), Contains("nobody knows"));
    write_change_list(published.folder, folder / "P/r2", some, ListIs::owed);
    CHECK(change_list_of(published) == some);

    published.revision = 2;
    published.folder = folder / "P/r2";
    write_atomically(folder / "P/r2/descriptor.json", "{}");
    CHECK_THAT(failure_text([&] { change_list_of(published); }), Contains("nobody knows"));
}

TEST_CASE("a list is owed until it is handed over, and until then the next list takes it in")
{
    test::TemporaryFolder const folder;
    auto const second = folder / "r2", third = folder / "r3", fourth = folder / "r4";
    write_change_list(second, folder.path(), some, ListIs::owed);
    CHECK(read_change_list(second) == some);

    CHECK(write_change_list(third, second, others, ListIs::kept) == Tiles{some[0], some[1], others[1]});
    CHECK(read_change_list(third) == Tiles{some[0], some[1], others[1]});
    CHECK(owes_change_list(third));

    settle_change_list(third);
    CHECK(read_change_list(third) == Tiles{some[0], some[1], others[1]});
    CHECK_FALSE(is_there(third / owed_change_list_name));
    settle_change_list(third); // once more harms nothing

    write_change_list(fourth, third, others, ListIs::kept);
    CHECK(read_change_list(fourth) == others);
    CHECK_FALSE(is_there(fourth / owed_change_list_name));
}

TEST_CASE("who was killed had asked for the list: it stays owed when the work is gone on with by another")
{
    test::TemporaryFolder const folder;
    write_change_list(folder / "r2", folder.path(), some, ListIs::owed);
    write_change_list(folder / "r2", folder.path(), some, ListIs::kept);
    CHECK(is_there(folder / "r2" / owed_change_list_name));
    CHECK_FALSE(is_there(folder / "r2" / change_list_name));
    CHECK(read_change_list(folder / "r2") == some);
}

TEST_CASE("a line that names no tile is refused with its number")
{
    for (char const* line : {"7/1", "7", "/1/2/", "7/a/2", "7/1/b", ""}) {
        INFO(line);
        test::TemporaryFolder const folder;
        write_atomically(folder / "changed.txt", fmt::format("7/1/2\n{}\n", line));
        CHECK_THAT(failure_text([&] { read_change_list(folder.path()); }),
                   Contains("changed.txt: line 2") && Contains("level, column and row"));
    }
}
