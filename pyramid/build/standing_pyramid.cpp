// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/standing_pyramid.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/store/pyramid_writer.hpp"
#include "pyramid/store/slab_path.hpp"

namespace ardoise {

namespace {

std::shared_ptr<Slab const> open_sound(std::filesystem::path const& file, Level const& level)
try {
    auto slab = std::make_shared<Slab const>(file, level.tiles_per_width, level.tiles_per_height);
    check_own_index(*slab, file);
    return slab;
} catch (Failure const& failure) {
    fail("{}; run `ardoise verify --repair`", failure.what());
}

} // namespace

StandingPyramid::StandingPyramid(Pyramid pyramid, std::span<SlabChecksum const> files)
    : pyramid_{std::move(pyramid)}
{
    for (auto const& file : files)
        names_.insert(file.slab);
}

StandingPyramid::StandingPyramid(Pyramid pyramid)
    : StandingPyramid{pyramid, read_checksums(pyramid.folder / checksums_file_name)}
{
}

std::shared_ptr<Slab const> StandingPyramid::slab(char const* kind, Level const& level, TileIndex slab) const
{
    auto const name = (std::filesystem::path{kind} / level.id / slab_path(slab, level.path_depth)).string();
    if (!names_.contains(name))
        return nullptr;
    std::scoped_lock const lock{mutex_};
    if (auto const found = places_.find(name); found != places_.end()) {
        open_.splice(open_.begin(), open_, found->second);
        return open_.front().slab;
    }
    open_.push_front({name, open_sound(pyramid_.folder / name, level)});
    places_.emplace(open_.front().name, open_.begin());
    if (open_.size() > most_open) {
        places_.erase(open_.back().name);
        open_.pop_back();
    }
    return open_.front().slab;
}

std::size_t StandingPyramid::open_slabs() const
{
    std::scoped_lock const lock{mutex_};
    return open_.size();
}

Bytes StandingPyramid::bytes_of(char const* kind, Level const& level, TileIndex tile) const
{
    auto const found = slab(kind, level, level.slab_of(tile));
    auto const bytes = found ? found->tile(level.within_slab(tile)) : ByteView{};
    if (!bytes.empty() && hash_of(bytes) != found->tag(level.within_slab(tile)))
        fail("{}: a tile of {} at level {} does not agree with its checksum; run `ardoise verify --repair`",
             pyramid_.folder.string(), kind, level.id);
    return {bytes.begin(), bytes.end()};
}

std::optional<EncodedTile> StandingPyramid::tile(std::size_t level, std::string const& id,
                                                 TileIndex tile) const
{
    auto const* from = pyramid_.find_level(id);
    if (!from || !from->limits.contains(tile))
        return std::nullopt;
    auto data = bytes_of(slab_kind::data, *from, tile);
    if (data.empty())
        return std::nullopt;
    return EncodedTile{.level = level,
                       .tile = tile,
                       .data = std::move(data),
                       .mask = bytes_of(slab_kind::mask, *from, tile),
                       .exact = bytes_of(slab_kind::exact, *from, tile)};
}

std::optional<MaskedRaster> StandingPyramid::pixels(Level const& level, TileIndex tile) const
{
    auto const data = bytes_of(slab_kind::data, level, tile);
    if (data.empty())
        return std::nullopt;
    auto const shape = pyramid_.tile_shape(level);
    MaskedRaster pixels;
    pixels.pixels = decode_tile(data, pyramid_.format, shape);
    pixels.validity = decode_mask(bytes_of(slab_kind::mask, level, tile), shape);
    return pixels;
}

} // namespace ardoise
