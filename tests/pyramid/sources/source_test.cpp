// SPDX-License-Identifier: Apache-2.0
#include "pyramid/sources/source.hpp"
#include "tests/support/dalle.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>

#include <sys/stat.h>

using namespace ardoise;
using Catch::Contains;
using test::failure_text;

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

TEST_CASE("a source says the unit of its samples, where that is all there is to know of them")
{
    struct {
        char const *first, *second, *unit;
    } const rows[] = {
        {"<UnitType>m</UnitType>", "<UnitType>m</UnitType>", "m"},
        {"<UnitType>kg m-2 s-1</UnitType>", "<UnitType>kg m-2 s-1</UnitType>", "kg m-2 s-1"},
        {"", "", ""},
        {"<UnitType>m</UnitType>", "<UnitType>ft</UnitType>", ""},
        {"<UnitType>m</UnitType>", "", ""},
        {"<UnitType>m</UnitType><Scale>0.1</Scale>", "<UnitType>m</UnitType><Scale>0.1</Scale>", ""},
        {"<UnitType>m</UnitType><Offset>5</Offset>", "<UnitType>m</UnitType>", ""},
        {"<UnitType>&#10;m</UnitType>", "<UnitType>&#10;m</UnitType>", ""},
        {"<UnitType>metres above the level of the seas</UnitType>",
         "<UnitType>metres above the level of the seas</UnitType>", ""}};
    test::TemporaryFolder const folder;
    auto const file = test::write_dalle(folder / "a.tif",
                                        {.width = 8, .height = 8, .bands = 2, .type = SampleType::float32});
    for (auto const& [first, second, unit] : rows) {
        INFO(first << second);
        std::ofstream{folder / "a.tif.aux.xml"} << "<PAMDataset><PAMRasterBand band=\"1\">" << first
                                                << "</PAMRasterBand><PAMRasterBand band=\"2\">" << second
                                                << "</PAMRasterBand></PAMDataset>";
        CHECK(describe_source(file, {}).unit == unit);
    }
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

TEST_CASE("a folder or a pipe in the place of a source is refused, not waited for")
{
    test::TemporaryFolder const folder;
    REQUIRE(::mkfifo((folder / "pipe.tif").c_str(), 0600) == 0);
    CHECK_THAT(failure_text([&] { describe_source(folder / "pipe.tif", {}); }), Contains("pipe.tif"));
    REQUIRE(::mkfifo((folder / "pipe.vrt").c_str(), 0600) == 0);
    CHECK_THAT(failure_text([&] { describe_source(folder / "pipe.vrt", {}); }), Contains("pipe.vrt"));
    auto const file = test::write_dalle(folder / "a.tif", {.width = 8, .height = 8});
    REQUIRE(::mkfifo((folder / "a.tif.msk").c_str(), 0600) == 0);
    CHECK_THAT(failure_text([&] { describe_source(file, {}); }), Contains("a.tif.msk"));
}

TEST_CASE("a palette is described as the colours that it gives, or as its indices")
{
    test::TemporaryFolder const folder;
    test::Dalle dalle{.width = 8, .height = 8, .bands = 1, .palette = {{10, 20, 30, 255}, {40, 50, 60, 255}}};
    auto const zero = [](double, double, int) { return 0.0; };
    auto const opaque = describe_source(test::write_dalle(folder / "opaque.png", dalle, zero), {});
    CHECK(opaque.palette);
    CHECK(opaque.bands == 3);
    dalle.palette[1][3] = 128;
    CHECK(describe_source(test::write_dalle(folder / "alpha.png", dalle, zero), {}).bands == 4);
    SourceOptions options;
    options.palette = PaletteSamples::indices;
    auto const indices = describe_source(folder / "opaque.png", options);
    CHECK_FALSE(indices.palette);
    CHECK(indices.bands == 1);
}

TEST_CASE("a mask or an overview beside an image may not point elsewhere")
{
    test::TemporaryFolder const folder;
    auto const file = test::write_dalle(folder / "a.tif", {.width = 8, .height = 8});
    for (auto const* ending : {".msk", ".ovr"}) {
        auto const sidecar = file.string() + ending;
        std::ofstream{sidecar} << "<VRTDataset rasterXSize=\"8\" rasterYSize=\"8\"></VRTDataset>";
        CHECK_THAT(failure_text([&] { describe_source(file, {}); }), Contains(sidecar));
        std::filesystem::remove(sidecar);
    }
    CHECK(describe_source(file, {}).width == 8);
}
