// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/failure.hpp"
#include "pyramid/raster/codec.hpp"
#include "pyramid/raster/limits.hpp"

#include <turbojpeg.h>

#include <array>
#include <memory>
#include <new>
#include <string>

namespace ardoise::jpeg {

namespace {

/// A TurboJPEG handle: costly to make, good for any number of images, one thread at a time.
class Handle {
public:
    using Init = tjhandle();

    explicit Handle(Init& init) : init_{init} {}
    ~Handle() { discard(); }
    Handle(Handle const&) = delete;
    Handle& operator=(Handle const&) = delete;

    tjhandle get()
    {
        if (!handle_)
            handle_ = init_();
        if (!handle_)
            throw std::bad_alloc{};
        return handle_;
    }
    /// A handle that failed inside a header would refuse the next image as well: it is not used again.
    void check(int returned)
    {
        if (returned == 0)
            return;
        std::string const trouble = tjGetErrorStr2(handle_);
        discard();
        fail("JPEG: {}", trouble);
    }

private:
    void discard()
    {
        if (handle_)
            tjDestroy(handle_);
        handle_ = nullptr;
    }

    Init& init_;
    tjhandle handle_ = nullptr;
};

Handle& decompressor()
{
    thread_local Handle handle{tjInitDecompress};
    return handle;
}

Handle& compressor()
{
    thread_local Handle handle{tjInitCompress};
    return handle;
}

struct FreedByTurboJpeg {
    void operator()(unsigned char* bytes) const { tjFree(bytes); }
};

unsigned char const* as_unsigned(std::byte const* bytes)
{
    return reinterpret_cast<unsigned char const*>(bytes);
}

/// Each block of 64 pixels takes a bit at least, so few bytes cannot hold many pixels.
bool can_hold(std::size_t bytes, std::int64_t width, std::int64_t height)
{
    return width * height / 64 <= static_cast<std::int64_t>(bytes) * 8;
}

struct Header {
    RasterShape shape;
    int subsampling = 0;
    int colours = 0; // TJCS
};

Header read_header(ByteView bytes)
{
    int width = 0, height = 0, subsampling = 0, colours = 0;
    decompressor().check(tjDecompressHeader3(decompressor().get(), as_unsigned(bytes.data()), bytes.size(),
                                             &width, &height, &subsampling, &colours));
    check_size("JPEG", width, height);
    if (!can_hold(bytes.size(), width, height))
        fail("JPEG: {} x {} pixels declared in {} bytes", width, height, bytes.size());
    if (colours == TJCS_CMYK || colours == TJCS_YCCK)
        fail("JPEG: CMYK colours are not supported");
    return {{width, height, colours == TJCS_GRAY ? 1 : 3, SampleType::uint8}, subsampling, colours};
}

constexpr int strict = TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS;

void check_quality(int quality)
{
    if (quality < 1 || quality > 100)
        fail("JPEG: quality is {}, expected 1 to 100", quality);
}

/// Takes what TurboJPEG has written, and checks what it returned.
Bytes finished(int returned, unsigned char* written, unsigned long size)
{
    std::unique_ptr<unsigned char, FreedByTurboJpeg> const owner{written};
    compressor().check(returned);
    auto const* first = reinterpret_cast<std::byte const*>(written);
    return {first, first + size};
}

std::array<int, 3> strides_of(Planes const& planes)
{
    int const half = planes.chroma[0].shape().width;
    return {planes.luma.shape().width, half, half};
}

} // namespace

Planes::Planes(std::int32_t picture_width, std::int32_t picture_height)
    : width{picture_width}, height{picture_height}, luma{Raster::unwritten(
                                                        {width + width % 2, height + height % 2})}
{
    for (auto& plane : chroma)
        plane = Raster::unwritten({luma.shape().width / 2, luma.shape().height / 2});
}

Raster decode(ByteView bytes)
{
    auto raster = Raster::unwritten(read_header(bytes).shape);
    auto const& shape = raster.shape();
    decompressor().check(tjDecompress2(decompressor().get(), as_unsigned(bytes.data()), bytes.size(),
                                       raster.row(0), shape.width, 0, shape.height,
                                       shape.channels == 1 ? TJPF_GRAY : TJPF_RGB, strict));
    return raster;
}

Bytes encode(RasterView pixels, int quality)
{
    auto const& shape = pixels.shape;
    check_encodable("JPEG", shape, shape.channels == 1 || shape.channels == 3 || shape.channels == 4,
                    shape.type == SampleType::uint8);
    check_quality(quality);
    int const layout = shape.channels == 1 ? TJPF_GRAY : shape.channels == 3 ? TJPF_RGB : TJPF_RGBX;
    int const subsampling = shape.channels == 1 ? TJSAMP_GRAY : TJSAMP_420;
    unsigned char* written = nullptr;
    unsigned long size = 0;
    int const returned = tjCompress2(compressor().get(), as_unsigned(pixels.first), shape.width,
                                     static_cast<int>(pixels.stride), shape.height, layout, &written, &size,
                                     subsampling, quality, 0);
    return finished(returned, written, size);
}

std::optional<Planes> decode_planes(ByteView bytes)
{
    auto const [shape, subsampling, colours] = read_header(bytes);
    if (subsampling != TJSAMP_420 || colours != TJCS_YCbCr)
        return std::nullopt;
    Planes planes{shape.width, shape.height};
    std::array to{planes.luma.row(0), planes.chroma[0].row(0), planes.chroma[1].row(0)};
    auto strides = strides_of(planes);
    decompressor().check(tjDecompressToYUVPlanes(decompressor().get(), as_unsigned(bytes.data()),
                                                 bytes.size(), to.data(), shape.width, strides.data(),
                                                 shape.height, strict));
    return planes;
}

Bytes encode(Planes const& planes, int quality)
{
    check_size("JPEG", planes.width, planes.height);
    check_quality(quality);
    std::array from{planes.luma.row(0), planes.chroma[0].row(0), planes.chroma[1].row(0)};
    auto const strides = strides_of(planes);
    unsigned char* written = nullptr;
    unsigned long size = 0;
    int const returned =
        tjCompressFromYUVPlanes(compressor().get(), from.data(), planes.width, strides.data(), planes.height,
                                TJSAMP_420, &written, &size, quality, 0);
    return finished(returned, written, size);
}

} // namespace ardoise::jpeg
