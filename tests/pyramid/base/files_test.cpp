// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/mapped_file.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/forget_in_memory.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <csignal>
#include <fstream>

#include <sys/resource.h>

using namespace ardoise;
using Catch::Contains;
using test::failure_text;

TEST_CASE("a file takes its name only when it is published")
{
    test::TemporaryFolder const folder;
    {
        AtomicFile output{folder.path() / "deep" / "down" / "a.txt"};
        output.write(as_bytes("hello "));
        output.write(as_bytes("world"));
        output.write_at(0, as_bytes("J"));
        CHECK_FALSE(std::filesystem::exists(folder.path() / "deep" / "down" / "a.txt"));
        output.publish();
    }
    CHECK(read_text(folder.path() / "deep" / "down" / "a.txt") == "Jello world");
    CHECK(folder.listing() == std::set<std::string>{"deep", "deep/down", "deep/down/a.txt"});
}

TEST_CASE("nothing stays of a file that is not published")
{
    test::TemporaryFolder const folder;
    {
        AtomicFile output{folder / "a.txt"};
        output.write(as_bytes("half"));
    }
    CHECK(folder.listing().empty());
}

TEST_CASE("with a scratch folder nothing lies beside the final place until the file is there")
{
    test::TemporaryFolder const folder;
    std::filesystem::create_directories(folder / "scratch");
    {
        AtomicFile output{folder / "a.txt", folder / "scratch"};
        output.write(as_bytes("hello"));
        auto const meanwhile = folder.listing();
        CHECK(meanwhile.size() == 2);
        CHECK(std::count_if(meanwhile.begin(), meanwhile.end(), is_unpublished_part) == 1);
        CHECK(meanwhile.rbegin()->starts_with("scratch/."));
        output.publish();
    }
    CHECK(read_text(folder / "a.txt") == "hello");
    CHECK(folder.listing() == std::set<std::string>{"a.txt", "scratch"});
}

TEST_CASE("publishing replaces what had the name")
{
    test::TemporaryFolder const folder;
    write_atomically(folder / "a.txt", "old");
    MappedFile const reader{folder / "a.txt"};
    write_atomically(folder / "a.txt", "new and longer");
    CHECK(as_text(reader.bytes()) == "old"); // a reader keeps what it opened
    CHECK(read_text(folder / "a.txt") == "new and longer");
}

TEST_CASE("a disk that is full is a failure that names the file, and nothing stays")
{
    test::TemporaryFolder const folder;
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    rlimit const small{4096, before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
    auto const said = failure_text([&] { write_atomically(folder / "big.bin", std::string(100'000, 'x')); });
    ::setrlimit(RLIMIT_FSIZE, &before);
    CHECK_THAT(said, Contains("big.bin") && Contains("cannot be written"));
    CHECK(folder.listing().empty());
}

TEST_CASE("files that cannot be read are named")
{
    test::TemporaryFolder const folder;
    std::ofstream{folder / "empty"};
    CHECK_THAT(failure_text([&] { MappedFile{folder / "none"}; }), Contains("none: cannot be opened"));
    CHECK_THAT(failure_text([&] { MappedFile{folder / "empty"}; }), Contains("empty: is empty"));
    CHECK_THAT(failure_text([&] { MappedFile{folder.path()}; }), Contains("is not a regular file"));
    CHECK_THAT(failure_text([&] { read_text(folder / "none"); }), Contains("cannot be read"));
    write_atomically(folder / "long", "12345");
    CHECK_THAT(failure_text([&] { read_text(folder / "long", 4); }), Contains("too large"));
}

TEST_CASE("a mapping moves with its bytes")
{
    test::TemporaryFolder const folder;
    write_atomically(folder / "a", "abc");
    MappedFile first{folder / "a"};
    MappedFile second{std::move(first)};
    CHECK(as_text(second.bytes()) == "abc");
    CHECK(first.bytes().empty());
}

TEST_CASE("a mapping says which of its bytes are on the disk only, and brings them")
{
    test::TemporaryFolder const folder;
    constexpr std::size_t megabyte = 1 << 20, far = 4 * megabyte + 100, size = 10'000;
    write_atomically(folder / "a", std::string(8 * megabyte, 'a'));
    auto const keep_both = MappedFile::Keep::mapping_and_descriptor;
    for (auto const keep : {MappedFile::Keep::mapping, keep_both}) {
        if (!test::forget_in_memory(folder / "a")) {
            WARN("the temporary folder lives in memory: nothing can be shown");
            return;
        }
        MappedFile const file{folder / "a", keep};
        CHECK_FALSE(file.is_in_memory(far, size));
        file.ask_for(far, size);
        file.bring(far, size);
        file.bring(8 * megabyte - 1, 1);
        bool const can_tell = keep == keep_both;
        CHECK(file.is_in_memory(far, size) == can_tell);
        CHECK(file.is_in_memory(8 * megabyte - 1, 1) == can_tell);
    }
}

TEST_CASE("bytes that a file no longer has cannot be brought, and nothing is made of them")
{
    test::TemporaryFolder const folder;
    constexpr std::size_t megabyte = 1 << 20;
    for (auto const keep : {MappedFile::Keep::mapping, MappedFile::Keep::mapping_and_descriptor}) {
        write_atomically(folder / "a", std::string(4 * megabyte, 'a'));
        MappedFile const file{folder / "a", keep};
        std::filesystem::resize_file(folder / "a", megabyte);
        file.bring(0, megabyte);
        CHECK_THAT(failure_text([&] { file.bring(megabyte - 100, 5'000); }), Contains("cannot be read"));
        CHECK_THAT(failure_text([&] { file.bring(3 * megabyte, 100); }), Contains("cannot be read"));
        CHECK_FALSE(file.is_in_memory(3 * megabyte, 100));
    }
}
