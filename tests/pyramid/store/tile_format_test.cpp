// SPDX-License-Identifier: Apache-2.0
#include "pyramid/store/tile_format.hpp"
#include "tests/support/failure_text.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace ardoise;
using test::failure_text;

namespace {

Raster pattern(RasterShape shape)
{
    Raster pixels{shape};
    for (std::size_t i = 0; i < pixels.bytes().size(); ++i)
        pixels.bytes()[i] = static_cast<std::byte>(i * 7 / 3 % 251);
    if (shape.type == SampleType::float32)
        for (std::size_t i = 0; i < pixels.bytes().size() / 4; ++i)
            pixels.row<float>(0)[i] = static_cast<float>(i) * 0.25F - 100;
    return pixels;
}

} // namespace

TEST_CASE("lossless formats give back the very samples")
{
    for (auto const& format : tile_formats()) {
        bool const lossy =
            format.compression == TileCompression::jpeg || format.compression == TileCompression::webp;
        if (lossy || format.compression == TileCompression::vector)
            continue;
        for (std::int32_t const channels : {1, 3, 4}) {
            INFO(format.name << " " << channels);
            RasterShape const shape{64, 48, channels, format.type};
            auto const pixels = pattern(shape);
            auto const back = decode_tile(encode_tile(pixels.view(), format, 85), format, shape);
            CHECK(std::equal(back.bytes().begin(), back.bytes().end(), pixels.bytes().begin(),
                             pixels.bytes().end()));
        }
    }
}

TEST_CASE("stored PNG is what ROK4's decoder can read")
{
    auto const tile =
        encode_tile(pattern({32, 32, 3, SampleType::uint8}).view(), *find_tile_format("TIFF_PNG_UINT8"), 85);
    // Signature and IHDR take 33 bytes; right behind them the only IDAT, and then IEND.
    auto const text = std::string{as_text(tile)};
    CHECK(text.substr(37, 4) == "IDAT");
    CHECK(text.find("IDAT", 41) == std::string::npos);
    CHECK(text.substr(text.size() - 8, 4) == "IEND");
}

TEST_CASE("a tile of another size than its level's is refused")
{
    auto const& format = *find_tile_format("TIFF_PNG_UINT8");
    auto const tile = encode_tile(pattern({32, 32, 3, SampleType::uint8}).view(), format, 85);
    CHECK_THAT(failure_text([&] {
                   decode_tile(tile, format, {64, 32, 3, SampleType::uint8});
               }),
               Catch::Contains("32x32"));
    CHECK(failure_text([&] { decode_tile(tile, format, {32, 32, 1, SampleType::uint8}); }) != "(no failure)");
}

TEST_CASE("samples that do not fit a format are refused")
{
    CHECK(failure_text([] {
              encode_tile(pattern({8, 8, 1, SampleType::float32}).view(), *find_tile_format("TIFF_PNG_UINT8"),
                          85);
          }) != "(no failure)");
    CHECK(
        failure_text([] {
            encode_tile(pattern({8, 8, 1, SampleType::uint8}).view(), *find_tile_format("TIFF_PBF_MVT"), 85);
        }) != "(no failure)");
}

TEST_CASE("formats are found by ROK4's names, and by no other")
{
    CHECK(find_tile_format("TIFF_ZIP_FLOAT32")->media_type == "image/x-bil;bits=32");
    CHECK(find_tile_format("TIFF_JPG90_UINT8")->media_type == "image/jpeg");
    for (auto const* name : {"", "tiff_jpg_uint8", "TIFF_JPG", "JPEG"})
        CHECK(find_tile_format(name) == nullptr);
}

TEST_CASE("pixels without a format of their own leave as a TIFF file, others as they stand")
{
    RasterShape const shape{16, 16, 3, SampleType::uint8};
    for (auto const* name : {"TIFF_RAW_UINT8", "TIFF_LZW_UINT8", "TIFF_PKB_UINT8", "TIFF_ZIP_UINT8"}) {
        auto const& format = *find_tile_format(name);
        auto const wrapped = wrap_for_client(encode_tile(pattern(shape).view(), format, 85), format, shape);
        REQUIRE(wrapped);
        CHECK(as_text(ByteView{*wrapped}.first(2)) == "II");
    }
    for (auto const* name : {"TIFF_JPG_UINT8", "TIFF_PNG_UINT8"}) {
        auto const& format = *find_tile_format(name);
        CHECK_FALSE(wrap_for_client(encode_tile(pattern(shape).view(), format, 85), format, shape));
    }
}

TEST_CASE("a WebP tile keeps its alpha even where all of it is opaque")
{
    RasterShape const shape{32, 32, 4, SampleType::uint8};
    Raster opaque{shape};
    std::fill(opaque.bytes().begin(), opaque.bytes().end(), std::byte{255});
    auto const& format = *find_tile_format("TIFF_WEBP_UINT8");
    auto const back = decode_tile(encode_tile(opaque.view(), format, 85), format, shape);
    CHECK(back.shape() == shape);
    CHECK(back.row(7)[4 * 7 + 3] == 255);
}

TEST_CASE("a tile with fewer channels than its pyramid is taken for grey and opaque")
{
    auto const& format = *find_tile_format("TIFF_PNG_UINT8");
    struct {
        std::int32_t stored, wanted;
        std::vector<int> samples; // of a pixel with the samples 10, 20, 30
    } const rows[] = {{1, 2, {10, 255}},
                      {1, 3, {10, 10, 10}},
                      {1, 4, {10, 10, 10, 255}},
                      {2, 4, {10, 10, 10, 20}},
                      {3, 4, {10, 20, 30, 255}}};
    for (auto const& [stored, wanted, samples] : rows) {
        INFO(stored << " " << wanted);
        Raster pixels{{4, 4, stored, SampleType::uint8}};
        for (std::size_t i = 0; i < pixels.bytes().size(); ++i)
            pixels.bytes()[i] = static_cast<std::byte>(10 * (i % static_cast<std::size_t>(stored) + 1));
        RasterShape const shape{4, 4, wanted, SampleType::uint8};
        auto const tile = encode_tile(pixels.view(), format, 85);
        auto const back = decode_tile(tile, format, shape);
        CHECK(back.shape() == shape);
        CHECK(std::equal(samples.begin(), samples.end(), back.row(3) + 3 * wanted));
    }
    auto const with_alpha = encode_tile(pattern({4, 4, 2, SampleType::uint8}).view(), format, 85);
    CHECK_THAT(failure_text([&] {
                   decode_tile(with_alpha, format, {4, 4, 3, SampleType::uint8});
               }),
               Catch::Contains("2 channels, expected"));
}
