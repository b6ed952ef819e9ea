// SPDX-License-Identifier: Apache-2.0
#include "pyramid/store/slab_writer.hpp"

#include "pyramid/base/failure.hpp"

#include <algorithm>
#include <limits>

namespace ardoise {

namespace {

constexpr std::size_t aligned(std::size_t offset)
{
    return (offset + slab::tile_alignment - 1) / slab::tile_alignment * slab::tile_alignment;
}

/// Where tag 325 has its value: a slab of one tile holds the size itself there.
constexpr std::size_t single_tile_size_value = 134;

} // namespace

Bytes assemble_slab(SlabLayout const& layout, std::span<ByteView const> tiles)
{
    std::size_t const count = layout.tile_count();
    std::size_t const first_tile = slab::header_bytes + slab::index_bytes(count);
    // The first tile stands right behind the index, wherever that ends; the others on multiples of 16.
    auto const start_after = [&](std::size_t position) {
        return position == first_tile ? position : aligned(position);
    };
    std::size_t end = first_tile;
    for (auto const& tile : tiles)
        if (!tile.empty())
            end = start_after(end) + tile.size();
    std::size_t const checksums_at = aligned(end);
    std::size_t const file_bytes = checksums_at + 8 * (count + 1);
    if (file_bytes > std::numeric_limits<std::uint32_t>::max())
        fail("a slab of {} bytes passes the 4 GiB that its offsets reach; use fewer tiles a slab",
             file_bytes);

    Bytes file(file_bytes);
    auto const header = make_slab_header(layout, static_cast<std::uint32_t>(checksums_at),
                                         static_cast<std::uint32_t>(count + 1));
    std::copy(header.begin(), header.end(), file.begin());

    std::size_t position = first_tile;
    for (std::size_t i = 0; i < count; ++i) {
        auto const& tile = tiles[i];
        if (tile.empty())
            continue;
        position = start_after(position);
        std::copy(tile.begin(), tile.end(), file.begin() + static_cast<std::ptrdiff_t>(position));
        write_le(file, slab::header_bytes + 4 * i, static_cast<std::uint32_t>(position));
        write_le(file, slab::header_bytes + 4 * (count + i), static_cast<std::uint32_t>(tile.size()));
        write_le(file, checksums_at + 8 * i, hash_of(tile));
        position += tile.size();
    }
    if (count == 1)
        write_le(file, single_tile_size_value, static_cast<std::uint32_t>(tiles[0].size()));
    write_le(file, checksums_at + 8 * count, hash_of(ByteView{file}.first(first_tile)));
    return file;
}

Bytes assemble_slab(SlabLayout const& layout, std::span<Bytes const> tiles)
{
    return assemble_slab(layout, std::vector<ByteView>{tiles.begin(), tiles.end()});
}

} // namespace ardoise
