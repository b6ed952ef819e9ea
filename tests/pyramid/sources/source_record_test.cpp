// SPDX-License-Identifier: Apache-2.0
#include "pyramid/sources/source_record.hpp"
#include "tests/support/dalle.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <thread>

using namespace ardoise;
using Catch::Contains;
using test::failure_text;

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> write_dalles(test::TemporaryFolder const& folder, int count)
{
    std::vector<fs::path> files;
    for (int i = 0; i < count; ++i)
        files.push_back(test::write_dalle(folder / (std::to_string(100 + i) + ".tif"),
                                          {.left = 430000 + i / 3.0, .width = 8, .height = 8}));
    return files;
}

/// Puts other bytes in the place of a file without a trace: same size, same time.
void spoil(fs::path const& file)
{
    auto const time = fs::last_write_time(file);
    auto const size = fs::file_size(file);
    std::ofstream{file} << std::string(size, 'x');
    fs::last_write_time(file, time);
}

} // namespace

TEST_CASE("sources are described in the order of their files, for any number of threads")
{
    test::TemporaryFolder const folder;
    auto const files = write_dalles(folder, 30);
    auto const expected = describe_sources(files, {}, {}, 1);
    REQUIRE(expected.size() == 30);
    CHECK(expected[7].source == describe_source(files[7], {}));
    CHECK(expected[7].bytes == fs::file_size(files[7]));
    CHECK(expected[7].sidecars == 0);
    for (unsigned const threads : {2U, 8U, 100U})
        CHECK(describe_sources(files, {}, {}, threads) == expected);
}

TEST_CASE("a file that has not changed is not opened again, and one that has is")
{
    test::TemporaryFolder const folder;
    auto const files = write_dalles(folder, 4);
    auto const known = describe_sources(files, {}, {}, 1);
    spoil(files[1]);
    CHECK(describe_sources(files, {}, known, 2) == known);

    test::write_dalle(files[2], {.left = 7, .width = 9, .height = 8});
    auto const changed = describe_sources(files, {}, known, 2);
    CHECK(changed[1] == known[1]);
    CHECK(changed[2].source.width == 9);

    fs::last_write_time(files[1], fs::last_write_time(files[1]) + std::chrono::nanoseconds{1000});
    CHECK_THAT(failure_text([&] { describe_sources(files, {}, known, 2); }), Contains("101.tif"));
}

TEST_CASE("a sidecar that changes pixels or their place is a change of the source")
{
    test::TemporaryFolder const folder;
    auto const files = write_dalles(folder, 1);
    auto before = describe_sources(files, {}, {}, 1);
    for (auto const* name : {"100.tif.aux.xml", "100.tfw", "100.TIFW", "100.wld", "100.tab"}) {
        std::ofstream{folder / name} << "x";
        auto const after = describe_sources(files, {}, before, 1);
        CHECK(after[0].sidecars != before[0].sidecars);
        CHECK(describe_sources(files, {}, after, 1) == after);
        before = after;
    }
    std::ofstream{folder / "100.tif.ovr"} << "x";
    std::ofstream{folder / "100.txt"} << "x";
    fs::remove(folder / "100.tif.ovr");
    CHECK(describe_sources(files, {}, before, 1) == before);
    test::write_dalle(folder / "masked.tif", {.width = 8, .height = 8, .mask_beside = true}, test::hills,
                      [](auto x, auto) { return x < 4; });
    auto const masked = std::vector{folder / "masked.tif"};
    auto const with_mask = describe_sources(masked, {}, {}, 1);
    fs::last_write_time(folder / "masked.tif.msk",
                        fs::last_write_time(folder / "masked.tif.msk") + std::chrono::seconds{2});
    CHECK(describe_sources(masked, {}, with_mask, 1)[0].sidecars != with_mask[0].sidecars);
}

TEST_CASE("a VRT changes with the files that it names")
{
    test::TemporaryFolder const folder;
    write_dalles(folder, 1);
    std::ofstream{folder / "a.vrt"}
        << "<VRTDataset rasterXSize=\"8\" rasterYSize=\"8\"><SRS>EPSG:2154</SRS>"
           "<GeoTransform>0,1,0,0,0,-1</GeoTransform><VRTRasterBand dataType=\"Byte\" "
           "band=\"1\"><SimpleSource>"
           "<SourceFilename "
           "relativeToVRT=\"1\">100.tif</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>";
    auto const files = std::vector{folder / "a.vrt"};
    auto const before = describe_sources(files, {}, {}, 1);
    CHECK(describe_sources(files, {}, before, 1) == before);
    test::write_dalle(folder / "100.tif", {.width = 8, .height = 8}, [](double, double, int) { return 3; });
    CHECK(describe_sources(files, {}, before, 1)[0].sidecars != before[0].sidecars);
}

