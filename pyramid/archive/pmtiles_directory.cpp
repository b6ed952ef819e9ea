// SPDX-License-Identifier: Apache-2.0
#include "pyramid/archive/pmtiles_directory.hpp"

#include "pyramid/archive/hilbert.hpp"
#include "pyramid/base/failure.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace ardoise::pmtiles {

namespace {

constexpr std::string_view magic = "PMTiles";
constexpr std::uint8_t version = 3;
/// Behind the last tile of the finest zoom whose ids fit into 64 bits.
constexpr std::uint64_t end_of_ids = hilbert::first_id(hilbert::highest_order + 1);

void put_section(Bytes& file, std::size_t at, Section section)
{
    write_le(file, at, section.offset);
    write_le(file, at + 8, section.length);
}

Section section_at(ByteView file, std::size_t at)
{
    return {read_le<std::uint64_t>(file, at), read_le<std::uint64_t>(file, at + 8)};
}

void put_degrees(Bytes& file, std::size_t at, double degrees)
{
    write_le(file, at, static_cast<std::int32_t>(std::lround(degrees * 1e7)));
}

double degrees_at(ByteView file, std::size_t at)
{
    return read_le<std::int32_t>(file, at) / 1e7;
}

/// Seven bits a byte, the lowest first; the highest bit says that more follow.
void put_varint(Bytes& out, std::uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        out.push_back(static_cast<std::byte>(value | 0x80));
    out.push_back(static_cast<std::byte>(value));
}

class VarintReader {
public:
    explicit VarintReader(ByteView bytes) : rest_{bytes} {}

    std::uint64_t next(std::uint64_t most)
    {
        std::uint64_t value = 0;
        for (int shift = 0;; shift += 7) {
            if (rest_.empty())
                fail("a directory ends too early");
            auto const byte = std::to_integer<std::uint64_t>(rest_[0]);
            rest_ = rest_.subspan(1);
            if (shift > 63 || (shift == 63 && byte > 1))
                fail("a directory has a number beyond 64 bits");
            value |= (byte & 0x7F) << shift;
            if (byte < 0x80)
                break;
        }
        if (value > most)
            fail("a directory has the number {} where at most {} makes sense", value, most);
        return value;
    }
    std::size_t bytes_left() const { return rest_.size(); }

private:
    ByteView rest_;
};

void check_order(std::vector<Entry> const& entries)
{
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (entries[i].end() > end_of_ids)
            fail("a directory has tile {}, which lies beyond zoom {}", entries[i].end() - 1,
                 hilbert::highest_order);
        if (i > 0 && entries[i].tile_id < entries[i - 1].end())
            fail("a directory has tile {} twice", entries[i].tile_id);
    }
}

} // namespace

Bytes encode_header(Header const& header)
{
    Bytes file(header_bytes);
    std::copy(magic.begin(), magic.end(), reinterpret_cast<char*>(file.data()));
    write_le(file, 7, version);
    put_section(file, 8, header.root);
    put_section(file, 24, header.metadata);
    put_section(file, 40, header.leaves);
    put_section(file, 56, header.tiles);
    write_le(file, 72, header.addressed_tiles);
    write_le(file, 80, header.tile_entries);
    write_le(file, 88, header.tile_contents);
    write_le(file, 96, static_cast<std::uint8_t>(header.clustered ? 1 : 0));
    write_le(file, 97, static_cast<std::uint8_t>(header.internal));
    write_le(file, 98, static_cast<std::uint8_t>(header.tile));
    write_le(file, 99, static_cast<std::uint8_t>(header.type));
    write_le(file, 100, header.min_zoom);
    write_le(file, 101, header.max_zoom);
    put_degrees(file, 102, header.bounds.min_x);
    put_degrees(file, 106, header.bounds.min_y);
    put_degrees(file, 110, header.bounds.max_x);
    put_degrees(file, 114, header.bounds.max_y);
    write_le(file, 118, header.center_zoom);
    put_degrees(file, 119, header.center_longitude);
    put_degrees(file, 123, header.center_latitude);
    return file;
}

