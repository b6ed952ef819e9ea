// SPDX-License-Identifier: Apache-2.0
#include "pyramid/store/slab.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/store/slab_layout.hpp"

#include <array>

namespace ardoise {

namespace {

constexpr std::uint32_t tiff_magic = 0x002a4949; // "II", 42 (TIFF 6.0, section 2)

} // namespace

Slab::Slab(std::filesystem::path const& file, std::int32_t tiles_per_width, std::int32_t tiles_per_height,
           MappedFile::Keep keep)
    : file_{file, keep}, tiles_per_width_{tiles_per_width}, tiles_per_height_{tiles_per_height},
      index_(static_cast<std::size_t>(tiles_per_width) * static_cast<std::size_t>(tiles_per_height))
{
    read_index(file);
    checksums_at_ = find_checksums();
    if (checksums_at_ == 0)
        tag_by_place();
    else
        bring_index(file, checksums_at_, 8 * (index_.size() + 1));
    for (std::size_t i = 0; checksums_at_ != 0 && i < index_.size(); ++i)
        index_[i].tag = read_le<std::uint64_t>(file_.bytes(), checksums_at_ + 8 * i);
}

void Slab::bring_index(std::filesystem::path const& file, std::size_t offset, std::size_t size) const
try {
    file_.bring(offset, size);
} catch (Failure const& failure) {
    fail("{}: {}", file.string(), failure.what());
}

void Slab::read_index(std::filesystem::path const& file)
{
    auto const bytes = file_.bytes();
    std::size_t const count = index_.size(), first_tile = slab::header_bytes + slab::index_bytes(count);
    if (bytes.size() < first_tile)
        fail("{}: has {} bytes, too few for the index of a slab of {}x{} tiles", file.string(), bytes.size(),
             tiles_per_width_, tiles_per_height_);
    bring_index(file, 0, first_tile); // or a disk that fails would give zeros: a slab that holds nothing
    if (read_le<std::uint32_t>(bytes, 0) != tiff_magic)
        fail("{}: does not begin as a TIFF file", file.string());
    for (std::size_t i = 0; i < count; ++i) {
        auto& [offset, size, tag] = index_[i];
        offset = read_le<std::uint32_t>(bytes, slab::header_bytes + 4 * i);
        size = read_le<std::uint32_t>(bytes, slab::header_bytes + 4 * (count + i));
        if (size > 0 && (offset < first_tile || std::uint64_t{offset} + size > bytes.size()))
            fail("{}: tile {} should lie at {} with {} bytes, outside of the file's {}", file.string(), i,
                 offset, size, bytes.size());
    }
}

/// Looks for our private tag in the header; ROK4's own slabs have none.
std::size_t Slab::find_checksums() const
{
    auto const bytes = file_.bytes();
    std::size_t const tags = read_le<std::uint16_t>(bytes, 16), wanted = 2 * (index_.size() + 1);
    for (std::size_t at = 18, i = 0; i < tags && at + 12 <= slab::header_bytes; ++i, at += 12) {
        std::size_t const longs = read_le<std::uint32_t>(bytes, at + 4),
                          offset = read_le<std::uint32_t>(bytes, at + 8);
        bool const is_ours = read_le<std::uint16_t>(bytes, at) == slab::checksums_tag;
        if (is_ours && longs == wanted && offset + 4 * longs <= bytes.size())
            return offset;
    }
    return 0;
}

/// Without checksums a tile is told apart by where it lies in a file of that time.
void Slab::tag_by_place()
{
    for (auto& entry : index_) {
        std::array<std::uint64_t, 3> const facts{
            static_cast<std::uint64_t>(modified().time_since_epoch().count()), entry.offset, entry.size};
        entry.tag = hash_of(std::as_bytes(std::span{facts}));
    }
}

ByteView Slab::tile(TileIndex within) const
{
    auto const& [offset, size, tag] = entry(within);
    return size == 0 ? ByteView{} : file_.bytes().subspan(offset, size);
}

std::optional<FilePlace> Slab::place_of(TileIndex within) const
{
    auto const descriptor = file_.descriptor();
    return descriptor ? std::optional{FilePlace{*descriptor, entry(within).offset}} : std::nullopt;
}

bool Slab::is_in_memory(TileIndex within) const
{
    auto const& [offset, size, tag] = entry(within);
    return size == 0 || file_.is_in_memory(offset, size);
}

void Slab::ask_for(TileIndex within) const
{
    if (auto const& [offset, size, tag] = entry(within); size > 0)
        file_.ask_for(offset, size);
}

void Slab::bring(TileIndex within) const
{
    if (auto const& [offset, size, tag] = entry(within); size > 0)
        file_.bring(offset, size);
}

std::uint64_t Slab::tag(TileIndex within) const
{
    return entry(within).tag;
}

bool Slab::has_sound_index() const
{
    auto const bytes = file_.bytes();
    auto const first_tile = slab::header_bytes + slab::index_bytes(index_.size());
    return checksums_at_ == 0 || hash_of(bytes.first(first_tile)) ==
                                     read_le<std::uint64_t>(bytes, checksums_at_ + 8 * index_.size());
}

std::vector<std::string> Slab::damages() const
{
    std::vector<std::string> found;
    if (checksums_at_ == 0)
        return found;
    if (!has_sound_index())
        found.push_back("the header or the index does not agree with its checksum");
    for (std::int64_t row = 0; row < tiles_per_height_; ++row)
        for (std::int64_t col = 0; col < tiles_per_width_; ++col) {
            auto const stored = tile({col, row});
            if (stored.empty() ? tag({col, row}) != 0 : hash_of(stored) != tag({col, row}))
                found.push_back(fmt::format(
                    "tile at column {}, row {} of the slab does not agree with its checksum", col, row));
        }
    return found;
}

void check_own_index(Slab const& slab, std::filesystem::path const& file)
{
    if (!slab.has_checksums())
        fail("{}: its header speaks of no checksums", file.string());
    if (!slab.has_sound_index())
        fail("{}: its index does not agree with its checksum", file.string());
}

} // namespace ardoise
