// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/failure.hpp"
#include "pyramid/raster/codec.hpp"
#include "pyramid/raster/limits.hpp"

#include <webp/decode.h>
#include <webp/encode.h>

namespace ardoise::webp {

namespace {

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

/// libwebp's picture and what is written of it.
struct Encoder {
    Encoder()
    {
        WebPMemoryWriterInit(&written);
        if (!WebPPictureInit(&picture))
            fail("WebP: libwebp is of another version than the one that this program was built for");
        picture.writer = WebPMemoryWrite;
        picture.custom_ptr = &written;
    }
    ~Encoder()
    {
        WebPPictureFree(&picture);
        WebPMemoryWriterClear(&written);
    }
    Encoder(Encoder const&) = delete;
    Encoder& operator=(Encoder const&) = delete;

    WebPPicture picture;
    WebPMemoryWriter written;
};

Bytes encode(RasterView pixels, WebPConfig const& config)
{
    auto const& shape = pixels.shape;
    check_encodable("WebP", shape, shape.channels == 3 || shape.channels == 4,
                    shape.type == SampleType::uint8);
    if (shape.width > WEBP_MAX_DIMENSION || shape.height > WEBP_MAX_DIMENSION)
        fail("WebP: {} x {} pixels: a side has {} at most", shape.width, shape.height, WEBP_MAX_DIMENSION);
    Encoder encoder;
    auto& picture = encoder.picture;
    picture.use_argb = config.lossless;
    picture.width = shape.width;
    picture.height = shape.height;
    auto const take = shape.channels == 4 ? WebPPictureImportRGBA : WebPPictureImportRGB;
    if (!take(&picture, pixels.row(0), static_cast<int>(pixels.stride)) || !WebPEncode(&config, &picture))
        fail("WebP: {} x {} pixels could not be encoded", shape.width, shape.height);
    auto const* first = reinterpret_cast<std::byte const*>(encoder.written.mem);
    return {first, first + encoder.written.size};
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

Bytes encode(RasterView pixels, int quality, Effort effort)
{
    if (quality < 1 || quality > 100)
        fail("WebP: quality is {}, expected 1 to 100", quality);
    WebPConfig config;
    WebPConfigInit(&config);
    config.quality = static_cast<float>(quality);
    config.method = static_cast<int>(effort);
    return encode(pixels, config);
}

Bytes encode_exactly(RasterView pixels)
{
    WebPConfig config;
    WebPConfigInit(&config);
    config.lossless = 1;
    config.exact = 1; // what is transparent keeps its colour
    config.method = static_cast<int>(Effort::quick);
    config.quality = 20; // no quality here: another effort, of 0 to 100
    return encode(pixels, config);
}

} // namespace ardoise::webp