std::optional<Header> decode_header(ByteView file)
{
    if (file.size() < header_bytes || !as_text(file).starts_with(magic) ||
        read_le<std::uint8_t>(file, 7) != version)
        return std::nullopt;
    Header header;
    header.root = section_at(file, 8);
    header.metadata = section_at(file, 24);
    header.leaves = section_at(file, 40);
    header.tiles = section_at(file, 56);
    header.addressed_tiles = read_le<std::uint64_t>(file, 72);
    header.tile_entries = read_le<std::uint64_t>(file, 80);
    header.tile_contents = read_le<std::uint64_t>(file, 88);
    header.clustered = read_le<std::uint8_t>(file, 96) == 1;
    header.internal = static_cast<Compression>(read_le<std::uint8_t>(file, 97));
    header.tile = static_cast<Compression>(read_le<std::uint8_t>(file, 98));
    header.type = static_cast<TileType>(read_le<std::uint8_t>(file, 99));
    header.min_zoom = read_le<std::uint8_t>(file, 100);
    header.max_zoom = read_le<std::uint8_t>(file, 101);
    header.bounds = {degrees_at(file, 102), degrees_at(file, 106), degrees_at(file, 110),
                     degrees_at(file, 114)};
    header.center_zoom = read_le<std::uint8_t>(file, 118);
    header.center_longitude = degrees_at(file, 119);
    header.center_latitude = degrees_at(file, 123);
    return header;
}

Bytes encode_directory(std::span<Entry const> entries)
{
    Bytes out;
    put_varint(out, entries.size());
    std::uint64_t last_id = 0;
    for (auto const& entry : entries)
        put_varint(out, entry.tile_id - std::exchange(last_id, entry.tile_id));
    for (auto const& entry : entries)
        put_varint(out, entry.run_length);
    for (auto const& entry : entries)
        put_varint(out, entry.length);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        bool const follows = i > 0 && entries[i].offset == entries[i - 1].offset + entries[i - 1].length;
        put_varint(out, follows ? 0 : entries[i].offset + 1);
    }
    return out;
}

std::vector<Entry> decode_directory(ByteView bytes)
{
    constexpr auto no_limit = std::numeric_limits<std::uint64_t>::max();
    constexpr std::uint64_t most_32 = std::numeric_limits<std::uint32_t>::max();
    constexpr std::uint64_t furthest = std::uint64_t{1} << 62; // so that offset + length stays a number
    VarintReader numbers{bytes};
    auto const count = numbers.next(no_limit);
    if (count == 0)
        fail("a directory is empty");
    if (count > numbers.bytes_left() / 4)
        fail("a directory declares {} entries in {} bytes", count, numbers.bytes_left());
    std::vector<Entry> entries(count);
    std::uint64_t id = 0;
    for (auto& entry : entries)
        entry.tile_id = id += numbers.next(end_of_ids - id);
    for (auto& entry : entries)
        entry.run_length = static_cast<std::uint32_t>(numbers.next(most_32));
    for (auto& entry : entries) {
        entry.length = static_cast<std::uint32_t>(numbers.next(most_32));
        if (entry.length == 0)
            fail("a directory says that tile {} has no bytes", entry.tile_id);
    }
    for (std::size_t i = 0; i < entries.size(); ++i) {
        auto const number = numbers.next(furthest);
        if (number == 0 && i == 0)
            fail("a directory says that its first tile follows another");
        entries[i].offset = number > 0 ? number - 1 : entries[i - 1].offset + entries[i - 1].length;
        if (entries[i].offset > furthest)
            fail("a directory says that tile {} lies beyond the end of any file", entries[i].tile_id);
    }
    if (numbers.bytes_left() > 0)
        fail("a directory of {} entries is followed by {} more bytes", count, numbers.bytes_left());
    check_order(entries);
    return entries;
}

} // namespace ardoise::pmtiles
