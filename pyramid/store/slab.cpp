// SPDX-License-Identifier: Apache-2.0
#include "pyramid/store/slab.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/store/slab_layout.hpp"

namespace ardoise {

Slab::Slab(std::filesystem::path const& file, std::int32_t tiles_per_width, std::int32_t tiles_per_height)
    : file_{file}, tiles_per_width_{tiles_per_width}, tiles_per_height_{tiles_per_height}
{
    check_index(file);
    find_checksums();
}

std::size_t Slab::tile_count() const
{
    return static_cast<std::size_t>(tiles_per_width_) * static_cast<std::size_t>(tiles_per_height_);
}

std::size_t Slab::number(TileIndex within) const
{
    return static_cast<std::size_t>(within.row * tiles_per_width_ + within.col);
}

void Slab::check_index(std::filesystem::path const& file) const
{
    auto const bytes = file_.bytes();
    std::size_t const count = tile_count(), first_tile = slab::header_bytes + slab::index_bytes(count);
    if (bytes.size() < first_tile)
        fail("{}: has {} bytes, too few for the index of a slab of {}x{} tiles", file.string(), bytes.size(),
             tiles_per_width_, tiles_per_height_);
    for (std::size_t i = 0; i < count; ++i) {
        std::uint64_t const offset = read_le<std::uint32_t>(bytes, slab::header_bytes + 4 * i);
        std::uint64_t const size = read_le<std::uint32_t>(bytes, slab::header_bytes + 4 * (count + i));
        if (size > 0 && (offset < first_tile || offset + size > bytes.size()))
            fail("{}: tile {} should lie at {} with {} bytes, outside of the file's {}", file.string(), i,
                 offset, size, bytes.size());
    }
}

/// Looks for our private tag in the header; ROK4's own slabs have none.
void Slab::find_checksums()
{
    auto const bytes = file_.bytes();
    std::size_t const tags = read_le<std::uint16_t>(bytes, 16);
    for (std::size_t at = 18, i = 0; i < tags && at + 12 <= slab::header_bytes; ++i, at += 12) {
        if (read_le<std::uint16_t>(bytes, at) != slab::checksums_tag)
            continue;
        std::size_t const longs = read_le<std::uint32_t>(bytes, at + 4),
                          offset = read_le<std::uint32_t>(bytes, at + 8);
        if (longs == 2 * (tile_count() + 1) && offset + 4 * longs <= bytes.size())
            checksums_at_ = offset;
    }
}

ByteView Slab::tile(TileIndex within) const
{
    auto const bytes = file_.bytes();
    std::size_t const i = number(within);
    std::size_t const offset = read_le<std::uint32_t>(bytes, slab::header_bytes + 4 * i);
    std::size_t const size = read_le<std::uint32_t>(bytes, slab::header_bytes + 4 * (tile_count() + i));
    return size == 0 ? ByteView{} : bytes.subspan(offset, size);
}

std::uint64_t Slab::tag(TileIndex within) const
{
    if (checksums_at_ != 0)
        return read_le<std::uint64_t>(file_.bytes(), checksums_at_ + 8 * number(within));
    auto const place = tile(within);
    struct {
        std::int64_t modified;
        std::uint64_t offset, size;
    } const facts{modified().time_since_epoch().count(),
                  static_cast<std::uint64_t>(place.data() - file_.bytes().data()), place.size()};
    return hash_of(std::as_bytes(std::span{&facts, 1}));
}

std::vector<std::string> Slab::damages() const
{
    std::vector<std::string> found;
    if (checksums_at_ == 0)
        return found;
    auto const bytes = file_.bytes();
    std::size_t const count = tile_count(), first_tile = slab::header_bytes + slab::index_bytes(count);
    auto const expected = [&](std::size_t i) { return read_le<std::uint64_t>(bytes, checksums_at_ + 8 * i); };
    if (hash_of(bytes.first(first_tile)) != expected(count))
        found.push_back("the header or the index does not agree with its checksum");
    for (std::size_t i = 0; i < count; ++i) {
        auto const col = static_cast<std::int64_t>(i) % tiles_per_width_,
                   row = static_cast<std::int64_t>(i) / tiles_per_width_;
        auto const stored = tile({col, row});
        if (stored.empty() ? expected(i) != 0 : hash_of(stored) != expected(i))
            found.push_back(fmt::format(
                "tile at column {}, row {} of the slab does not agree with its checksum", col, row));
    }
    return found;
}

} // namespace ardoise