TEST_CASE("the first file that cannot be described is the one that is named")
{
    test::TemporaryFolder const folder;
    auto const files = write_dalles(folder, 40);
    for (std::size_t const i : {11U, 12U, 30U})
        std::ofstream{files[i]} << "no image";
    for (unsigned const threads : {1U, 4U, 16U})
        CHECK_THAT(failure_text([&] { describe_sources(files, {}, {}, threads); }), Contains("111.tif"));
    CHECK_THAT(failure_text([&] { describe_sources(std::vector{folder / "gone.tif"}, {}, {}, 1); }),
               Contains("gone.tif"));
}

TEST_CASE("records come back from JSON to the last bit")
{
    test::TemporaryFolder const folder;
    auto const files = write_dalles(folder, 5);
    auto records = describe_sources(files, {}, {}, 1);
    double const awkward[] = {0.1, 1.0 / 3, 6378137.0 * 3.141592653589793, 1e-300, 430000.00000000006};
    for (std::size_t i = 0; i < records.size(); ++i) {
        auto& source = records[i].source;
        source.left = awkward[i];
        source.pixel_width = std::nextafter(0.05, static_cast<double>(i));
        records[i].sidecars = 0xfedcba9876543210 + i;
        records[i].modified_ns = std::numeric_limits<std::int64_t>::max() - static_cast<std::int64_t>(i);
    }
    records[1].source.crs = Crs::from_definition("EPSG:3947");
    records[2].source.type = SampleType::float32;
    records[3].source.palette = true;
    records[3].source.unit = "mm/h";
    records[4].source.unit = "m";
    auto const text = to_json(records).text();
    CHECK(text.find("EPSG:2154") == text.rfind("EPSG:2154")); // stands there once
    auto const json = parse_json(text, "sources.json");
    CHECK(read_source_records(JsonReader{json, "sources.json"}) == records);
}

TEST_CASE("records that are not what they should be are refused by their place")
{
    struct {
        char const *said, *text;
    } const rows[] = {
        {"crs", R"({"sources": []})"},
        {"sources[0]", R"({"crs": ["EPSG:2154"], "sources": [[1]]})"},
        {"sources[0]", R"({"crs": [], "sources": [["a",1,1,"0",0,"0","0","1","1",8,8,3,1,false]]})"},
        {"sources[0][4]",
         R"({"crs": ["EPSG:2154"], "sources": [["a",1,1,"0",1,"0","0","1","1",8,8,3,1,false]]})"},
        {"sources[0][5]",
         R"({"crs": ["EPSG:2154"], "sources": [["a",1,1,"0",0,"x","0","1","1",8,8,3,1,false]]})"},
        {"larger than",
         R"({"crs": ["EPSG:2154"], "sources": [["a",1,1,"0",0,"0","0","0","1",8,8,3,1,false]]})"},
        {"1, 2 or 4",
         R"({"crs": ["EPSG:2154"], "sources": [["a",1,1,"0",0,"0","0","1","1",8,8,3,3,false]]})"},
        {"hexadecimal",
         R"({"crs": ["EPSG:2154"], "sources": [["a",1,1,"g",0,"0","0","1","1",8,8,3,1,false]]})"},
    };
    for (auto const& row : rows) {
        auto const json = parse_json(row.text, "sources.json");
        CHECK_THAT(failure_text([&] {
                       read_source_records(JsonReader{json, "sources.json"});
                   }),
                   Contains("sources.json") && Contains(row.said));
    }
}

namespace {

/// A raw image whose place stands in a header beside it (ENVI's).
fs::path write_raw_image(test::TemporaryFolder const& folder, std::string const& name, int left)
{
    std::ofstream{folder / (name + ".dat")} << std::string(64, 'a');
    std::ofstream{folder / (name + ".hdr")}
        << "ENVI\nsamples = 8\nlines = 8\nbands = 1\nheader offset = 0\nfile type = ENVI Standard\n"
           "data type = 1\ninterleave = bsq\nbyte order = 0\nmap info = {x, 1, 1, "
        << left << ", 6712000, 1, 1}\n";
    return folder / (name + ".dat");
}

} // namespace

