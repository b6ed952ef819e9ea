// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/failure.hpp"
#include "pyramid/raster/codec.hpp"
#include "pyramid/raster/limits.hpp"
#include "pyramid/raster/lzw.hpp"
#include "pyramid/raster/packbits.hpp"
#include "pyramid/raster/zlib.hpp"

#include <algorithm>
#include <limits>

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

/// The head of a little-endian TIFF file: eight bytes, one directory, the lists that do not fit in it.
class Header {
public:
    explicit Header(std::uint16_t tags) : bytes_(lists_start(tags))
    {
        write_le<std::uint16_t>(bytes_, 0, 0x4949);
        write_le<std::uint16_t>(bytes_, 2, 42);
        write_le<std::uint32_t>(bytes_, 4, directory_start);
        write_le<std::uint16_t>(bytes_, directory_start, tags);
    }
    void add_short(std::uint16_t tag, std::uint32_t value) { add(tag, type_short, 1, value); }
    void add_long(std::uint16_t tag, std::uint32_t value) { add(tag, type_long, 1, value); }

    /// The same value `count` times: two fit in the directory, more stand behind it.
    void add_shorts(std::uint16_t tag, std::uint32_t value, std::uint32_t count)
    {
        if (count <= 2) {
            add(tag, type_short, count, count == 2 ? value << 16 | value : value);
            return;
        }
        auto const start = bytes_.size();
        add(tag, type_short, count, static_cast<std::uint32_t>(start));
        bytes_.resize(start + 2 * count);
        for (std::uint32_t i = 0; i < count; ++i)
            write_le<std::uint16_t>(bytes_, start + 2 * i, static_cast<std::uint16_t>(value));
    }
    /// Where the head will end once `lists` lists of `count` shorts are added.
    static std::uint32_t size(std::uint16_t tags, std::uint32_t lists, std::uint32_t count)
    {
        return lists_start(tags) + (count > 2 ? lists * 2 * count : 0);
    }
    Bytes finish() { return std::move(bytes_); }

private:
    static constexpr std::uint16_t type_short = 3, type_long = 4;
    static constexpr std::uint32_t directory_start = 8;
    static std::uint32_t lists_start(std::uint16_t tags) { return directory_start + 2 + 12U * tags + 4; }

    void add(std::uint16_t tag, std::uint16_t type, std::uint32_t count, std::uint32_t value)
    {
        write_le(bytes_, at_, tag);
        write_le(bytes_, at_ + 2, type);
        write_le(bytes_, at_ + 4, count);
        write_le(bytes_, at_ + 8, value);
        at_ += 12;
    }

    Bytes bytes_;
    std::size_t at_ = directory_start + 2;
};

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

Bytes wrap_tile(ByteView bytes, RasterShape shape, Compression compression)
{
    check_shape(shape);
    // The tile stands as the file's only strip: a strip may have any width, a tile wants multiples of 16.
    bool const has_alpha = shape.channels == 2 || shape.channels == 4;
    std::uint16_t const tags = has_alpha ? 12 : 11;
    auto const channels = static_cast<std::uint32_t>(shape.channels);
    auto const width = static_cast<std::uint32_t>(shape.width),
               height = static_cast<std::uint32_t>(shape.height);
    std::uint32_t const start = Header::size(tags, 2, channels);
    if (bytes.size() > std::numeric_limits<std::uint32_t>::max() - start)
        fail("TIFF: a tile of {} bytes is too large", bytes.size());

    Header header{tags};
    header.add_long(256, width);
    header.add_long(257, height);
    header.add_shorts(258, static_cast<std::uint32_t>(8 * bytes_per_sample(shape.type)),
                      channels); // BitsPerSample
    header.add_short(259, static_cast<std::uint32_t>(compression));
    header.add_short(262, shape.channels < 3 ? 1 : 2);              // PhotometricInterpretation: grey or RGB
    header.add_long(273, start);                                    // StripOffsets
    header.add_short(277, channels);                                // SamplesPerPixel
    header.add_long(278, height);                                   // RowsPerStrip
    header.add_long(279, static_cast<std::uint32_t>(bytes.size())); // StripByteCounts
    header.add_short(284, 1);                                       // PlanarConfiguration: interleaved
    if (has_alpha)
        header.add_short(338, 2); // ExtraSamples: unassociated alpha
    header.add_shorts(339, shape.type == SampleType::float32 ? 3 : 1, channels); // SampleFormat
    Bytes out = header.finish();
    out.insert(out.end(), bytes.begin(), bytes.end());
    return out;
}

} // namespace ardoise::tiff
