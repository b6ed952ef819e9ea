// SPDX-License-Identifier: Apache-2.0
#include "pyramid/raster/tiff_writer.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/raster/codec.hpp"
#include "pyramid/raster/dispatch.hpp"
#include "pyramid/raster/limits.hpp"
#include "pyramid/raster/zlib.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <vector>

namespace ardoise::tiff {

namespace {

constexpr std::uint32_t directory_start = 8;
constexpr std::uint16_t strip_offsets_tag = 273;
constexpr std::size_t strip_bytes = 256 << 10; // of pixels: few enough to be read in part
constexpr int deflate_level = 1;               // for one client

template <typename Number>
Field field_of(std::uint16_t tag, Field::Type type, std::span<Number const> numbers)
{
    auto const bytes = std::as_bytes(numbers);
    return {tag, type, {bytes.begin(), bytes.end()}};
}

Field short_field(std::uint16_t tag, std::uint32_t value)
{
    auto const number = static_cast<std::uint16_t>(value);
    return Field::of(tag, std::span{&number, 1});
}

Field long_field(std::uint16_t tag, std::uint32_t value)
{
    return Field::of(tag, std::span{&value, 1});
}

/// The same value for each channel.
Field short_for_each(std::uint16_t tag, std::uint32_t value, std::int32_t channels)
{
    std::vector<std::uint16_t> const numbers(static_cast<std::size_t>(channels),
                                             static_cast<std::uint16_t>(value));
    return Field::of(tag, numbers);
}

std::uint32_t size_of(Field::Type type)
{
    switch (type) {
    case Field::Type::ascii:
        return 1;
    case Field::Type::short_:
        return 2;
    case Field::Type::long_:
        return 4;
    case Field::Type::double_:
        break;
    }
    return 8;
}

/// Bytes that a field's values take behind the directory, where they begin at even places: up to four lie
/// within it.
std::size_t room_behind(Field const& field)
{
    auto const size = field.values.size();
    return size <= 4 ? 0 : size + size % 2;
}

/// Of a file up to its pixels.
std::size_t size_of_head(std::span<Field const> fields)
{
    return std::accumulate(fields.begin(), fields.end(), directory_start + 2 + 12 * fields.size() + 4,
                           [](std::size_t sum, Field const& field) { return sum + room_behind(field); });
}

Bytes head_of(std::span<Field const> fields)
{
    Bytes head(size_of_head(fields));
    write_le<std::uint16_t>(head, 0, 0x4949); // "II": little-endian
    write_le<std::uint16_t>(head, 2, 42);
    write_le<std::uint32_t>(head, 4, directory_start);
    write_le(head, directory_start, static_cast<std::uint16_t>(fields.size()));
    std::size_t at = directory_start + 2, behind = at + 12 * fields.size() + 4;
    for (auto const& field : fields) {
        write_le(head, at, field.tag);
        write_le(head, at + 2, static_cast<std::uint16_t>(field.type));
        write_le(head, at + 4, static_cast<std::uint32_t>(field.values.size() / size_of(field.type)));
        auto const room = room_behind(field);
        if (room > 0)
            write_le(head, at + 8, static_cast<std::uint32_t>(behind));
        std::ranges::copy(field.values,
                          head.begin() + static_cast<std::ptrdiff_t>(room > 0 ? behind : at + 8));
        at += 12;
        behind += room;
    }
    return head;
}

/// How pixels stand in the strips.
struct Strips {
    Compression compression = Compression::deflate;
    bool are_differences = false;
    std::uint32_t rows = 0; // in each but the last
    std::vector<std::uint32_t> sizes;
};

std::vector<std::uint32_t> offsets_of(Strips const& strips, std::uint32_t start)
{
    std::vector<std::uint32_t> offsets(strips.sizes.size());
    std::exclusive_scan(strips.sizes.begin(), strips.sizes.end(), offsets.begin(), start);
    return offsets;
}

std::vector<Field> fields_of(RasterShape const& shape, Strips const& strips, std::span<Field const> further)
{
    bool const is_picture = shape.type == SampleType::uint8;
    std::vector<Field> fields;
    fields.push_back(long_field(256, static_cast<std::uint32_t>(shape.width)));
    fields.push_back(long_field(257, static_cast<std::uint32_t>(shape.height)));
    auto const bits = static_cast<std::uint32_t>(8 * bytes_per_sample(shape.type));
    fields.push_back(short_for_each(258, bits, shape.channels)); // BitsPerSample
    fields.push_back(short_field(259, static_cast<std::uint32_t>(strips.compression)));
    fields.push_back(short_field(262, shape.channels < 3 ? 1 : 2)); // PhotometricInterpretation: grey or RGB
    fields.push_back(Field::of(strip_offsets_tag, offsets_of(strips, 0)));
    fields.push_back(short_field(277, static_cast<std::uint32_t>(shape.channels))); // SamplesPerPixel
    fields.push_back(long_field(278, strips.rows));                                 // RowsPerStrip
    fields.push_back(Field::of(279, std::span{strips.sizes}));                      // StripByteCounts
    fields.push_back(short_field(284, 1)); // PlanarConfiguration: interleaved
    if (strips.are_differences)
        fields.push_back(short_field(317, 2)); // Predictor: horizontal differences
    if (shape.channels == 2 || shape.channels == 4)
        fields.push_back(
            short_field(338, is_picture ? 2 : 0)); // ExtraSamples: unassociated alpha, or a value
    fields.push_back(
        short_for_each(339, shape.type == SampleType::float32 ? 3 : 1, shape.channels)); // SampleFormat
    fields.insert(fields.end(), further.begin(), further.end());
    return fields;
}

/// Puts the head before the strips, for which `file` has kept room.
void write_head(Bytes& file, RasterShape const& shape, Strips const& strips, std::span<Field const> further)
{
    if (file.size() > std::numeric_limits<std::uint32_t>::max())
        fail("TIFF: {} bytes do not fit in one file", file.size());
    auto fields = fields_of(shape, strips, further);
    auto const start = static_cast<std::uint32_t>(size_of_head(fields));
    *std::ranges::find(fields, strip_offsets_tag, &Field::tag) =
        Field::of(strip_offsets_tag, offsets_of(strips, start));
    std::ranges::copy(head_of(fields), file.begin());
}

Bytes room_for_head(RasterShape const& shape, Strips const& strips, std::span<Field const> further)
{
    return Bytes(size_of_head(fields_of(shape, strips, further)));
}

/// Integers become what they differ by from the pixel to the left (TIFF 6.0, section 14), row by row.
void take_differences(Bytes& rows, RasterShape const& shape)
{
    with_sample_type(shape.type, [&](auto sample) {
        using Sample = decltype(sample);
        if constexpr (std::is_integral_v<Sample>) {
            auto const channels = static_cast<std::size_t>(shape.channels);
            auto const samples = static_cast<std::size_t>(shape.width) * channels;
            auto* const end = reinterpret_cast<Sample*>(rows.data() + rows.size());
            for (auto* row = reinterpret_cast<Sample*>(rows.data()); row != end; row += samples)
                for (auto i = samples; i-- > channels;)
                    row[i] = static_cast<Sample>(row[i] - row[i - channels]);
        }
    });
}

} // namespace

Field Field::of(std::uint16_t tag, std::span<std::uint16_t const> shorts)
{
    return field_of(tag, Type::short_, shorts);
}

Field Field::of(std::uint16_t tag, std::span<std::uint32_t const> longs)
{
    return field_of(tag, Type::long_, longs);
}

Field Field::of(std::uint16_t tag, std::span<double const> doubles)
{
    return field_of(tag, Type::double_, doubles);
}

Field Field::of(std::uint16_t tag, std::string_view text_with_nul)
{
    return field_of(tag, Type::ascii, std::span{text_with_nul.data(), text_with_nul.size()});
}

Bytes wrap_tile(ByteView bytes, RasterShape shape, Compression compression)
{
    check_encodable("TIFF", shape, shape.channels >= 1 && shape.channels <= 4, true);
    // The tile stands as the file's only strip: a strip may have any width, a tile wants multiples of 16.
    Strips const strip{.compression = compression,
                       .are_differences = false,
                       .rows = static_cast<std::uint32_t>(shape.height),
                       .sizes = {static_cast<std::uint32_t>(bytes.size())}};
    auto file = room_for_head(shape, strip, {});
    file.insert(file.end(), bytes.begin(), bytes.end());
    write_head(file, shape, strip, {});
    return file;
}

Bytes write_file(RasterView pixels, std::span<Field const> further)
{
    auto const& shape = pixels.shape;
    check_encodable("TIFF", shape, shape.channels >= 1 && shape.channels <= 4, true);
    auto const rows =
        std::clamp(static_cast<std::int32_t>(strip_bytes / shape.bytes_per_row()), 1, shape.height);
    Strips strips{.compression = Compression::deflate,
                  .are_differences = shape.type != SampleType::float32,
                  .rows = static_cast<std::uint32_t>(rows),
                  .sizes =
                      std::vector<std::uint32_t>(static_cast<std::size_t>((shape.height + rows - 1) / rows))};
    auto file = room_for_head(shape, strips, further);
    for (std::int32_t y = 0; auto& size : strips.sizes) {
        auto strip = encode_tile(pixels.crop({0, y, shape.width, std::min(rows, shape.height - y)}),
                                 Compression::none);
        if (strips.are_differences)
            take_differences(strip, shape);
        auto const before = file.size();
        append_zlib(file, strip, deflate_level);
        size = static_cast<std::uint32_t>(file.size() - before);
        y += rows;
    }
    write_head(file, shape, strips, further);
    return file;
}

} // namespace ardoise::tiff