TEST_CASE("what GDAL reads beside an image is part of it, whatever it is called")
{
    test::TemporaryFolder const folder;
    SourceOptions options;
    options.crs = "EPSG:2154";
    auto const files =
        std::vector{write_raw_image(folder, "a", 430000), write_raw_image(folder, "b", 430008)};
    auto const before = describe_sources(files, options, {}, 1);
    CHECK(before[0].unusual_sidecars == std::vector<fs::path>{"a.hdr"});
    CHECK(before[0].sidecars != 0);

    auto const json = parse_json(to_json(before).text(), "recipe.json");
    auto const known = read_source_records(JsonReader{json, "recipe.json"});
    CHECK(known == before);
    spoil(files[0]); // which nobody notices as long as it is not opened
    CHECK(describe_sources(files, options, known, 1) == before);

    write_raw_image(folder, "b", 555000);
    auto const moved = describe_sources(files, options, known, 1);
    CHECK(moved[0] == before[0]);
    CHECK(moved[1].sidecars != before[1].sidecars);
    CHECK(moved[1].source.left == 555000);
    fs::remove(folder / "b.hdr");
    CHECK_THAT(failure_text([&] { describe_sources(files, options, known, 1); }), Contains("b.dat"));
}

TEST_CASE("a known image is opened again when something comes to lie beside it that GDAL might read")
{
    test::TemporaryFolder const folder;
    auto const files = write_dalles(folder, 2);
    auto const known = describe_sources(files, {}, {}, 1);
    for (auto const* name : {"100.tif.ovr", "100.md5", "100.XML", "100.tif.md", "1000.hdr", "100hdr"})
        std::ofstream{folder / name} << "x";
    spoil(files[0]);
    CHECK(describe_sources(files, {}, known, 1) == known);
    std::ofstream{folder / "100.hdr"} << "x";
    CHECK_THAT(failure_text([&] { describe_sources(files, {}, known, 1); }), Contains("100.tif"));
}

TEST_CASE("images that are called alike are no sidecars of one another")
{
    test::TemporaryFolder const folder;
    test::Dalle const dalle{.width = 8, .height = 8};
    auto const files =
        std::vector{test::write_dalle(folder / "a.b.tif", dalle), test::write_dalle(folder / "a.png", dalle),
                    test::write_dalle(folder / "a.tif", dalle)};
    auto const known = describe_sources(files, {}, {}, 1);
    for (auto const& file : files)
        spoil(file);
    CHECK(describe_sources(files, {}, known, 1) == known);
}

TEST_CASE("a VRT changes with what VRTs name that it names, and with the masks beside")
{
    test::TemporaryFolder const folder;
    write_dalles(folder, 1);
    auto const write_vrt =
        [&](char const* name, char const* of) {
            std::ofstream{folder / name}
                << "<VRTDataset rasterXSize=\"8\" rasterYSize=\"8\"><SRS>EPSG:2154</SRS>"
                   "<GeoTransform>0,1,0,0,0,-1</GeoTransform><VRTRasterBand dataType=\"Byte\" band=\"1\">"
                   "<SimpleSource><SourceFilename relativeToVRT=\"1\">"
                << of << "</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>";
        };
    write_vrt("inner.vrt", "100.tif");
    write_vrt("outer.vrt", "inner.vrt");
    auto const files = std::vector{folder / "outer.vrt"};
    auto before = describe_sources(files, {}, {}, 1);
    CHECK(describe_sources(files, {}, before, 1) == before);
    auto const shows = [&] {
        auto const after = describe_sources(files, {}, before, 1);
        bool const differs = after[0].sidecars != before[0].sidecars;
        before = after;
        return differs;
    };
    std::ofstream{folder / "100.tif", std::ios::app} << "x";
    CHECK(shows());
    std::ofstream{folder / "100.tif.msk"} << "x";
    CHECK(shows());
    CHECK_FALSE(shows());
}

TEST_CASE("a name that is no UTF-8 comes back from JSON byte by byte")
{
    test::TemporaryFolder const folder;
    auto const files =
        std::vector{test::write_dalle(folder / "for\xeat_\xe9t\xe9 100%.tif", {.width = 8, .height = 8})};
    auto const records = describe_sources(files, {}, {}, 1);
    auto const json = parse_json(to_json(records).text(), "recipe.json");
    auto const known = read_source_records(JsonReader{json, "recipe.json"});
    CHECK(known == records);
    spoil(files[0]);
    CHECK(describe_sources(files, {}, known, 1) == records);
}
