// SPDX-License-Identifier: Apache-2.0
#include "pyramid/archive/tile_header.hpp"

namespace ardoise {

namespace {

using namespace std::string_view_literals;

std::uint32_t byte_at(ByteView bytes, std::size_t at)
{
    return std::to_integer<std::uint32_t>(bytes[at]);
}

std::uint32_t big_endian(ByteView bytes, std::size_t at, std::size_t count)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i)
        value = value << 8 | byte_at(bytes, at + i);
    return value;
}

std::uint32_t little_endian(ByteView bytes, std::size_t at, std::size_t count)
{
    std::uint32_t value = 0;
    for (std::size_t i = count; i-- > 0;)
        value = value << 8 | byte_at(bytes, at + i);
    return value;
}

RasterShape shape_of(std::uint32_t width, std::uint32_t height, std::int32_t channels)
{
    return {static_cast<std::int32_t>(width), static_cast<std::int32_t>(height), channels, SampleType::uint8};
}

/// Whether a tRNS chunk, which makes some pixels transparent, stands before the pixels.
bool has_transparent_colour(ByteView png)
{
    constexpr std::size_t first_chunk = 8, around_a_chunk = 12;
    for (std::size_t at = first_chunk; at + around_a_chunk <= png.size();) {
        auto const type = as_text(png.subspan(at + 4, 4));
        if (type == "tRNS")
            return true;
        if (type == "IDAT")
            return false;
        at += around_a_chunk + big_endian(png, at, 4);
    }
    return false;
}

std::optional<TileHeader> read_png(ByteView png)
{
    if (png.size() < 33)
        return std::nullopt;
    std::uint32_t const depth = byte_at(png, 24), colour = byte_at(png, 25);
    bool const is_grey = colour == 0 || colour == 4;
    std::int32_t const alpha = (colour & 4) != 0 || has_transparent_colour(png) ? 1 : 0;
    auto shape = shape_of(big_endian(png, 16, 4), big_endian(png, 20, 4), (is_grey ? 1 : 3) + alpha);
    if (depth == 16)
        shape.type = SampleType::uint16;
    return TileHeader{TileCompression::png, shape};
}

std::optional<TileHeader> read_jpeg(ByteView jpeg)
{
    for (std::size_t at = 2; at + 10 <= jpeg.size() && byte_at(jpeg, at) == 0xFF;) {
        auto const marker = byte_at(jpeg, at + 1);
        if (marker == 0xFF) { // fill bytes
            ++at;
            continue;
        }
        bool const is_frame =
            marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (is_frame)
            return TileHeader{TileCompression::jpeg,
                              shape_of(big_endian(jpeg, at + 7, 2), big_endian(jpeg, at + 5, 2),
                                       static_cast<std::int32_t>(byte_at(jpeg, at + 9)))};
        at += 2 + big_endian(jpeg, at + 2, 2);
    }
    return std::nullopt;
}

std::optional<TileHeader> read_webp(ByteView webp)
{
    if (webp.size() < 30)
        return std::nullopt;
    auto const chunk = as_text(webp.subspan(12, 4));
    if (chunk == "VP8 ")
        return TileHeader{TileCompression::webp, shape_of(little_endian(webp, 26, 2) & 0x3FFF,
                                                          little_endian(webp, 28, 2) & 0x3FFF, 3)};
    if (chunk == "VP8L") {
        auto const bits = little_endian(webp, 21, 4);
        return TileHeader{TileCompression::webp, shape_of((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1,
                                                          (bits >> 28 & 1) != 0 ? 4 : 3)};
    }
    if (chunk == "VP8X")
        return TileHeader{TileCompression::webp,
                          shape_of(little_endian(webp, 24, 3) + 1, little_endian(webp, 27, 3) + 1,
                                   (byte_at(webp, 20) & 0x10) != 0 ? 4 : 3)};
    return std::nullopt;
}

} // namespace

std::optional<TileHeader> read_tile_header(ByteView tile)
{
    auto const text = as_text(tile);
    if (text.starts_with("\x89PNG\r\n\x1A\n"sv))
        return read_png(tile);
    if (text.starts_with("\xFF\xD8\xFF"sv))
        return read_jpeg(tile);
    if (text.starts_with("RIFF"sv) && text.size() > 12 && text.substr(8, 4) == "WEBP")
        return read_webp(tile);
    if (text.starts_with("\x1F\x8B\x08"sv))
        return TileHeader{TileCompression::vector, {}, true};
    // MVT 2.1 4.1: a tile is nothing but layers, field 3, each with its length.
    if (text.starts_with('\x1A'))
        return TileHeader{TileCompression::vector, {}, false};
    return std::nullopt;
}

} // namespace ardoise
