// SPDX-License-Identifier: Apache-2.0
#include "pyramid/sources/tiff_file.hpp"
#include "tests/support/dalle.hpp"
#include "tests/support/failure_text.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <gdal_priv.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <thread>

using namespace ardoise;
using Catch::Contains;
using test::failure_text;

namespace {

using Options = std::vector<char const*>;

/// As gdal_translate -co ... would write it.
std::filesystem::path copy_as(std::filesystem::path const& from, std::filesystem::path const& to,
                              Options options)
{
    options.push_back(nullptr);
    std::unique_ptr<GDALDataset> const original{GDALDataset::Open(from.c_str())};
    auto* const tiff = GetGDALDriverManager()->GetDriverByName("GTiff");
    auto list = std::vector<char*>{};
    for (char const* option : options)
        list.push_back(const_cast<char*>(option)); // the driver does not write to them
    std::unique_ptr<GDALDataset> const copy{
        tiff->CreateCopy(to.c_str(), original.get(), FALSE, list.data(), nullptr, nullptr)};
    REQUIRE(copy);
    return to;
}

Raster as_gdal_reads(Source const& source, PixelBox window, std::vector<int> bands)
{
    std::unique_ptr<GDALDataset> const dataset{GDALDataset::Open(source.file.c_str())};
    Raster raster{{window.width, window.height, static_cast<std::int32_t>(bands.size()), source.type}};
    auto const sample = static_cast<GSpacing>(bytes_per_sample(source.type));
    auto const type = source.type == SampleType::uint8    ? GDT_Byte
                      : source.type == SampleType::uint16 ? GDT_UInt16
                                                          : GDT_Float32;
    auto const count = static_cast<int>(bands.size());
    REQUIRE(dataset->RasterIO(GF_Read, window.x, window.y, window.width, window.height, raster.bytes().data(),
                              window.width, window.height, type, count, bands.data(), sample * count,
                              sample * count * window.width, sample, nullptr) == CE_None);
    return raster;
}

std::shared_ptr<BlockCache> roomy()
{
    return std::make_shared<BlockCache>(64 << 20);
}

void check_like_gdal(std::filesystem::path const& file)
{
    auto const source = describe_source(file, {});
    auto opened = TiffFile::open(source, roomy());
    REQUIRE(opened);
    std::vector<std::vector<int>> choices{{1}, {source.bands}};
    if (source.bands >= 3)
        choices.insert(choices.end(), {{1, 2, 3}, {3, 1}, {2, 3, 1}});
    if (source.bands == 4)
        choices.insert(choices.end(), {{1, 2, 3, 4}, {4, 1, 2}, {2, 3, 4}});
    for (auto const& bands : choices)
        for (PixelBox const window :
             {PixelBox{0, 0, 150, 110}, PixelBox{0, 0, 1, 1}, PixelBox{149, 109, 1, 1},
              PixelBox{63, 60, 66, 49}, PixelBox{130, 17, 20, 1}}) {
            Raster raster{
                {window.width + 5, window.height + 7, static_cast<std::int32_t>(bands.size()), source.type}};
            REQUIRE(opened->read(window, bands, raster, 2, 3));
            auto const part = raster.view().crop({2, 3, window.width, window.height});
            auto const expected = as_gdal_reads(source, window, bands);
            for (std::int32_t y = 0; y < window.height; ++y)
                REQUIRE(std::memcmp(part.row<std::byte>(y), expected.row<std::byte>(y),
                                    expected.shape().bytes_per_row()) == 0);
            auto const touched =
                std::ranges::count_if(raster.bytes(), [](std::byte b) { return b != std::byte{0}; });
            CHECK(touched <= static_cast<std::ptrdiff_t>(expected.bytes().size()));
        }
}

double noise(double x, double y, int band)
{
    return std::fmod(std::abs(std::sin(x * 12.9898 + y * 78.233 + band) * 43758.5453), 251);
}

} // namespace

TEST_CASE("plain TIFF files give the pixels that GDAL gives")
{
    test::TemporaryFolder const folder;
    auto const original = GENERATE(
        test::Dalle{.top = 110, .pixel = 1, .width = 150, .height = 110},
        test::Dalle{.top = 110, .pixel = 1, .width = 150, .height = 110, .bands = 1},
        test::Dalle{.top = 110, .pixel = 1, .width = 150, .height = 110, .bands = 4},
        test::Dalle{
            .top = 110, .pixel = 1, .width = 150, .height = 110, .bands = 3, .type = SampleType::uint16},
        test::Dalle{
            .top = 110, .pixel = 1, .width = 150, .height = 110, .bands = 1, .type = SampleType::float32});
    auto const file = test::write_dalle(folder / "original.tif", original, noise);
    for (Options const& options :
         {Options{"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=32", "COMPRESS=DEFLATE", "PREDICTOR=2"},
          Options{"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64", "COMPRESS=LZW"},
          Options{"TILED=YES", "BLOCKXSIZE=256", "BLOCKYSIZE=256", "COMPRESS=ZSTD"},
          Options{"COMPRESS=PACKBITS", "BLOCKYSIZE=7"}, Options{"COMPRESS=NONE"},
          Options{"COMPRESS=DEFLATE", "ENDIANNESS=BIG", "BLOCKYSIZE=20"},
          Options{"COMPRESS=LZW", "BIGTIFF=YES", "TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=16"}}) {
        INFO(options.front() << " " << options.back());
        if (original.type == SampleType::float32 && std::strcmp(options.back(), "PREDICTOR=2") == 0)
            continue; // of floats there is predictor 3
        check_like_gdal(copy_as(file, folder / "copy.tif", options));
    }
    if (original.type == SampleType::float32)
        check_like_gdal(copy_as(file, folder / "copy.tif", {"COMPRESS=DEFLATE", "PREDICTOR=3"}));
    if (original.type == SampleType::uint8 && original.bands == 3)
        for (char const* colours : {"PHOTOMETRIC=YCBCR", "PHOTOMETRIC=RGB"})
            check_like_gdal(
                copy_as(file, folder / "copy.tif",
                        {"COMPRESS=JPEG", colours, "TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64"}));
}

