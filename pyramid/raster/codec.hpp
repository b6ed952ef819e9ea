// SPDX-License-Identifier: Apache-2.0
// Codecs: pixels to bytes and back, one foreign library behind each name.
//
// Every decoder is fed with bytes from outside: it checks declared sizes before it allocates (no side over
// 65,500 px, no more than 256 Mpx), throws Failure on anything malformed, never reads past the end, and is
// fuzzed. All functions are safe to call from any thread.
#pragma once

#include "pyramid/raster/few_colours.hpp"
#include "pyramid/raster/raster.hpp"

#include <array>
#include <optional>

namespace ardoise {

namespace jpeg {

/// 1 (grey) or 3 channels (RGB), uint8. CMYK is refused.
Raster decode(ByteView bytes);
/// Baseline JFIF, 4:2:0 (grey where there is one channel); quality 1 to 100. 4 channels: the fourth is left
/// out.
Bytes encode(RasterView pixels, int quality);

/// A picture as its JPEG has it (4:2:0): brightness for each pixel, differences of colour for each 2x2 of
/// them. One channel each, uint8. Where the picture has odd sides brightness has one column or row more.
struct Planes {
    std::int32_t width = 0, height = 0; // of the picture
    Raster luma;
    std::array<Raster, 2> chroma; // blue, red: half as wide and as high as `luma`

    Planes() = default;
    /// Samples of any value.
    Planes(std::int32_t picture_width, std::int32_t picture_height);
    std::size_t bytes() const { return luma.bytes().size() + 2 * chroma[0].bytes().size(); }
};

/// Half the work of decode(), and of encode() as well: colours are neither converted nor spread out. Nothing
/// where the picture is not 4:2:0.
std::optional<Planes> decode_planes(ByteView bytes);
Bytes encode(Planes const& planes, int quality);

} // namespace jpeg

namespace png {

/// How rows are prepared for compression. ROK4's reader ignores filter bytes, so stored tiles have none.
enum class Filter { none, up };
struct Options {
    Filter filter = Filter::up;
    int level = 1; // of libdeflate, 1 to 12
};

/// 1 to 4 channels, uint8 or uint16 (palettes and low depths are expanded).
Raster decode(ByteView bytes);
/// 8 or 16 bits, colour type 0, 4, 2 or 6 for 1 to 4 channels, one IDAT right after IHDR, no other chunk.
Bytes encode(RasterView pixels, Options const& options = {});
/// The same picture in fewer bytes: by a palette of its colours, 1, 2, 4 or 8 bits a pixel, or in grey where
/// it has nothing but many shades of that.
Bytes encode(RasterView pixels, FewColours const& colours);

} // namespace png

namespace webp {

/// 3 or 4 channels, uint8: as many as the picture has, or as `channels` says (libwebp drops an alpha that is
/// opaque everywhere, which comes back as 255).
Raster decode(ByteView bytes, std::optional<std::int32_t> channels = std::nullopt);
/// How long is searched for what takes fewer bytes (libwebp's method): quick takes a third of the time, and
/// a fifteenth more bytes.
enum class Effort { quick = 1, thorough = 4 };
/// 3 or 4 channels, uint8; quality 1 to 100. Alpha is kept exactly.
Bytes encode(RasterView pixels, int quality, Effort effort = Effort::thorough);
/// The same without any loss, for pictures of few colours: those take fewer bytes so.
Bytes encode_exactly(RasterView pixels);

} // namespace webp

namespace tiff {

/// The compressions of a tile in a TIFF file (tag 259): none 1, LZW 5, Adobe Deflate 8, PackBits 32773.
enum class Compression : std::uint16_t { none = 1, lzw = 5, deflate = 8, packbits = 32773 };

/// One tile's bytes as they stand in a TIFF file, without header.
Bytes encode_tile(RasterView pixels, Compression compression);
Raster decode_tile(ByteView bytes, RasterShape shape, Compression compression);
/// A complete little-endian TIFF file around one tile's bytes, which are copied untouched (a client that asks
/// for a stored tile as image/tiff gets this).
Bytes wrap_tile(ByteView bytes, RasterShape shape, Compression compression);

} // namespace tiff

} // namespace ardoise
