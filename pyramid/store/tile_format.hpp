// SPDX-License-Identifier: Apache-2.0
// How the tiles of a pyramid are encoded at rest, under the names that ROK4 gave.
#pragma once

#include "pyramid/raster/codec.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace ardoise {

enum class TileCompression { none, zip, lzw, packbits, jpeg, png, webp, vector };

/// One row of the table of formats.
struct TileFormat {
    std::string_view name; // in the descriptor: "TIFF_JPG_UINT8"
    TileCompression compression;
    SampleType type;
    std::string_view media_type;       // as a stored tile is served
    std::string_view extension;        // with which it is asked for, without the dot
    std::string_view content_encoding; // of the stored bytes, mostly none
    bool known_to_rok4;

    friend bool operator==(TileFormat const& a, TileFormat const& b) { return a.name == b.name; }
};

/// Every format that can be read.
std::span<TileFormat const> tile_formats();
/// Null when no format is called that.
TileFormat const* find_tile_format(std::string_view name);

/// The bytes of one tile. Throws Failure when the pixels do not fit the format. `quality` (1 to 100) is for
/// JPEG and WebP.
Bytes encode_tile(RasterView pixels, TileFormat const& format, int quality);
/// The pixels of one tile; `shape` says what they must be. Grey is taken for colour, and what has no alpha
/// for opaque, where the shape wants more channels. Throws Failure when the bytes are anything else.
Raster decode_tile(ByteView bytes, TileFormat const& format, RasterShape shape);

/// The stored mask of a tile of which all is data, as `ardoise build` writes it among others.
Bytes mask_of_whole_tile(RasterShape const& shape);

/// The stored bytes as a client gets them. Pixels without a format of their own (raw, LZW, PackBits, 8-bit
/// zip) are wrapped in a small TIFF file; all others are complete as they stand, and nothing is returned.
std::optional<Bytes> wrap_for_client(ByteView bytes, TileFormat const& format, RasterShape shape);

/// The Content-Encoding (RFC 9110, 8.4) that stored bytes have, mostly none: the format's own, or gzip where
/// a vector tile is stored in it, as nearly all are.
std::string_view content_encoding_of(ByteView bytes, TileFormat const& format);

} // namespace ardoise
