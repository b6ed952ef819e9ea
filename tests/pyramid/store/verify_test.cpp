// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/atomic_file.hpp"
#include "pyramid/store/checksums.hpp"
#include "pyramid/store/slab.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/painted_store.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;
using Catch::Contains;
using test::failure_text;

namespace {

/// Writes the checksums of all that lies in the pyramid's folder.
void list_slabs(Pyramid const& pyramid)
{
    std::vector<SlabChecksum> checksums;
    for (auto const& entry : std::filesystem::recursive_directory_iterator{pyramid.folder})
        if (entry.is_regular_file()) {
            auto const bytes = read_text(entry.path());
            checksums.push_back({entry.path().lexically_relative(pyramid.folder).string(),
                                 hash_of(as_bytes(bytes)), bytes.size()});
        }
    write_checksums(pyramid.folder / checksums_file_name, checksums);
}

} // namespace

TEST_CASE("verify finds nothing wrong with a good pyramid and names what is wrong with others")
{
    test::TemporaryFolder const folder;
    auto const pyramid = test::paint_pyramid(folder.path(), {});
    auto const good = verify(pyramid);
    CHECK(good.damages.empty());
    CHECK(good.slabs > 3);

    auto const file = slab_file(pyramid.finest(), {2, 1});
    auto text = read_text(file);
    write_atomically(file, text.substr(0, 2050));
    auto const cut = verify(pyramid);
    REQUIRE(cut.damages.size() == 1);
    CHECK_THAT(cut.damages[0], Contains(file.filename().string()));
}

TEST_CASE("checksums name missing, shortened and altered slabs")
{
    test::TemporaryFolder const folder;
    auto const pyramid = test::paint_pyramid(folder.path(), {});
    list_slabs(pyramid);
    CHECK(verify(pyramid).damages.empty());

    auto const file = slab_file(pyramid.finest(), {2, 1});
    auto const original = read_text(file);
    auto altered = original;
    altered[2048 + 8 * 4 + 60] ^= 1; // inside the first tile
    write_atomically(file, altered);
    auto damages = verify(pyramid).damages;
    REQUIRE_FALSE(damages.empty());
    CHECK_THAT(damages[0], Contains("tile at column"));

    write_atomically(file, original.substr(0, original.size() - 3));
    damages = verify(pyramid).damages;
    REQUIRE_FALSE(damages.empty());
    CHECK_THAT(damages[0], Contains("bytes, expected"));

    std::filesystem::remove(file);
    damages = verify(pyramid).damages;
    REQUIRE(damages.size() == 1);
    CHECK_THAT(damages[0], Contains("is missing"));
}

TEST_CASE("a checksums file that is none is refused with its line")
{
    test::TemporaryFolder const folder;
    write_atomically(folder / "checksums.txt", "0123456789abcdef 12 DATA/0/00/00/00.tif\nwhat is this\n\n");
    CHECK_THAT(failure_text([&] { read_checksums(folder / "checksums.txt"); }), Contains("line 2"));
}

TEST_CASE("no line of a checksums file is missing unnoticed")
{
    test::TemporaryFolder const folder;
    auto const file = folder / "checksums.txt";
    std::vector<SlabChecksum> const written{{"DATA/0/00/00/00.tif", 7, 12}, {"DATA/1/00/00/00.tif", 8, 13}};
    write_checksums(file, written);
    CHECK(read_checksums(file) == written);
    auto const whole = read_text(file);
    auto const second = whole.find('\n') + 1, last = whole.find('\n', second) + 1;
    auto altered = whole;
    altered[3] = '1';
    for (auto const& text :
         {std::string{}, whole.substr(0, second), whole.substr(0, last), whole.substr(second),
          whole.substr(0, second) + whole.substr(last), whole.substr(0, whole.size() - 2), altered}) {
        write_atomically(file, text);
        CHECK_THAT(failure_text([&] { read_checksums(file); }), Contains("checksums.txt"));
    }
    write_checksums(file, {});
    CHECK(read_checksums(file).empty());
}

TEST_CASE("verify names the files among the slabs that no checksum speaks of, and calls none of them damage")
{
    test::TemporaryFolder const folder;
    auto const pyramid = test::paint_pyramid(folder.path(), {});
    list_slabs(pyramid);
    write_atomically(pyramid.folder / "report.html", "for people");
    CHECK(verify(pyramid).unlisted.empty());
    write_atomically(pyramid.folder / "MASK/3/00/00/01.tif", "left by somebody who was killed");
    write_atomically(pyramid.folder / "DATA/3/notes.txt", "put there by hand");
    auto const found = verify(pyramid);
    CHECK(found.unlisted == std::vector<std::string>{"DATA/3/notes.txt", "MASK/3/00/00/01.tif"});
    CHECK(found.damages.empty());
}
