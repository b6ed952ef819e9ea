// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/mosaic.hpp"
#include "tests/support/dalle.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>

#include <sys/stat.h>

using namespace ardoise;
using Catch::Contains;
using test::failure_text;

namespace {

std::vector<int> const rgb{1, 2, 3};

bool all_valid(MaskedRaster const& raster)
{
    return validity_of(raster.view()) == Validity::full;
}

} // namespace

TEST_CASE("a source says where it lies and what it holds")
{
    test::TemporaryFolder const folder;
    auto const file =
        test::write_dalle(folder / "a.tif", {.left = 430000, .top = 6712000, .width = 40, .height = 30});
    auto const source = describe_source(file, {});
    CHECK(source.crs.epsg() == 2154);
    CHECK(source.extent().min_x == 430000);
    CHECK(source.extent().min_y == Approx(6712000 - 1.5));
    CHECK(source.bands == 3);
    CHECK(source.type == SampleType::uint8);
}

TEST_CASE("what cannot be a source is refused with the file and the remedy")
{
    test::TemporaryFolder const folder;
    std::ofstream{folder / "text.tif"} << "no image at all";
    CHECK_THAT(failure_text([&] { describe_source(folder / "text.tif", {}); }), Contains("text.tif"));
    test::write_dalle(folder / "nocrs.tif", {.crs = ""});
    CHECK_THAT(failure_text([&] { describe_source(folder / "nocrs.tif", {}); }), Contains("--source-crs"));
    test::write_dalle(folder / "noplace.tif", {.georeferenced = false});
    CHECK_THAT(failure_text([&] { describe_source(folder / "noplace.tif", {}); }), Contains("georeference"));
    SourceOptions options;
    options.crs = "EPSG:3947";
    CHECK(describe_source(folder / "nocrs.tif", options).crs.epsg() == 3947);
}

