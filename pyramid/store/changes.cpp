// SPDX-License-Identifier: Apache-2.0
#include "pyramid/store/changes.hpp"

#include "pyramid/store/checksums.hpp"
#include "pyramid/store/slab.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace ardoise {

namespace {

using Hashes = std::map<std::string, std::uint64_t>;

/// Data slabs only: a mask alone changes no tile that is served as it is stored.
Hashes hashes_of(Pyramid const& pyramid)
{
    Hashes hashes;
    for (auto const& file : read_checksums(pyramid.folder / checksums_file_name))
        if (auto const name = parse_slab_name(file.slab); name && name->kind == "DATA")
            hashes.emplace(file.slab, file.hash);
    return hashes;
}

bool has(Hashes const& hashes, std::string const& name, std::optional<std::uint64_t> hash = std::nullopt)
{
    auto const found = hashes.find(name);
    return found != hashes.end() && (!hash || found->second == *hash);
}

/// The tag of each tile of a slab; 0 for those that hold nothing.
std::map<TileIndex, std::uint64_t> tags_of(Pyramid const& pyramid, Hashes const& hashes,
                                           std::string const& name, SlabName const& place)
{
    std::map<TileIndex, std::uint64_t> tags;
    auto const* level = pyramid.find_level(place.level);
    if (!level || !has(hashes, name))
        return tags;
    Slab const slab{pyramid.folder / name, level->tiles_per_width, level->tiles_per_height};
    for (std::int64_t row = 0; row < level->tiles_per_height; ++row)
        for (std::int64_t col = 0; col < level->tiles_per_width; ++col)
            if (!slab.tile({col, row}).empty())
                tags.emplace(TileIndex{place.slab.col * level->tiles_per_width + col,
                                       place.slab.row * level->tiles_per_height + row},
                             slab.tag({col, row}));
    return tags;
}

} // namespace

std::vector<ChangedTile> changed_tiles(Pyramid const& before, Pyramid const& after)
{
    auto const old_hashes = hashes_of(before), new_hashes = hashes_of(after);
    std::set<std::string> differing;
    for (auto const& [name, hash] : old_hashes)
        if (!has(new_hashes, name, hash))
            differing.insert(name);
    for (auto const& [name, hash] : new_hashes)
        if (!has(old_hashes, name))
            differing.insert(name);

    std::map<std::size_t, std::set<TileIndex>> changed; // by number of the matrix
    for (auto const& name : differing) {
        auto const place = *parse_slab_name(name);
        auto const* matrix = after.set->find(place.level);
        if (!matrix)
            continue;
        auto const old_tags = tags_of(before, old_hashes, name, place);
        auto const new_tags = tags_of(after, new_hashes, name, place);
        auto& tiles = changed[after.set->index_of(*matrix)];
        for (auto const& [tile, tag] : old_tags)
            if (auto const now = new_tags.find(tile); now == new_tags.end() || now->second != tag)
                tiles.insert(tile);
        for (auto const& [tile, tag] : new_tags)
            if (!old_tags.contains(tile))
                tiles.insert(tile);
    }
    std::vector<ChangedTile> list;
    for (auto const& [matrix, tiles] : changed)
        for (auto const& tile : tiles)
            list.push_back({after.set->matrices[matrix].id, tile});
    return list;
}

} // namespace ardoise
