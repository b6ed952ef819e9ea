// SPDX-License-Identifier: Apache-2.0
#include "pyramid/sources/source_files.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace ardoise;
using Catch::Contains;
using test::failure_text;

TEST_CASE("folders, patterns and files are all found, each once")
{
    test::TemporaryFolder const folder;
    std::filesystem::create_directories(folder / "sub");
    for (auto const* name : {"b.tif", "a.tif", "sub/c.tif"})
        std::ofstream{folder / name} << "x";
    for (auto const* sidecar : {"a.tif.aux.xml", "a.tif.ovr", "notes.txt", ".hidden.tif"})
        std::ofstream{folder / sidecar} << "x";
    std::vector<std::string> const all{folder.path().string(), (folder / "a.tif").string(),
                                       (folder / "*.tif").string()};
    auto const files = find_source_files(all);
    REQUIRE(files.size() == 3);
    CHECK(files[0].filename() == "a.tif");
    CHECK(files[2].filename() == "c.tif");
}

TEST_CASE("arguments that lead to nothing are named")
{
    test::TemporaryFolder const folder;
    auto const said = [&](std::string const& argument) {
        return failure_text([&] { find_source_files(std::vector{argument}); });
    };
    CHECK_THAT(said(folder.path().string()), Contains("no image in this folder"));
    CHECK_THAT(said((folder / "none.tif").string()), Contains("none.tif") && Contains("no such file"));
    CHECK_THAT(said((folder / "*.jp2").string()), Contains("*.jp2"));
}

TEST_CASE("what is no local file is refused, and nothing is fetched")
{
    for (std::string const argument : {"/vsicurl/https://example.org/a.tif", "/vsizip/a.zip/a.tif",
                                       "https://example.org/a.tif", "s3://a/b.tif"})
        CHECK_THAT(failure_text([&] { find_source_files(std::vector{argument}); }),
                   Contains(argument) && Contains("no local file"));
}