TEST_CASE("folders, patterns and files are all found, each once")
{
    test::TemporaryFolder const folder;
    std::filesystem::create_directories(folder / "sub");
    for (auto const* name : {"b.tif", "a.tif", "sub/c.tif"})
        test::write_dalle(folder / name, {.width = 8, .height = 8});
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

TEST_CASE("validity comes from nodata, a mask or alpha, and never from real black")
{
    test::TemporaryFolder const folder;
    auto const stripes = [](double x, double, int) { return std::fmod(x, 2) < 1 ? 0.0 : 77.0; };
    SourceReader reader{{}};
    auto const read = [&](test::Dalle const& dalle, char const* name, test::Holes const& holes = {}) {
        auto const file = test::write_dalle(folder / name, dalle, stripes, holes);
        return reader.read(describe_source(file, {}), {0, 0, dalle.width, dalle.height}, rgb);
    };
    test::Dalle const plain{.top = 64, .pixel = 1, .width = 64, .height = 64};
    CHECK(all_valid(read(plain, "black.tif")));

    auto with_nodata = plain;
    with_nodata.nodata = 0;
    auto const nodata = read(with_nodata, "nodata.tif");
    CHECK(nodata.validity.row(3)[0] == 0);
    CHECK(nodata.validity.row(3)[1] == 255);

    auto const masked = read(plain, "mask.tif", [](auto x, auto y) { return x + y > 60; });
    CHECK(masked.validity.row(0)[60] == 0);
    CHECK(masked.validity.row(0)[61] == 255);

    auto with_alpha = plain;
    with_alpha.bands = 4;
    with_alpha.alpha = true;
    auto const alpha = read(with_alpha, "alpha.tif"); // the alpha band holds the stripes, too
    CHECK(alpha.validity.row(3)[0] == 0);
    CHECK(alpha.validity.row(3)[1] == 77);
}

TEST_CASE("a pixel is nothing only when all of its bands are nodata")
{
    test::TemporaryFolder const folder;
    auto const ground = [](double x, double, int band) { return x < 4 ? (band == 0 ? 0.0 : 9.0) : 0.0; };
    auto const file = test::write_dalle(folder / "a.tif",
                                        {.top = 8, .pixel = 1, .width = 8, .height = 8, .nodata = 0}, ground);
    auto const raster = SourceReader{{}}.read(describe_source(file, {}), {0, 0, 8, 8}, rgb);
    CHECK(raster.validity.row(0)[3] == 255);
    CHECK(raster.validity.row(0)[4] == 0);
}

TEST_CASE("nodata that the sample type cannot hold says nothing")
{
    test::TemporaryFolder const folder;
    auto const file = test::write_dalle(folder / "a.tif",
                                        {.top = 8, .pixel = 1, .width = 8, .height = 8, .nodata = -10000});
    CHECK(all_valid(SourceReader{{}}.read(describe_source(file, {}), {0, 0, 8, 8}, rgb)));
}

TEST_CASE("a band that is asked for as data is no alpha")
{
    test::TemporaryFolder const folder;
    auto const file = test::write_dalle(
        folder / "a.tif", {.top = 8, .pixel = 1, .width = 8, .height = 8, .bands = 4, .alpha = true},
        [](double x, double, int band) { return band == 3 ? 10 * x : 50; });
    std::vector<int> const irc{4, 1, 2};
    auto const raster = SourceReader{{}}.read(describe_source(file, {}), {0, 0, 8, 8}, irc);
    CHECK(all_valid(raster));
    CHECK(raster.pixels.row(0)[0] == 5);
    CHECK(raster.pixels.row(0)[1] == 50);
}

TEST_CASE("sources on one grid are one mosaic, others are mosaics of their own")
{
    auto const at = [](double left, double top, double pixel = 0.05) {
        Source source{.file = "x", .crs = Crs::from_definition("EPSG:2154")};
        source.left = left;
        source.top = top;
        source.pixel_width = source.pixel_height = pixel;
        source.width = source.height = 100;
        return source;
    };
    CHECK(group_by_grid({at(0, 0), at(5, 0), at(-500.05, 1000)}).size() == 1);
    CHECK(group_by_grid({at(0, 0), at(5.02, 0)}).size() == 2);
    CHECK(group_by_grid({at(0, 0), at(5, 0, 0.1)}).size() == 2);
    CHECK(group_by_grid({at(0, 0), at(5.00001, 0)}).size() == 1); // a fifth of a thousandth of a pixel
}

TEST_CASE("a window over several sources has their pixels, and nothing between them")
{
    test::TemporaryFolder const folder;
    std::vector<Source> sources;
    for (int i = 0; i < 2; ++i)
        sources.push_back(describe_source(
            test::write_dalle(folder / (std::to_string(i) + ".tif"),
                              {.left = 100.0 * i, .top = 50, .pixel = 1, .width = 50, .height = 50}),
            {}));
    auto const mosaics = group_by_grid(std::move(sources));
    REQUIRE(mosaics.size() == 1);
    SourceReader reader{{}};
    auto const window = mosaics[0].read(reader, -10, -10, 200, 80, rgb, 1);
    CHECK(window.validity.row(5)[50] == 0);
    CHECK(window.validity.row(40)[30] == 255);
    CHECK(window.validity.row(40)[80] == 0);
    CHECK(window.validity.row(40)[140] == 255);
    CHECK(window.pixels.row(40)[3 * 30] ==
          static_cast<std::uint8_t>(std::lround(test::hills(20.5, 50 - 30.5, 0))));
}

TEST_CASE("where sources overlap the later one lies on top")
{
    MaskedRaster bottom{{2, 1, 1, SampleType::uint8}}, top{{2, 1, 1, SampleType::uint8}};
    bottom.pixels.row(0)[0] = bottom.pixels.row(0)[1] = 100;
    bottom.validity.row(0)[0] = bottom.validity.row(0)[1] = 255;
    top.pixels.row(0)[0] = 200;
    top.validity.row(0)[0] = 255;
    top.pixels.row(0)[1] = 200;
    top.validity.row(0)[1] = 51; // a fifth
    lay_over(top, bottom, 0, 0);
    CHECK(bottom.pixels.row(0)[0] == 200);
    CHECK(bottom.pixels.row(0)[1] == 120);
    CHECK(bottom.validity.row(0)[1] == 255);
}

TEST_CASE("laying over clips to the raster below")
{
    MaskedRaster bottom{{4, 4, 1, SampleType::float32}};
    for (std::int32_t const shift : {-9, -3, 0, 3, 9}) {
        MaskedRaster top{{4, 4, 1, SampleType::float32}};
        std::fill(top.validity.bytes().begin(), top.validity.bytes().end(), std::byte{255});
        lay_over(top, bottom, shift, shift);
    }
    CHECK(bottom.validity.row(0)[0] == 255);
}

TEST_CASE("a truncated source is a failure, not grey pixels")
{
    test::TemporaryFolder const folder;
    auto const file = test::write_dalle(folder / "a.tif", {.top = 256, .pixel = 1});
    auto const source = describe_source(file, {});
    std::filesystem::resize_file(file, std::filesystem::file_size(file) * 2 / 3);
    CHECK_THAT(failure_text([&] {
                   SourceReader{{}}.read(source, {0, 0, 256, 256}, rgb);
               }),
               Contains("a.tif"));
}

TEST_CASE("a source that changed since it was described is a failure")
{
    test::TemporaryFolder const folder;
    auto const file = test::write_dalle(folder / "a.tif", {.width = 8, .height = 8});
    auto const source = describe_source(file, {});
    test::write_dalle(folder / "a.tif", {.width = 9, .height = 8});
    CHECK_THAT(failure_text([&] {
                   SourceReader{{}}.read(source, {0, 0, 8, 8}, rgb);
               }),
               Contains("has changed"));
}

TEST_CASE("what weighs nothing is not looked at, for it may be NaN")
{
    MaskedRaster bottom{{1, 1, 1, SampleType::float32}}, top{{1, 1, 1, SampleType::float32}};
    bottom.pixels.row<float>(0)[0] = std::nanf("");
    top.pixels.row<float>(0)[0] = 20;
    top.validity.row(0)[0] = 128;
    lay_over(top, bottom, 0, 0);
    CHECK(bottom.pixels.row<float>(0)[0] == 20);
    CHECK(bottom.validity.row(0)[0] == 128);
}

TEST_CASE("a file that points elsewhere is no source, unless it is called a VRT")
{
    test::TemporaryFolder const folder;
    auto const real = test::write_dalle(folder / "real.tif", {.width = 8, .height = 8});
    auto const vrt =
        "<VRTDataset rasterXSize=\"8\" rasterYSize=\"8\"><GeoTransform>0,1,0,0,0,-1</GeoTransform>"
        "<VRTRasterBand dataType=\"Byte\" band=\"1\"><SimpleSource><SourceFilename>" +
        real.string() +
        "</SourceFilename><SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>";
    std::ofstream{folder / "sly.tif"} << vrt;
    std::ofstream{folder / "honest.vrt"} << vrt;
    SourceOptions options;
    options.crs = "EPSG:2154";
    CHECK_THAT(failure_text([&] { describe_source(folder / "sly.tif", options); }), Contains("sly.tif"));
    CHECK(describe_source(folder / "honest.vrt", options).width == 8);
}

TEST_CASE("a folder or a pipe in the place of a source is refused, not waited for")
{
    test::TemporaryFolder const folder;
    REQUIRE(::mkfifo((folder / "pipe.tif").c_str(), 0600) == 0);
    CHECK_THAT(failure_text([&] { describe_source(folder / "pipe.tif", {}); }), Contains("pipe.tif"));
}
