// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/failure.hpp"
#include "pyramid/raster/codec.hpp"
#include "pyramid/raster/limits.hpp"
#include "pyramid/raster/lzw.hpp"
#include "pyramid/raster/packbits.hpp"
#include "pyramid/raster/zlib.hpp"

#include <algorithm>

namespace ardoise::tiff {

namespace {

constexpr int deflate_level = 6;

void check_shape(RasterShape const& shape)
{
    check_encodable("TIFF", shape, shape.channels >= 1 && shape.channels <= 4, true);
}

/// The samples row after row without gaps.
Bytes packed(RasterView pixels)
{
    Bytes out(pixels.shape.bytes());
    std::size_t const row_size = pixels.shape.bytes_per_row();
    for (std::int32_t y = 0; y < pixels.shape.height; ++y)
        std::copy_n(pixels.row<std::byte>(y), row_size, out.data() + static_cast<std::size_t>(y) * row_size);
    return out;
}

Bytes packbits(RasterView pixels)
{
    Bytes out;
    for (std::int32_t y = 0; y < pixels.shape.height; ++y)
        append_packbits(out, {pixels.row<std::byte>(y), pixels.shape.bytes_per_row()});
    return out;
}

bool read(ByteView bytes, std::span<std::byte> out, Compression compression)
{
    switch (compression) {
    case Compression::none:
        if (bytes.size() != out.size())
            return false;
        std::copy(bytes.begin(), bytes.end(), out.begin());
        return true;
    case Compression::lzw:
        return read_lzw(bytes, out);
    case Compression::deflate:
        return read_zlib(bytes, out);
    case Compression::packbits:
        return read_packbits(bytes, out);
    }
    return false;
}

} // namespace

Bytes encode_tile(RasterView pixels, Compression compression)
{
    check_shape(pixels.shape);
    switch (compression) {
    case Compression::none:
        break;
    case Compression::lzw:
        return write_lzw(packed(pixels));
    case Compression::deflate: {
        Bytes out;
        append_zlib(out, packed(pixels), deflate_level);
        return out;
    }
    case Compression::packbits:
        return packbits(pixels);
    }
    return packed(pixels);
}

Raster decode_tile(ByteView bytes, RasterShape shape, Compression compression)
{
    check_shape(shape);
    Raster raster{shape};
    if (!read(bytes, raster.bytes(), compression))
        fail("TIFF: {} bytes of a tile (compression {}) are not {} x {} pixels of {} bytes", bytes.size(),
             static_cast<int>(compression), shape.width, shape.height, shape.bytes_per_pixel());
    return raster;
}

} // namespace ardoise::tiff
