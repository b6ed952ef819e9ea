// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/standing_pyramid.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/store/pyramid_writer.hpp"
#include "pyramid/store/slab_path.hpp"

namespace ardoise {

StandingPyramid::StandingPyramid(Pyramid pyramid, std::set<std::string> untrusted)
    : pyramid_{std::move(pyramid)}, untrusted_{std::move(untrusted)}
{
}

std::shared_ptr<Slab const> StandingPyramid::slab(char const* kind, Level const& level, TileIndex slab) const
{
    std::scoped_lock const lock{mutex_};
    auto const [place, is_new] = slabs_.try_emplace({kind, level.id, slab});
    if (is_new) {
        auto const name = std::filesystem::path{kind} / level.id / slab_path(slab, level.path_depth);
        auto const file = pyramid_.folder / name;
        std::error_code ignored;
        if (!untrusted_.contains(name.string()) && std::filesystem::exists(file, ignored))
            place->second = std::make_shared<Slab const>(file, level.tiles_per_width, level.tiles_per_height);
    }
    return place->second;
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
