// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/failure.hpp"
#include "pyramid/raster/codec.hpp"
#include "pyramid/raster/limits.hpp"

#include <webp/decode.h>
#include <webp/encode.h>

#include <memory>

namespace ardoise::webp {

namespace {

struct FreedByWebp {
    void operator()(std::uint8_t* bytes) const { WebPFree(bytes); }
};

std::uint8_t const* as_unsigned(ByteView bytes)
{
    return reinterpret_cast<std::uint8_t const*>(bytes.data());
}

RasterShape read_header(ByteView bytes)
{
    WebPBitstreamFeatures features;
    if (WebPGetFeatures(as_unsigned(bytes), bytes.size(), &features) != VP8_STATUS_OK)
        fail("WebP: not a WebP image, or cut off");
    if (features.has_animation)
        fail("WebP: animations are not supported");
    check_size("WebP", features.width, features.height);
    return {features.width, features.height, features.has_alpha ? 4 : 3, SampleType::uint8};
}

} // namespace

Raster decode(ByteView bytes, std::optional<std::int32_t> channels)
{
    auto expected = read_header(bytes);
    expected.channels = channels == 3 || channels == 4 ? *channels : expected.channels;
    Raster raster{expected};
    auto const& shape = raster.shape();
    auto const read = shape.channels == 4 ? WebPDecodeRGBAInto : WebPDecodeRGBInto;
    if (!read(as_unsigned(bytes), bytes.size(), raster.row(0), shape.bytes(),
              static_cast<int>(shape.bytes_per_row())))
        fail("WebP: malformed or cut off");
    return raster;
}

Bytes encode(RasterView pixels, int quality)
{
    auto const& shape = pixels.shape;
    check_encodable("WebP", shape, shape.channels == 3 || shape.channels == 4,
                    shape.type == SampleType::uint8);
    if (shape.width > WEBP_MAX_DIMENSION || shape.height > WEBP_MAX_DIMENSION)
        fail("WebP: {} x {} pixels: a side has {} at most", shape.width, shape.height, WEBP_MAX_DIMENSION);
    if (quality < 1 || quality > 100)
        fail("WebP: quality is {}, expected 1 to 100", quality);

    auto const write = shape.channels == 4 ? WebPEncodeRGBA : WebPEncodeRGB;
    std::uint8_t* written = nullptr;
    std::size_t const size = write(pixels.row(0), shape.width, shape.height, static_cast<int>(pixels.stride),
                                   static_cast<float>(quality), &written);
    std::unique_ptr<std::uint8_t, FreedByWebp> const owner{written};
    if (size == 0)
        fail("WebP: {} x {} pixels could not be encoded", shape.width, shape.height);
    auto const* first = reinterpret_cast<std::byte const*>(written);
    return {first, first + size};
}

} // namespace ardoise::webp
