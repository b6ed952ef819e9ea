// SPDX-License-Identifier: Apache-2.0
#include "pyramid/store/slab_layout.hpp"

#include "pyramid/grid/geotiff.hpp"

#include <xxhash.h>

namespace ardoise {

namespace {

enum FieldType : std::uint16_t { ascii = 2, short_ = 3, long_ = 4, double_ = 12 };

/// Lays tags one after the other from byte 18 on, and values that do not fit a tag behind the room kept for
/// tags.
class HeaderWriter {
public:
    static constexpr std::size_t first_tag = 18, room_for_values = 512;

    void inline_tag(std::uint16_t tag, FieldType type, std::uint32_t count, std::uint32_t value)
    {
        std::size_t const at = first_tag + 12 * tags_++;
        write_le(header_, at, tag);
        write_le(header_, at + 2, static_cast<std::uint16_t>(type));
        write_le(header_, at + 4, count);
        write_le(header_, at + 8, value);
    }

    template <typename Value>
    void outside_tag(std::uint16_t tag, FieldType type, std::span<Value const> values)
    {
        inline_tag(tag, type, static_cast<std::uint32_t>(values.size()),
                   static_cast<std::uint32_t>(values_at_));
        for (auto const value : values) {
            write_le(header_, values_at_, value);
            values_at_ += sizeof value;
        }
        values_at_ = (values_at_ + 7) / 8 * 8;
    }

    Bytes finish()
    {
        write_le(header_, 16, static_cast<std::uint16_t>(tags_));
        return std::move(header_);
    }

    Bytes& bytes() { return header_; }

private:
    Bytes header_ = Bytes(slab::header_bytes);
    std::size_t tags_ = 0, values_at_ = room_for_values;
};

std::uint16_t tiff_compression(TileCompression compression)
{
    switch (compression) {
    case TileCompression::lzw:
        return 5;
    case TileCompression::jpeg:
        return 7;
    case TileCompression::zip:
    case TileCompression::png:
        return 8; // as ROK4 writes it, though a PNG is no deflate stream
    case TileCompression::packbits:
        return 32773;
    case TileCompression::webp:
        return 50001;
    case TileCompression::none:
    case TileCompression::vector:
        break;
    }
    return 1;
}

std::uint16_t photometric(SlabLayout const& layout)
{
    if (layout.channels < 3)
        return 1;
    return layout.format.compression == TileCompression::jpeg ? 6 : 2;
}

/// Where the index lies. One tile: the tag holds the value itself, which assemble_slab() fills in.
void write_index_tags(HeaderWriter& writer, std::uint32_t count)
{
    std::uint32_t const index = slab::header_bytes;
    writer.inline_tag(324, long_, count, count == 1 ? index + 8 : index);
    writer.inline_tag(325, long_, count, index + 4 * count);
}

/// Vector tiles are no picture: ROK4's slab of them is a container, and says no more than where they lie.
void write_vector_tags(HeaderWriter& writer, SlabLayout const& layout)
{
    writer.inline_tag(256, long_, 1, 1);
    writer.inline_tag(257, long_, 1, 1);
    write_index_tags(writer, static_cast<std::uint32_t>(layout.tile_count()));
}

/// ROK4's tags, in the order and so at the places where its reader looks for them.
void write_rok4_tags(HeaderWriter& writer, SlabLayout const& layout)
{
    auto const count = static_cast<std::uint32_t>(layout.tile_count());
    auto const channels = static_cast<std::uint32_t>(layout.channels);
    auto const bits = static_cast<std::uint32_t>(8 * bytes_per_sample(layout.format.type));
    for (std::size_t i = 0; i < 4; ++i)
        write_le(writer.bytes(), 8 + 2 * i, static_cast<std::uint16_t>(bits));

    std::uint32_t const bits_value = channels == 1 ? bits : channels == 2 ? bits | bits << 16 : 8;
    writer.inline_tag(256, long_, 1, static_cast<std::uint32_t>(layout.tiles_per_width * layout.tile_width));
    writer.inline_tag(257, long_, 1,
                      static_cast<std::uint32_t>(layout.tiles_per_height * layout.tile_height));
    writer.inline_tag(258, short_, channels, bits_value);
    writer.inline_tag(259, short_, 1, tiff_compression(layout.format.compression));
    writer.inline_tag(262, short_, 1, photometric(layout));
    writer.inline_tag(277, short_, 1, channels);
    writer.inline_tag(322, long_, 1, static_cast<std::uint32_t>(layout.tile_width));
    writer.inline_tag(323, long_, 1, static_cast<std::uint32_t>(layout.tile_height));
    write_index_tags(writer, count);
    if (channels == 2 || channels == 4)
        writer.inline_tag(338, short_, 1, layout.has_alpha ? 2 : 0); // unassociated alpha, or unspecified
    writer.inline_tag(339, short_, 1, layout.format.type == SampleType::float32 ? 3 : 1);
    if (layout.format.compression == TileCompression::jpeg && channels >= 3)
        writer.inline_tag(530, short_, 2, 2 | 2 << 16);
}

void write_georeference(HeaderWriter& writer, SlabLayout const& layout)
{
    writer.outside_tag<double>(geotiff::pixel_scale_tag, double_,
                               geotiff::pixel_scale(layout.cell_size, layout.cell_size));
    writer.outside_tag<double>(geotiff::tie_point_tag, double_, geotiff::tie_point(layout.left, layout.top));
    if (layout.epsg > 0)
        writer.outside_tag<std::uint16_t>(geotiff::key_directory_tag, short_,
                                          geotiff::key_directory(layout.epsg, layout.geographic));
    if (layout.nodata)
        writer.outside_tag<char>(geotiff::gdal_nodata_tag, ascii, geotiff::gdal_nodata(*layout.nodata));
}

} // namespace

SlabLayout mask_layout(SlabLayout const& data)
{
    auto layout = data;
    layout.format = *find_tile_format("TIFF_ZIP_UINT8");
    layout.channels = 1;
    layout.nodata = std::nullopt;
    return layout;
}

Bytes make_slab_header(SlabLayout const& layout, std::uint32_t checksums_at, std::uint32_t checksum_count)
{
    HeaderWriter writer;
    write_le(writer.bytes(), 0, std::uint16_t{0x4949}); // "II": little-endian
    write_le(writer.bytes(), 2, std::uint16_t{42});
    write_le(writer.bytes(), 4, std::uint32_t{16});
    if (layout.format.compression == TileCompression::vector) {
        write_vector_tags(writer, layout);
    } else {
        write_rok4_tags(writer, layout);
        write_georeference(writer, layout);
    }
    // Twice as many LONGs as checksums: classic TIFF has no type of 64 bits.
    writer.inline_tag(slab::checksums_tag, long_, 2 * checksum_count, checksums_at);
    return writer.finish();
}

std::uint64_t hash_of(ByteView bytes)
{
    return XXH3_64bits(bytes.data(), bytes.size());
}

} // namespace ardoise
