// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/mapped_file.hpp"
#include "pyramid/store/pyramid_writer.hpp"
#include "tests/support/painted_store.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;

TEST_CASE("where one level has masks, all have the folder that the descriptor names")
{
    test::TemporaryFolder const painted, folder;
    auto const pyramid = test::paint_pyramid(painted.path(), {.masked = true});
    constexpr TileIndex slab{0, 0};
    for (bool const with_mask : {false, true}) {
        auto published = pyramid;
        published.name = with_mask ? "masked" : "whole";
        for (auto& level : published.levels)
            level.mask_directory = std::nullopt;
        PyramidWriter writer{folder.path(), published, "recipe"};
        auto const& level = pyramid.levels.front();
        writer.write(slab_kind::data, level, slab, MappedFile{slab_file(level, slab)}.bytes());
        if (with_mask)
            writer.write(slab_kind::mask, level, slab, MappedFile{*mask_file(level, slab)}.bytes());
        writer.publish(Json::object({}));

        auto const read =
            read_pyramid(folder / (published.name + ".json"), TileMatrixSetLibrary{{folder.path()}});
        for (auto const& written : read.levels) {
            REQUIRE(written.mask_directory.has_value() == with_mask);
            CHECK((!with_mask || std::filesystem::is_directory(*written.mask_directory)));
        }
    }
}
