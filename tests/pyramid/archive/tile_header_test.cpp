// SPDX-License-Identifier: Apache-2.0
#include "pyramid/archive/tile_header.hpp"

#include <catch2/catch.hpp>

using namespace ardoise;

namespace {

Raster grey_ramp(std::int32_t width, std::int32_t height, std::int32_t channels, SampleType type)
{
    Raster pixels{{width, height, channels, type}};
    for (std::size_t i = 0; i < pixels.bytes().size(); ++i)
        pixels.bytes()[i] = static_cast<std::byte>(i % 251);
    return pixels;
}

} // namespace

TEST_CASE("the header of a tile says what a decoder will find")
{
    struct {
        char const* format;
        std::vector<std::int32_t> channels;
    } const rows[] = {
        {"TIFF_PNG_UINT8", {1, 2, 3, 4}}, {"TIFF_JPG_UINT8", {1, 3}}, {"TIFF_WEBP_UINT8", {3, 4}}};
    for (auto const& [name, all_channels] : rows)
        for (auto const channels : all_channels) {
            INFO(name << " " << channels);
            auto const& format = *find_tile_format(name);
            auto const pixels = grey_ramp(48, 32, channels, SampleType::uint8);
            auto const header = read_tile_header(encode_tile(pixels.view(), format, 80));
            REQUIRE(header);
            CHECK(header->compression == format.compression);
            CHECK(header->shape == pixels.shape());
        }
}

TEST_CASE("16 bits, palettes and transparent colours of PNG are seen")
{
    auto const deep = png::encode(grey_ramp(8, 8, 1, SampleType::uint16).view());
    CHECK(read_tile_header(deep)->shape.type == SampleType::uint16);

    auto palette = png::encode(grey_ramp(8, 8, 1, SampleType::uint8).view());
    palette[25] = std::byte{3};
    CHECK(read_tile_header(palette)->shape.channels == 3);
    // A chunk of one byte, tRNS, between IHDR (which ends at 33) and IDAT.
    auto const transparent = as_bytes({"\0\0\0\1tRNS\0\0\0\0\0", 13});
    palette.insert(palette.begin() + 33, transparent.begin(), transparent.end());
    CHECK(read_tile_header(palette)->shape.channels == 4);
}

TEST_CASE("vector tiles are known bare and in gzip")
{
    CHECK(read_tile_header(as_bytes("\x1A\x05water"))->compression == TileCompression::vector);
    CHECK_FALSE(read_tile_header(as_bytes("\x1A\x05water"))->gzipped);
    CHECK(read_tile_header(as_bytes("\x1F\x8B\x08 and so on"))->gzipped);
}

TEST_CASE("what begins no tile, or ends within its header, is nothing")
{
    for (std::string_view const text :
         {"", "GIF89a", "\x89PNG", "RIFF", "RIFF....WEBP", "<html>", "\xFF\xD8", "{}"})
        CHECK_FALSE(read_tile_header(as_bytes(text)));
    for (auto const* name : {"TIFF_PNG_UINT8", "TIFF_JPG_UINT8", "TIFF_WEBP_UINT8"}) {
        auto const whole =
            encode_tile(grey_ramp(16, 16, 3, SampleType::uint8).view(), *find_tile_format(name), 80);
        for (std::size_t size = 0; size < 30; ++size)
            CHECK_FALSE(read_tile_header(ByteView{whole}.first(size)));
    }
}
