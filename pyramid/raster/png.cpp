// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/failure.hpp"
#include "pyramid/raster/codec.hpp"
#include "pyramid/raster/limits.hpp"
#include "pyramid/raster/wide_loops.hpp"
#include "pyramid/raster/zlib.hpp"

#include <png.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <limits>
#include <memory>
#include <new>

namespace ardoise::png {

namespace {

constexpr std::array<unsigned char, 8> signature{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

/// libpng reports errors by longjmp. Everything it jumps over is plain data: the functions named `try_` hold
/// the setjmp, own nothing, and say false where it came back.
struct Input {
    ByteView rest;
    char trouble[96] = "";
};

void take_bytes(png_structp png, png_bytep to, std::size_t count)
{
    auto& input = *static_cast<Input*>(png_get_io_ptr(png));
    if (count > input.rest.size())
        png_error(png, "the file ends too early");
    std::memcpy(to, input.rest.data(), count);
    input.rest = input.rest.subspan(count);
}

[[noreturn]] void report(png_structp png, png_const_charp message)
{
    auto& input = *static_cast<Input*>(png_get_error_ptr(png));
    std::size_t const length = std::min(std::char_traits<char>::length(message), sizeof input.trouble - 1);
    std::memcpy(input.trouble, message, length);
    input.trouble[length] = '\0';
    png_longjmp(png, 1);
}

void ignore(png_structp, png_const_charp) {}

class Reader {
public:
    explicit Reader(ByteView bytes) : input_{bytes}
    {
        png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, &input_, report, ignore);
        info_ = png_ ? png_create_info_struct(png_) : nullptr;
        if (!info_) {
            png_destroy_read_struct(&png_, nullptr, nullptr);
            throw std::bad_alloc{};
        }
    }
    ~Reader() { png_destroy_read_struct(&png_, &info_, nullptr); }
    Reader(Reader const&) = delete;
    Reader& operator=(Reader const&) = delete;

    RasterShape header()
    {
        if (!try_header())
            fail("PNG: {}", input_.trouble);
        std::int64_t const width = png_get_image_width(png_, info_),
                           height = png_get_image_height(png_, info_);
        check_size("PNG", width, height);
        return {static_cast<std::int32_t>(width), static_cast<std::int32_t>(height),
                png_get_channels(png_, info_),
                png_get_bit_depth(png_, info_) == 16 ? SampleType::uint16 : SampleType::uint8};
    }

    void rows(Raster& to)
    {
        if (!try_rows(to))
            fail("PNG: {}", input_.trouble);
    }

private:
    bool try_header()
    {
        if (setjmp(png_jmpbuf(png_)) != 0)
            return false;
        png_set_read_fn(png_, &input_, take_bytes);
        png_set_user_limits(png_, longest_side, longest_side);
        png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
        png_read_info(png_, info_);
        refuse_bombs();
        png_set_expand(png_);
        png_set_swap(png_);
        passes_ = png_set_interlace_handling(png_);
        png_read_update_info(png_, info_);
        return true;
    }

    /// Deflate shrinks 1,032 times at most: pixels beyond that are not in the file.
    void refuse_bombs()
    {
        auto const packed = std::uint64_t{png_get_rowbytes(png_, info_)} * png_get_image_height(png_, info_);
        if (packed / 1032 > input_.rest.size())
            png_error(png_, "more pixels are declared than the file can hold");
    }

    bool try_rows(Raster& to)
    {
        if (setjmp(png_jmpbuf(png_)) != 0)
            return false;
        for (int pass = 0; pass < passes_; ++pass)
            for (std::int32_t y = 0; y < to.shape().height; ++y)
                png_read_row(png_, to.row(y), nullptr);
        png_read_end(png_, nullptr);
        return true;
    }

    Input input_;
    png_structp png_ = nullptr;
    png_infop info_ = nullptr;
    int passes_ = 1;
};

void append(Bytes& out, ByteView bytes)
{
    out.insert(out.end(), bytes.begin(), bytes.end());
}

void put_big_endian(std::span<std::byte> out, std::size_t offset, std::uint32_t value)
{
    for (std::size_t i = 0; i < 4; ++i)
        out[offset + i] = static_cast<std::byte>(value >> (24 - 8 * i));
}

/// Writes one chunk around what `write_body` appends.
template <typename WriteBody>
void append_chunk(Bytes& out, std::string_view type, WriteBody write_body)
{
    std::size_t const start = out.size();
    out.resize(start + 4);
    append(out, as_bytes(type));
    write_body();
    std::size_t const length = out.size() - start - 8;
    if (length > std::numeric_limits<std::int32_t>::max())
        fail("PNG: {} bytes do not fit in one chunk", length);
    put_big_endian(out, start, static_cast<std::uint32_t>(length));
    auto const checksum = crc32(ByteView{out}.subspan(start + 4));
    out.resize(out.size() + 4);
    put_big_endian(out, out.size() - 4, checksum);
}

std::byte colour_type(std::int32_t channels)
{
    constexpr std::array<int, 4> types{PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB,
                                       PNG_COLOR_TYPE_RGB_ALPHA};
    return static_cast<std::byte>(types[static_cast<std::size_t>(channels - 1)]);
}

/// Signature and IHDR.
void append_header(Bytes& out, RasterShape const& shape, std::size_t depth, std::byte type)
{
    append(out, std::as_bytes(std::span{signature}));
    std::array<std::byte, 13> header{};
    put_big_endian(header, 0, static_cast<std::uint32_t>(shape.width));
    put_big_endian(header, 4, static_cast<std::uint32_t>(shape.height));
    header[8] = static_cast<std::byte>(depth);
    header[9] = type;
    append_chunk(out, "IHDR", [&] { append(out, header); });
}

/// PLTE, and tRNS for as many of the first colours as are not opaque.
void append_palette(Bytes& out, FewColours const& few)
{
    append_chunk(out, "PLTE", [&] {
        for (auto const& colour : few.colours())
            append(out, std::as_bytes(std::span{colour}.first<3>()));
    });
    if (few.translucent() == 0)
        return;
    append_chunk(out, "tRNS", [&] {
        for (auto const& colour : few.colours().first(few.translucent()))
            append(out, std::as_bytes(std::span{colour}.last<1>()));
    });
}

void append_pixels(Bytes& out, ByteView rows, int level)
{
    append_chunk(out, "IDAT", [&] { append_zlib(out, rows, level); });
    append_chunk(out, "IEND", [] {});
}

/// PNG stores the high byte of a sample first: where that is to be seen to, a row passes through here.
class BigEndianRows {
public:
    explicit BigEndianRows(RasterView pixels)
        : pixels_{pixels}, swapped_{pixels.shape.type == SampleType::uint16
                                        ? Bytes(pixels.shape.bytes_per_row())
                                        : Bytes{}}
    {
    }
    /// Valid until the next call.
    std::byte const* row(std::int32_t y)
    {
        auto const* from = pixels_.row<std::byte>(y);
        if (swapped_.empty())
            return from;
        for (std::size_t i = 0; i < swapped_.size(); i += 2) {
            swapped_[i] = from[i + 1];
            swapped_[i + 1] = from[i];
        }
        return swapped_.data();
    }

private:
    RasterView pixels_;
    Bytes swapped_;
};

/// All rows, each behind its filter byte.
class FilteredRows {
public:
    FilteredRows(RasterView pixels, Filter filter)
        : row_size_{pixels.shape.bytes_per_row()}, rows_{static_cast<std::size_t>(pixels.shape.height)},
          bytes_{std::make_unique_for_overwrite<std::byte[]>(rows_ * (row_size_ + 1))}
    {
        BigEndianRows here{pixels}, above{pixels};
        for (std::size_t y = 0; y < rows_; ++y) {
            auto* const to = bytes_.get() + y * (row_size_ + 1);
            auto const row = static_cast<std::int32_t>(y);
            bool const is_plain = filter == Filter::none || y == 0;
            to[0] = is_plain ? std::byte{PNG_FILTER_VALUE_NONE} : std::byte{PNG_FILTER_VALUE_UP};
            if (is_plain)
                std::memcpy(to + 1, here.row(row), row_size_);
            else
                subtract(this_processor(), {here.row(row), row_size_}, above.row(row - 1), to + 1);
        }
    }
    ByteView bytes() const { return {bytes_.get(), rows_ * (row_size_ + 1)}; }

private:
    std::size_t row_size_, rows_;
    std::unique_ptr<std::byte[]> bytes_;
};

/// Bits for the numbers of so many colours.
std::size_t depth_for(std::size_t colours)
{
    return colours <= 2 ? 1 : colours <= 4 ? 2 : colours <= 16 ? 4 : 8;
}

/// Numbers of so many bits, the first in the highest of them.
void pack(std::span<std::uint8_t const> numbers, std::size_t depth, std::byte* to)
{
    for (std::size_t i = 0; i < numbers.size(); ++i)
        to[i * depth / 8] |= static_cast<std::byte>(numbers[i] << (8 - depth - i * depth % 8));
}

/// The number of each pixel's colour, and rows behind a filter byte that says that they have none: numbers
/// that are near say nothing of colours.
Bytes numbered_rows(RasterView pixels, FewColours const& colours, std::size_t depth)
{
    std::vector<std::uint8_t> numbers(static_cast<std::size_t>(pixels.shape.width));
    std::size_t const row_size = (numbers.size() * depth + 7) / 8;
    Bytes rows(static_cast<std::size_t>(pixels.shape.height) * (row_size + 1));
    for (std::int32_t y = 0; y < pixels.shape.height; ++y) {
        colours.number_row(pixels, y, numbers.data());
        pack(numbers, depth, rows.data() + static_cast<std::size_t>(y) * (row_size + 1) + 1);
    }
    return rows;
}

/// The first of the channels.
Raster grey_of(RasterView pixels)
{
    auto const channels = static_cast<std::size_t>(pixels.shape.channels);
    Raster grey{{pixels.shape.width, pixels.shape.height}};
    for (std::int32_t y = 0; y < pixels.shape.height; ++y)
        for (std::size_t x = 0; x < static_cast<std::size_t>(pixels.shape.width); ++x)
            grey.row(y)[x] = pixels.row(y)[x * channels];
    return grey;
}

} // namespace

Raster decode(ByteView bytes)
{
    Reader reader{bytes};
    Raster raster{reader.header()};
    reader.rows(raster);
    return raster;
}

Bytes encode(RasterView pixels, Options const& options)
{
    auto const& shape = pixels.shape;
    check_encodable("PNG", shape, shape.channels >= 1 && shape.channels <= 4,
                    shape.type != SampleType::float32);
    FilteredRows const rows{pixels, options.filter};
    Bytes out;
    append_header(out, shape, 8 * bytes_per_sample(shape.type), colour_type(shape.channels));
    append_pixels(out, rows.bytes(), options.level);
    return out;
}

Bytes encode(RasterView pixels, FewColours const& colours)
{
    auto const& shape = pixels.shape;
    check_encodable("PNG", shape, shape.channels >= 1 && shape.channels <= 4,
                    shape.type == SampleType::uint8);
    auto const depth = depth_for(colours.colours().size());
    if (depth == 8 && colours.are_greys())
        return encode(grey_of(pixels).view());
    Bytes out;
    append_header(out, shape, depth, std::byte{PNG_COLOR_TYPE_PALETTE});
    append_palette(out, colours);
    int const level = depth == 8 ? 1 : 6; // there is little of it to compress where colours are fewer
    append_pixels(out, numbered_rows(pixels, colours, depth), level);
    return out;
}

} // namespace ardoise::png
