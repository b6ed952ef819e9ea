// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/styling/drawn_from.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;

namespace {

Level level_of(char const* id, std::int64_t tiles)
{
    Level level;
    level.id = id;
    level.tiles_per_width = level.tiles_per_height = 2;
    level.limits = {{0, 0}, {tiles, tiles}};
    return level;
}

/// Two levels, of 1 and of 5 x 5 slabs of 2 x 2 tiles.
Pyramid pyramid()
{
    Pyramid made;
    made.levels = {level_of("3", 2), level_of("4", 10)};
    return made;
}

std::vector<SlabChecksum> files_of(Pyramid const& pyramid)
{
    std::vector<SlabChecksum> files{{data_name(pyramid.levels[0], {0, 0}), 1, 10}};
    for (std::int64_t row = 0; row < 5; ++row)
        for (std::int64_t col = 0; col < 5; ++col)
            files.push_back({data_name(pyramid.levels[1], {col, row}), 2, 10});
    return files;
}

std::vector<SlabChecksum> with(std::vector<SlabChecksum> files, std::string const& name, std::uint64_t hash)
{
    std::erase_if(files, [&](SlabChecksum const& file) { return file.slab == name; });
    files.push_back({name, hash, 10});
    return files;
}

} // namespace

TEST_CASE("slabs that hold tiles come level by level, and within the limits alone")
{
    auto made = pyramid();
    auto files = files_of(made);
    files.push_back({mask_name(made.levels[1], {1, 1}), 3, 10});
    auto const slabs = slabs_in(DrawnFrom{files}, made);
    REQUIRE(slabs.size() == 26);
    CHECK(slabs.front() == SlabPlace{0, {0, 0}});
    made.levels[1].limits = {{0, 0}, {4, 3}};
    CHECK(slabs_in(DrawnFrom{files}, made).size() == 5);
}

TEST_CASE("a slab is drawn anew with its neighbours where a style looks at these, at its own level alone")
{
    auto const made = pyramid();
    auto const files = files_of(made);
    DrawnFrom const before{files};
    CHECK(slabs_changed(before, before, made, 1).empty());
    DrawnFrom const inner{with(files, data_name(made.levels[1], {2, 2}), 7)};
    CHECK(slabs_changed(before, inner, made, 0) == std::vector{SlabPlace{1, {2, 2}}});
    CHECK(slabs_changed(before, inner, made, 1).size() == 9);
    DrawnFrom const corner{with(files, data_name(made.levels[1], {0, 0}), 7)};
    CHECK(slabs_changed(before, corner, made, 1).size() == 4);
}

TEST_CASE("a mask that comes or changes, and a slab that goes, are changes of what is around")
{
    auto const made = pyramid();
    auto const files = files_of(made);
    DrawnFrom const before{files}, masked{with(files, mask_name(made.levels[1], {2, 2}), 7)};
    CHECK(slabs_changed(before, masked, made, 0) == std::vector{SlabPlace{1, {2, 2}}});
    CHECK(slabs_changed(masked, before, made, 0) == std::vector{SlabPlace{1, {2, 2}}});
    auto fewer = files;
    std::erase_if(fewer, [&](auto const& file) { return file.slab == data_name(made.levels[1], {2, 2}); });
    CHECK(slabs_changed(before, DrawnFrom{fewer}, made, 0).empty());
    CHECK(slabs_changed(before, DrawnFrom{fewer}, made, 1).size() == 8);
}

TEST_CASE("fingerprints differ where a file does")
{
    auto const made = pyramid();
    auto const files = files_of(made);
    CHECK(DrawnFrom{files}.fingerprint() == DrawnFrom{files}.fingerprint());
    CHECK(DrawnFrom{files}.fingerprint() !=
          DrawnFrom{with(files, data_name(made.levels[0], {0, 0}), 9)}.fingerprint());
}
