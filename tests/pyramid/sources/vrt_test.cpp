// SPDX-License-Identifier: Apache-2.0
#include "pyramid/sources/source.hpp"
#include "pyramid/sources/vrt.hpp"
#include "tests/support/dalle.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace ardoise;
using Catch::Contains;
using test::failure_text;

namespace {

/// A VRT of 8 x 8 pixels with one band.
std::string vrt_with(std::string const& in_the_band, std::string const& of_the_band = "")
{
    return "<VRTDataset rasterXSize=\"8\" rasterYSize=\"8\"><SRS>EPSG:2154</SRS>"
           "<GeoTransform>0,1,0,0,0,-1</GeoTransform><VRTRasterBand dataType=\"Byte\" band=\"1\" " +
           of_the_band + ">" + in_the_band + "</VRTRasterBand></VRTDataset>";
}

std::string source_called(std::string const& name, bool relative = true)
{
    return "<SimpleSource><SourceFilename relativeToVRT=\"" + std::string{relative ? "1" : "0"} + "\">" +
           name + "</SourceFilename><SourceBand>1</SourceBand></SimpleSource>";
}

} // namespace

TEST_CASE("a file that points elsewhere is no source, unless it is called a VRT")
{
    test::TemporaryFolder const folder;
    auto const real = test::write_dalle(folder / "real.tif", {.width = 8, .height = 8});
    auto const vrt = vrt_with(source_called(real.string(), false));
    std::ofstream{folder / "sly.tif"} << vrt;
    std::ofstream{folder / "honest.vrt"} << vrt;
    CHECK_THAT(failure_text([&] { describe_source(folder / "sly.tif", {}); }), Contains("sly.tif"));
    CHECK(describe_source(folder / "honest.vrt", {}).width == 8);
}

TEST_CASE("a VRT that names plain files below its own folder is a source")
{
    test::TemporaryFolder const folder;
    std::filesystem::create_directories(folder / "a/b");
    test::write_dalle(folder / "a/b/real.tif", {.width = 8, .height = 8});
    std::ofstream{folder / "a/inner.vrt"} << vrt_with(source_called("b/real.tif"));
    std::ofstream{folder / "outer.vrt"} << vrt_with(
        source_called("a/inner.vrt") + "<ColorInterp>Red</ColorInterp><NoDataValue>0</NoDataValue>" +
        source_called((folder / "a/b/real.tif").string(), false));
    CHECK(describe_source(folder / "outer.vrt", {}).width == 8);
    auto const named = files_of_vrt(folder / "outer.vrt");
    REQUIRE(named.size() == 2);
    CHECK(named[0] == folder / "a/inner.vrt");
}

TEST_CASE("a VRT that is more than that is refused by the name of what it does, unless it is allowed")
{
    test::TemporaryFolder const folder;
    test::TemporaryFolder const other;
    auto const outside = test::write_dalle(other / "secret.tif", {.width = 8, .height = 8});
    auto const inside = test::write_dalle(folder / "real.tif", {.width = 8, .height = 8});
    std::filesystem::create_symlink(outside, folder / "link.tif");
    std::ofstream{folder / "sly.tif"} << vrt_with(source_called(outside.string(), false));
    std::ofstream{folder / "outside.vrt"} << vrt_with(source_called(outside.string(), false));
    auto const up = "../" + other.path().filename().string() + "/secret.tif";
    struct {
        std::string said, vrt;
    } const rows[] = {
        {outside.string(), vrt_with(source_called(outside.string(), false))},
        {up, vrt_with(source_called(up))},
        {"link.tif", vrt_with(source_called("link.tif"))},
        {"sly.tif", vrt_with(source_called("sly.tif"))},
        {"secret.tif", vrt_with(source_called("outside.vrt"))},
        {"/vsicurl/http://127.0.0.1/a.tif",
         vrt_with(source_called("/vsicurl/http://127.0.0.1/a.tif", false))},
        {"http://127.0.0.1/a.tif", vrt_with(source_called("http://127.0.0.1/a.tif"))},
        {"NETCDF:real.tif:x", vrt_with(source_called("NETCDF:real.tif:x"))},
        {"missing.tif", vrt_with(source_called("missing.tif"))},
        {"VRTDerivedRasterBand", vrt_with(source_called("real.tif"), "subClass=\"VRTDerivedRasterBand\"")},
        {"VRTDerivedRasterBand", vrt_with(source_called("real.tif"), "subclass=\"VRTDerivedRasterBand\"")},
        {"PixelFunctionType",
         vrt_with("<PixelFunctionType>sum</PixelFunctionType>" + source_called("real.tif"))},
        {"sourcefilename",
         vrt_with("<SimpleSource><sourcefilename>" + outside.string() + "</sourcefilename></SimpleSource>")},
        {"OpenOptions", vrt_with("<SimpleSource><SourceFilename relativeToVRT=\"1\">real.tif</SourceFilename>"
                                 "<OpenOptions><OOI key=\"a\">b</OOI></OpenOptions></SimpleSource>")},
        {"no VRT", "<VRTDataset"},
    };
    for (auto const& row : rows) {
        std::ofstream{folder / "a.vrt"} << row.vrt;
        CHECK_THAT(failure_text([&] { describe_source(folder / "a.vrt", {}); }),
                   Contains(".vrt") && Contains(row.said) && (Contains("--allow-vrt") || Contains("no VRT")));
    }
    std::ofstream{folder / "a.vrt"} << rows[0].vrt;
    SourceOptions options;
    options.allow_vrt = true;
    CHECK(describe_source(folder / "a.vrt", options).width == 8);
}
