// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/lost_detail.hpp"

#include "pyramid/grid/tile_matrix_set_library.hpp"
#include "pyramid/sources/mosaics.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;
using Catch::Contains;

namespace {

Source source_of(double pixel, char const* crs = "EPSG:2154")
{
    Source source{.file = "dalle.tif", .crs = Crs::from_definition(crs)};
    bool const degrees = source.crs.geographic();
    source.left = degrees ? -0.5 : 430000;
    source.top = degrees ? 47.5 : 6712000;
    source.pixel_width = source.pixel_height = pixel;
    source.width = source.height = 1000;
    source.bands = 3;
    return source;
}

BuildPlan plan_of(std::vector<Source> sources, char const* set, char const* bottom = "")
{
    BuildOptions options;
    options.bottom = bottom;
    return make_plan(group_by_grid(std::move(sources)), TileMatrixSetLibrary{}.get(set), options);
}

} // namespace

TEST_CASE("a finest level that is coarser than the finest source is said, with the one that keeps all")
{
    // The nearest to 0.30 m is 0.40 m.
    auto const text = lost_detail_text(plan_of({source_of(1), source_of(0.3)}, "2154_5cm"));
    CHECK_THAT(text, Contains("level 19 has pixels of 0.4 m") && Contains("0.3 m") &&
                         Contains("`--bottom 20` (0.2 m) keeps all of it"));
    CHECK(lost_detail_text(plan_of({source_of(0.3)}, "2154_5cm", "20")).empty());
}

TEST_CASE("levels that are as fine as the sources, or nearly, lose nothing")
{
    for (double const pixel : {0.05, 0.2, 0.8, 0.77}) {
        INFO(pixel);
        CHECK_FALSE(lost_detail(plan_of({source_of(pixel)}, "2154_5cm")));
    }
    CHECK(lost_detail(plan_of({source_of(0.75)}, "2154_5cm")));
}

TEST_CASE("a level that was asked for is measured alike")
{
    auto const lost = lost_detail(plan_of({source_of(0.05)}, "2154_5cm", "20"));
    REQUIRE(lost);
    CHECK(lost->finest.id == "20");
    CHECK(lost->source == Approx(0.05));
    REQUIRE(lost->keeping);
    CHECK(lost->keeping->id == "22");
}

TEST_CASE("a set without such a fine level has no remedy but another set")
{
    CHECK_THAT(lost_detail_text(plan_of({source_of(0.05)}, "2154_10cm")),
               Contains("the set 2154_10cm has no level"));
}

TEST_CASE("pixels are said in metres, or in degrees where the set has these")
{
    CHECK_THAT(lost_detail_text(plan_of({source_of(1e-5, "EPSG:4326")}, "4326", "10")),
               Contains("of 0.0006866°") && Contains("of 1e-05°"));
}
