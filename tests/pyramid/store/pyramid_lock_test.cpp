// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/atomic_file.hpp"
#include "pyramid/store/pyramid_lock.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <memory>

using namespace ardoise;
using Catch::Contains;
using test::failure_text;

namespace {

std::string refusal(std::filesystem::path const& store, Sharing sharing = Sharing::alone)
{
    return failure_text([&] { PyramidLock{store, "P", sharing}; });
}

} // namespace

TEST_CASE("a pyramid's lock is one process's alone, and another pyramid's is another lock")
{
    test::TemporaryFolder const folder;
    {
        PyramidLock const lock{folder.path(), "P"};
        for (auto const sharing : {Sharing::alone, Sharing::with_others})
            CHECK_THAT(refusal(folder.path(), sharing),
                       Contains(".P.lock") && Contains("another process") && Contains("wait until it ends"));
        PyramidLock const other{folder.path(), "Q"};
    }
    CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("who shares a lock keeps out who wants it alone, until the last one ends")
{
    test::TemporaryFolder const folder;
    auto first = std::make_unique<PyramidLock>(folder.path(), "P", Sharing::with_others);
    auto second = std::make_unique<PyramidLock>(folder.path(), "P", Sharing::with_others);
    CHECK_THAT(refusal(folder.path()), Contains("another process"));
    first.reset();
    CHECK_THAT(refusal(folder.path()), Contains("another process"));
    second.reset();
    CHECK(is_there(folder / ".P.lock")); // none of them knows whether it is the last one
    CHECK(refusal(folder.path()) == "(no failure)");
    CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("a lock that a kill left behind hinders nobody, and goes with the next one")
{
    test::TemporaryFolder const folder;
    write_atomically(folder / ".P.lock", "");
    CHECK(refusal(folder.path()) == "(no failure)");
    CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("a store that a lock made goes with it, unless something lies in it")
{
    test::TemporaryFolder const folder;
    {
        PyramidLock const lock{folder / "store", "P"};
    }
    CHECK_FALSE(is_there(folder / "store"));
    {
        PyramidLock const lock{folder / "store", "P"};
        write_atomically(folder / "store/P.json", "{}");
    }
    CHECK(is_there(folder / "store/P.json"));
    write_atomically(folder / "file", "");
    CHECK_THAT(refusal(folder / "file"), Contains("file: the folder cannot be made"));
}
