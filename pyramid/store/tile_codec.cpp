// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/failure.hpp"
#include "pyramid/store/tile_format.hpp"

#include <algorithm>
#include <array>

namespace ardoise {

namespace {

using Tile = TileCompression;
using enum SampleType;

constexpr std::array formats{
    TileFormat{"TIFF_JPG_UINT8", Tile::jpeg, uint8, "image/jpeg", "jpg", "", true},
    TileFormat{"TIFF_JPG90_UINT8", Tile::jpeg, uint8, "image/jpeg", "jpg", "", true},
    TileFormat{"TIFF_PNG_UINT8", Tile::png, uint8, "image/png", "png", "", true},
    TileFormat{"TIFF_WEBP_UINT8", Tile::webp, uint8, "image/webp", "webp", "", false},
    TileFormat{"TIFF_RAW_UINT8", Tile::none, uint8, "image/tiff", "tif", "", true},
    TileFormat{"TIFF_ZIP_UINT8", Tile::zip, uint8, "image/tiff", "tif", "", true},
    TileFormat{"TIFF_LZW_UINT8", Tile::lzw, uint8, "image/tiff", "tif", "", true},
    TileFormat{"TIFF_PKB_UINT8", Tile::packbits, uint8, "image/tiff", "tif", "", true},
    TileFormat{"TIFF_RAW_UINT16", Tile::none, uint16, "image/tiff", "tif", "", false},
    TileFormat{"TIFF_ZIP_UINT16", Tile::zip, uint16, "image/tiff", "tif", "", false},
    TileFormat{"TIFF_LZW_UINT16", Tile::lzw, uint16, "image/tiff", "tif", "", false},
    TileFormat{"TIFF_RAW_FLOAT32", Tile::none, float32, "image/x-bil;bits=32", "bil", "", true},
    TileFormat{"TIFF_ZIP_FLOAT32", Tile::zip, float32, "image/x-bil;bits=32", "bil", "deflate", true},
    TileFormat{"TIFF_LZW_FLOAT32", Tile::lzw, float32, "image/tiff", "tif", "", true},
    TileFormat{"TIFF_PKB_FLOAT32", Tile::packbits, float32, "image/tiff", "tif", "", true},
    TileFormat{"TIFF_PBF_MVT", Tile::vector, uint8, "application/x-protobuf", "pbf", "", true},
};

tiff::Compression in_tiff(TileCompression compression)
{
    switch (compression) {
    case Tile::zip:
        return tiff::Compression::deflate;
    case Tile::lzw:
        return tiff::Compression::lzw;
    case Tile::packbits:
        return tiff::Compression::packbits;
    default:
        return tiff::Compression::none;
    }
}

/// ROK4's reader knows PNG rows without filters only, and looks for the pixels at a fixed place.
constexpr png::Options stored_png{png::Filter::none, 6};

bool has_alpha(std::int32_t channels)
{
    return channels == 2 || channels == 4;
}

/// Whether pixels say all that `shape` wants once grey is repeated as colour and all is opaque: archives of
/// tiles hold what was smallest for each.
bool can_be_widened(RasterShape pixels, RasterShape shape)
{
    return pixels.type == SampleType::uint8 && shape.type == SampleType::uint8 &&
           pixels.channels < shape.channels && pixels.width == shape.width && pixels.height == shape.height &&
           (has_alpha(shape.channels) || !has_alpha(pixels.channels));
}

Raster widened(Raster const& pixels, RasterShape shape)
{
    Raster wide{shape};
    auto const narrow_colours = pixels.shape().channels - (has_alpha(pixels.shape().channels) ? 1 : 0),
               wide_colours = shape.channels - (has_alpha(shape.channels) ? 1 : 0);
    for (std::int32_t y = 0; y < shape.height; ++y) {
        auto const* from = pixels.row(y);
        auto* to = wide.row(y);
        for (std::int32_t x = 0; x < shape.width; ++x, from += pixels.shape().channels) {
            for (std::int32_t colour = 0; colour < wide_colours; ++colour)
                *to++ = from[std::min(colour, narrow_colours - 1)];
            if (has_alpha(shape.channels))
                *to++ = has_alpha(pixels.shape().channels) ? from[narrow_colours] : std::uint8_t{255};
        }
    }
    return wide;
}

} // namespace

std::span<TileFormat const> tile_formats()
{
    return formats;
}

TileFormat const* find_tile_format(std::string_view name)
{
    auto const found =
        std::find_if(formats.begin(), formats.end(), [&](auto const& format) { return format.name == name; });
    return found == formats.end() ? nullptr : &*found;
}

Bytes encode_tile(RasterView pixels, TileFormat const& format, int quality)
{
    if (pixels.shape.type != format.type)
        fail("tiles of {} do not hold samples of {} bytes", format.name, bytes_per_sample(pixels.shape.type));
    switch (format.compression) {
    case Tile::jpeg:
        return ardoise::jpeg::encode(pixels, quality);
    case Tile::png:
        return ardoise::png::encode(pixels, stored_png);
    case Tile::webp:
        return ardoise::webp::encode(pixels, quality);
    case Tile::vector:
        fail("vector tiles have no pixels to encode");
    default:
        return tiff::encode_tile(pixels, in_tiff(format.compression));
    }
}

Raster decode_tile(ByteView bytes, TileFormat const& format, RasterShape shape)
{
    auto pixels = [&] {
        switch (format.compression) {
        case Tile::jpeg:
            return ardoise::jpeg::decode(bytes);
        case Tile::png:
            return ardoise::png::decode(bytes);
        case Tile::webp:
            return ardoise::webp::decode(bytes, shape.channels);
        case Tile::vector:
            fail("vector tiles have no pixels to decode");
        default:
            return tiff::decode_tile(bytes, shape, in_tiff(format.compression));
        }
    }();
    if (can_be_widened(pixels.shape(), shape))
        return widened(pixels, shape);
    if (pixels.shape() != shape)
        fail("a tile is {}x{} with {} channels, expected {}x{} with {}", pixels.shape().width,
             pixels.shape().height, pixels.shape().channels, shape.width, shape.height, shape.channels);
    return pixels;
}

Bytes mask_of_whole_tile(RasterShape const& shape)
{
    return encode_tile(full_validity(shape).view(), *find_tile_format("TIFF_ZIP_UINT8"), 100);
}

std::optional<Bytes> wrap_for_client(ByteView bytes, TileFormat const& format, RasterShape shape)
{
    if (format.media_type != "image/tiff")
        return std::nullopt;
    return tiff::wrap_tile(bytes, shape, in_tiff(format.compression));
}

std::string_view content_encoding_of(ByteView bytes, TileFormat const& format)
{
    if (format.compression != TileCompression::vector)
        return format.content_encoding; // without a look at the tile, whose page would come into the cache
    bool const gzipped = bytes.size() > 2 && bytes[0] == std::byte{0x1f} && bytes[1] == std::byte{0x8b};
    return gzipped ? "gzip" : format.content_encoding;
}

} // namespace ardoise
