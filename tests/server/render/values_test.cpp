// SPDX-License-Identifier: Apache-2.0
#include "server/render/values.hpp"

#include "pyramid/raster/nodata.hpp"
#include "tests/support/painted_store.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

using namespace ardoise;

namespace {

constexpr TileRange tiles{{33'500, 413'000}, {33'502, 413'002}}; // of 256 px, 5 cm each

/// One level; grain and masks say where which values are, and of every second tile only a disc is data.
std::shared_ptr<Layer const> noise_layer(test::TemporaryFolder const& folder, std::string const& format,
                                         int channels)
{
    test::PaintedPyramid wanted;
    wanted.set = "2154_5cm";
    wanted.format = format;
    wanted.top = wanted.bottom = "22";
    wanted.bottom_tiles = tiles;
    wanted.channels = channels;
    wanted.grained = wanted.masked = true;
    return make_layer(test::paint_pyramid(folder.path(), wanted), {}, {}, {}, nullptr);
}

/// All of the layer and as much around it, in a system: stretched, or turned as well.
MapFrame frame_around(Layer const& layer, char const* system, std::int32_t side)
{
    auto const crs = Crs::from_definition(system);
    auto box = layer.extent_in(crs);
    double const around_x = box.width() / 4, around_y = box.height() / 4;
    return {crs,
            {box.min_x - around_x, box.min_y - around_y, box.max_x + around_x, box.max_y + around_y},
            side,
            side};
}

template <typename Sample>
std::vector<Sample> samples_of(Raster const& raster)
{
    auto const* first = raster.row<Sample>(0);
    return {first, first + raster.bytes().size() / sizeof(Sample)};
}

/// Samples are nodata or between the least and the greatest that is stored, wherever the edge of the data
/// falls and whatever the scale. What is stored of painted layers is neither 0 nor near nodata.
template <typename Sample>
void check_nothing_bleeds(std::string const& format, int channels, Sample nodata, Sample least,
                          Sample greatest)
{
    test::TemporaryFolder const folder;
    auto const layer = noise_layer(folder, format, channels);
    Caches caches;
    std::vector<double> const of_each(static_cast<std::size_t>(channels), static_cast<double>(nodata));
    for (auto const* system : {"EPSG:2154", "EPSG:3857", "EPSG:4326"})
        for (std::int32_t const side : {50, 333, 768, 1500}) {
            INFO(format << " in " << system << ", " << side << " px");
            auto const values =
                with_nodata(values_in(*layer, frame_around(*layer, system, side), caches), of_each);
            REQUIRE(values.shape() == RasterShape{side, side, channels, layer->pyramid.format.type});
            std::int64_t empty = 0, held = 0;
            for (auto const value : samples_of<Sample>(values)) {
                empty += value == nodata;
                held += value != nodata;
                if (value != nodata && (value < least || value > greatest))
                    FAIL("a value of " << value);
            }
            auto const all = std::int64_t{side} * side * channels;
            CHECK(held > all / 5);
            CHECK(empty > all / 2);
        }
}

} // namespace

TEST_CASE("nodata never bleeds into values, on parallel grids and on others")
{
    check_nothing_bleeds<float>("TIFF_ZIP_FLOAT32", 1, -99999, 0, 255);
    check_nothing_bleeds<float>("TIFF_ZIP_FLOAT32", 2, 1e30F, 0, 255);
    check_nothing_bleeds<std::uint16_t>("TIFF_ZIP_UINT16", 1, 65'535, 0, 65'000);
    check_nothing_bleeds<std::uint8_t>("TIFF_ZIP_UINT8", 1, 255, 1, 254);
}

TEST_CASE("a frame that sees nothing of the layer is nodata all over, each channel its own")
{
    test::TemporaryFolder const folder;
    auto const layer = noise_layer(folder, "TIFF_ZIP_FLOAT32", 2);
    Caches caches;
    MapFrame const elsewhere{layer->pyramid.set->crs, {0, 6'000'000, 100, 6'000'100}, 3, 2};
    auto const values = samples_of<float>(with_nodata(values_in(*layer, elsewhere, caches), {-1.0, -2.0}));
    CHECK(values == std::vector<float>{-1, -2, -1, -2, -1, -2, -1, -2, -1, -2, -1, -2});
}

TEST_CASE("what is data all over is left as it is")
{
    MaskedRaster whole;
    whole.pixels = Raster{{2, 2, 1, SampleType::uint16}};
    whole.pixels.row<std::uint16_t>(1)[1] = 9;
    CHECK(samples_of<std::uint16_t>(with_nodata(std::move(whole), {7})) ==
          std::vector<std::uint16_t>{0, 0, 0, 9});
}
