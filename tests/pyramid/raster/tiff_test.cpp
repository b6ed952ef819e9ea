// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/failure.hpp"
#include "pyramid/raster/codec.hpp"
#include "tests/pyramid/raster/paint.hpp"
#include "tests/pyramid/raster/tiff_reader.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <vector>

using namespace ardoise;
using namespace ardoise::test;
using tiff::Compression;

namespace {

constexpr std::array all_compressions{Compression::none, Compression::lzw, Compression::deflate,
                                      Compression::packbits};

/// One strip as libtiff compresses it.
Bytes compress_by_libtiff(Raster const& pixels, Compression compression)
{
    int const descriptor = memfd_create("tile.tif", 0);
    int const again = dup(descriptor);
    {
        TiffFile const file{TIFFFdOpen(descriptor, "tile.tif", "w")};
        auto const& shape = pixels.shape();
        TIFFSetField(file.get(), TIFFTAG_IMAGEWIDTH, shape.width);
        TIFFSetField(file.get(), TIFFTAG_IMAGELENGTH, shape.height);
        TIFFSetField(file.get(), TIFFTAG_ROWSPERSTRIP, shape.height);
        TIFFSetField(file.get(), TIFFTAG_SAMPLESPERPIXEL, shape.channels);
        TIFFSetField(file.get(), TIFFTAG_BITSPERSAMPLE, static_cast<int>(8 * bytes_per_sample(shape.type)));
        TIFFSetField(file.get(), TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
        std::vector<std::uint16_t> const extra(static_cast<std::size_t>(shape.channels - 1),
                                               EXTRASAMPLE_UNSPECIFIED);
        TIFFSetField(file.get(), TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
        TIFFSetField(file.get(), TIFFTAG_EXTRASAMPLES, shape.channels - 1, extra.data());
        TIFFSetField(file.get(), TIFFTAG_COMPRESSION, static_cast<int>(compression));
        auto copy = pixels.clone();
        REQUIRE(TIFFWriteEncodedStrip(file.get(), 0, copy.row(0), static_cast<tmsize_t>(shape.bytes())) > 0);
    }
    lseek(again, 0, SEEK_SET);
    TiffFile const file{TIFFFdOpen(again, "tile.tif", "rc")};
    Bytes out(static_cast<std::size_t>(TIFFRawStripSize(file.get(), 0)));
    REQUIRE(TIFFReadRawStrip(file.get(), 0, out.data(), static_cast<tmsize_t>(out.size())) > 0);
    return out;
}

/// Pictures that take each coder down all of its roads: no repetition, only repetition, and some of both.
std::vector<Raster> pictures(RasterShape shape)
{
    std::vector<Raster> all;
    all.push_back(noise(shape));
    all.push_back(plain(shape, 200));
    all.push_back(paint(shape, [](auto x, auto y, auto c) { return (x / 5 + y / 3) % 4 * 60 + c; }));
    return all;
}

} // namespace

TEST_CASE("a TIFF tile gives every sample back, in all shapes and compressions")
{
    for (auto const& shape : all_shapes(61, 47))
        for (auto const compression : all_compressions)
            for (auto const& picture : pictures(shape)) {
                INFO(name_of(shape) << ", compression " << static_cast<int>(compression));
                auto const back =
                    tiff::decode_tile(tiff::encode_tile(picture.view(), compression), shape, compression);
                CHECK(same_pixels(picture.view(), back.view()));
            }
}

TEST_CASE("libtiff reads a wrapped tile, in all shapes and compressions")
{
    for (auto const& shape : all_shapes(61, 47))
        for (auto const compression : all_compressions)
            for (auto const& picture : pictures(shape)) {
                INFO(name_of(shape) << ", compression " << static_cast<int>(compression));
                auto const file =
                    tiff::wrap_tile(tiff::encode_tile(picture.view(), compression), shape, compression);
                CHECK(same_pixels(picture.view(), read_by_libtiff(file, shape).view()));
            }
}

TEST_CASE("a wrapped tile ends with the tile's own bytes")
{
    auto const tile = tiff::encode_tile(noise({16, 16, 3}).view(), Compression::packbits);
    auto const file = tiff::wrap_tile(tile, {16, 16, 3}, Compression::packbits);
    REQUIRE(file.size() > tile.size());
    CHECK(std::equal(tile.begin(), tile.end(), file.end() - static_cast<std::ptrdiff_t>(tile.size())));
}

TEST_CASE("a wrapped tile names its alpha")
{
    for (std::int32_t const channels : {1, 2, 3, 4}) {
        INFO(channels << " channels");
        RasterShape const shape{16, 16, channels};
        auto const bytes = tiff::wrap_tile(Bytes(shape.bytes()), shape, Compression::none);
        auto const file = open_by_libtiff(bytes);
        std::uint16_t count = 0, *kinds = nullptr;
        TIFFGetFieldDefaulted(file.get(), TIFFTAG_EXTRASAMPLES, &count, &kinds);
        CHECK(count == (channels % 2 == 0 ? 1 : 0));
        if (count == 1)
            CHECK(kinds[0] == EXTRASAMPLE_UNASSALPHA);
    }
}

TEST_CASE("tiles compressed by libtiff are read")
{
    for (auto const& shape :
         {RasterShape{256, 256, 3}, RasterShape{33, 300, 1}, RasterShape{64, 64, 4, SampleType::uint16}})
        for (auto const compression : all_compressions)
            for (auto const& picture : pictures(shape)) {
                INFO(name_of(shape) << ", compression " << static_cast<int>(compression));
                auto const back =
                    tiff::decode_tile(compress_by_libtiff(picture, compression), shape, compression);
                CHECK(same_pixels(picture.view(), back.view()));
            }
}

TEST_CASE("LZW survives its table filling up, at every length near the widenings")
{
    auto const picture = noise({6000, 1, 1});
    for (std::int32_t length = 1; length < 6000; length += length < 300 || length > 3700 ? 1 : 7) {
        auto const crop = picture.view().crop({0, 0, length, 1});
        auto const back =
            tiff::decode_tile(tiff::encode_tile(crop, Compression::lzw), crop.shape, Compression::lzw);
        if (!same_pixels(back.view(), crop))
            FAIL(length << " samples");
    }
}

TEST_CASE("PackBits packs each row by itself")
{
    auto const tile = tiff::encode_tile(plain({300, 2, 1}, 7).view(), Compression::packbits);
    // 300 = 128 + 128 + 44, twice.
    std::string_view const row{"\x81\x07\x81\x07\xD5\x07"};
    CHECK(as_text(tile) == fmt::format("{0}{0}", row));
}

TEST_CASE("PackBits reads the specification's example")
{
    std::string_view const packed{"\xFE\xAA\x02\x80\x00\x2A\xFD\xAA\x03\x80\x00\x2A\x22\xF7\xAA", 15};
    std::string_view const unpacked{
        "\xAA\xAA\xAA\x80\x00\x2A\xAA\xAA\xAA\xAA\x80\x00\x2A\x22\xAA\xAA\xAA\xAA\xAA\xAA\xAA"
        "\xAA\xAA\xAA",
        24};
    auto const raster = tiff::decode_tile(as_bytes(packed), {24, 1, 1}, Compression::packbits);
    CHECK(as_text(raster.bytes()) == unpacked);
}

TEST_CASE("PackBits skips the code that says nothing")
{
    std::string_view const packed{"\x80\x80\xFF\x05\x80\x00\x09", 7};
    auto const raster = tiff::decode_tile(as_bytes(packed), {3, 1, 1}, Compression::packbits);
    CHECK(as_text(raster.bytes()) == "\x05\x05\x09");
}

TEST_CASE("a tile of another size than its shape is a failure")
{
    auto const picture = noise({20, 20, 3});
    for (auto const compression : all_compressions) {
        INFO("compression " << static_cast<int>(compression));
        auto const tile = tiff::encode_tile(picture.view(), compression);
        CHECK_THROWS_AS(tiff::decode_tile(tile, {20, 21, 3}, compression), Failure);
        CHECK_THROWS_AS(tiff::decode_tile(tile, {0, 20, 3}, compression), Failure);
        CHECK_THROWS_AS(tiff::decode_tile(tile, {65501, 20, 3}, compression), Failure);
        CHECK_THROWS_AS(tiff::decode_tile(tile, {20, 20, 0}, compression), Failure);
    }
    CHECK_THROWS_AS(tiff::decode_tile(tiff::encode_tile(picture.view(), Compression::none), {20, 19, 3},
                                      Compression::none),
                    Failure);
    CHECK_THROWS_AS(tiff::decode_tile(Bytes(4), {2, 2, 1}, static_cast<Compression>(7)), Failure);
}
