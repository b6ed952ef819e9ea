// SPDX-License-Identifier: Apache-2.0
// Any bytes to any decoder of pixels: the first byte says to which.
#include "pyramid/base/failure.hpp"
#include "pyramid/raster/codec.hpp"

namespace {

using namespace ardoise;

void decode(std::uint8_t decoder, ByteView bytes)
{
    using tiff::Compression;
    constexpr RasterShape tile{64, 64, 3};
    switch (decoder % 7) {
    case 0:
        jpeg::decode(bytes);
        break;
    case 1:
        png::decode(bytes);
        break;
    case 2:
        webp::decode(bytes);
        break;
    case 3:
        tiff::decode_tile(bytes, tile, Compression::none);
        break;
    case 4:
        tiff::decode_tile(bytes, tile, Compression::lzw);
        break;
    case 5:
        tiff::decode_tile(bytes, tile, Compression::deflate);
        break;
    default:
        tiff::decode_tile(bytes, tile, Compression::packbits);
        break;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    if (size == 0)
        return 0;
    try {
        decode(data[0], std::as_bytes(std::span{data + 1, size - 1}));
    } catch (Failure const&) {
        return 0;
    }
    return 0;
}