TEST_CASE("files whose samples do not lie as ours are left to GDAL")
{
    test::TemporaryFolder const folder;
    test::Dalle const dalle{.top = 64, .pixel = 1, .width = 64, .height = 64};
    auto const file = test::write_dalle(folder / "original.tif", dalle, noise);
    for (Options const& options :
         {Options{"INTERLEAVE=BAND"}, Options{"NBITS=7"}, Options{"COMPRESS=WEBP"}}) {
        INFO(options.front());
        auto const copy = copy_as(file, folder / "copy.tif", options);
        CHECK_FALSE(TiffFile::open(describe_source(copy, {}), roomy()));
    }
    auto const no_tiff = folder / "picture.tif";
    std::filesystem::copy_file(file, no_tiff);
    auto const source = describe_source(no_tiff, {});
    std::filesystem::resize_file(no_tiff, 100);
    CHECK_FALSE(TiffFile::open(source, roomy()));
}

TEST_CASE("a block that the file leaves out is left to GDAL")
{
    test::TemporaryFolder const folder;
    auto const ground = [](double x, double, int) { return x < 64 ? 9.0 : 0.0; };
    auto const file = test::write_dalle(folder / "original.tif",
                                        {.top = 64, .pixel = 1, .width = 128, .height = 64}, ground);
    auto const copy = copy_as(file, folder / "sparse.tif",
                              {"SPARSE_OK=TRUE", "TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64"});
    auto opened = TiffFile::open(describe_source(copy, {}), roomy());
    REQUIRE(opened);
    Raster raster{{64, 64, 1}};
    CHECK(opened->read({0, 0, 64, 64}, std::vector{1}, raster, 0, 0));
    CHECK_FALSE(opened->read({1, 0, 64, 64}, std::vector{1}, raster, 0, 0));
}

TEST_CASE("what libtiff finds fault with is a failure that names the file")
{
    test::TemporaryFolder const folder;
    auto const file =
        test::write_dalle(folder / "original.tif", {.top = 64, .pixel = 1, .width = 64, .height = 64}, noise);
    for (char const* compression : {"COMPRESS=DEFLATE", "COMPRESS=LZW", "COMPRESS=NONE", "COMPRESS=JPEG"}) {
        INFO(compression);
        auto const copy = copy_as(file, folder / "copy.tif", {compression, "TILED=YES"});
        auto const source = describe_source(copy, {});
        auto opened = TiffFile::open(source, roomy());
        REQUIRE(opened);
        std::filesystem::resize_file(copy, std::filesystem::file_size(copy) - 900);
        Raster raster{{64, 64, 3}};
        CHECK_THAT(failure_text([&] {
                       opened->read({0, 0, 64, 64}, std::vector{1, 2, 3}, raster, 0, 0);
                   }),
                   Contains("copy.tif: cannot be read: "));
    }
}

TEST_CASE("threads that share a cache read the same pixels")
{
    test::TemporaryFolder const folder;
    auto const file = test::write_dalle(folder / "original.tif",
                                        {.top = 256, .pixel = 1, .width = 256, .height = 256}, noise);
    auto const source =
        describe_source(copy_as(file, folder / "copy.tif", {"COMPRESS=DEFLATE", "BLOCKYSIZE=3"}), {});
    auto const expected = as_gdal_reads(source, {0, 0, 256, 256}, {1, 2, 3});
    auto const small = std::make_shared<BlockCache>(20000); // some blocks are pushed out meanwhile
    std::atomic<int> alike{0};
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 3; ++i)
            threads.emplace_back([&] {
                auto opened = TiffFile::open(source, small);
                Raster raster{{256, 256, 3}};
                if (opened && opened->read({0, 0, 256, 256}, std::vector{1, 2, 3}, raster, 0, 0) &&
                    std::ranges::equal(raster.bytes(), expected.bytes()))
                    ++alike;
            });
    }
    CHECK(alike == 3);
}

TEST_CASE("a block cache keeps what was used last, and no more than it may")
{
    BlockCache cache{1000};
    auto const block = [] { return std::make_shared<std::byte[]>(200); };
    auto const a = cache.number_of("a.tif"), b = cache.number_of("b.tif");
    CHECK(a != b);
    CHECK(cache.number_of("a.tif") == a);
    BlockKey const first{a, 1}, second{a, 2}, third{b, 1};
    cache.keep(first, block(), 200);
    cache.keep(second, block(), 200);
    CHECK(cache.find(first));
    cache.keep(third, block(), 200);
    CHECK(cache.find(first));
    CHECK_FALSE(cache.find(second));
    CHECK(cache.find(third));
}
