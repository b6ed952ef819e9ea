// SPDX-License-Identifier: Apache-2.0
#include "pyramid/store/changes.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/store/revisions.hpp"
#include "pyramid/store/slab.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace ardoise {

namespace {

using Hashes = std::map<std::string, std::uint64_t>;

/// Data slabs only: a mask alone changes no tile that is served as it is stored.
Hashes hashes_of(std::vector<SlabChecksum> const& files)
{
    Hashes hashes;
    for (auto const& file : files)
        if (auto const name = parse_slab_name(file.slab); name && name->kind == slab_kind::data)
            hashes.emplace(file.slab, file.hash);
    return hashes;
}

bool has(Hashes const& hashes, std::string const& name, std::optional<std::uint64_t> hash = std::nullopt)
{
    auto const found = hashes.find(name);
    return found != hashes.end() && (!hash || found->second == *hash);
}

using Tags = std::map<TileIndex, std::uint64_t>;

/// The tag of each tile of a slab; none for those that hold nothing.
Tags tags_of(Pyramid const& pyramid, Hashes const& hashes, std::string const& name, SlabName const& place)
{
    Tags tags;
    auto const* level = pyramid.find_level(place.level);
    if (!level || !has(hashes, name))
        return tags;
    auto const file = pyramid.folder / name;
    Slab const slab{file, level->tiles_per_width, level->tiles_per_height};
    check_own_index(slab, file);
    auto const tiles = level->tiles_of(place.slab);
    for (auto row = tiles.first.row; row < tiles.last.row; ++row)
        for (auto col = tiles.first.col; col < tiles.last.col; ++col)
            if (auto const within = level->within_slab({col, row}); !slab.tile(within).empty())
                tags.emplace(TileIndex{col, row}, slab.tag(within));
    return tags;
}

std::set<std::string> differing_slabs(Hashes const& before, Hashes const& after)
{
    std::set<std::string> differing;
    for (auto const& [name, hash] : before)
        if (!has(after, name, hash))
            differing.insert(name);
    for (auto const& [name, hash] : after)
        if (!has(before, name))
            differing.insert(name);
    return differing;
}

std::set<TileIndex> differing_tiles(Tags const& before, Tags const& after)
{
    std::set<TileIndex> tiles;
    for (auto const& [tile, tag] : before)
        if (auto const now = after.find(tile); now == after.end() || now->second != tag)
            tiles.insert(tile);
    for (auto const& [tile, tag] : after)
        if (!before.contains(tile))
            tiles.insert(tile);
    return tiles;
}

/// Those that one of the revisions may have.
std::set<TileIndex> all_tiles(Pyramid const& before, Pyramid const& after, SlabName const& place)
{
    std::set<TileIndex> all;
    for (auto const* pyramid : {&before, &after})
        if (auto const* level = pyramid->find_level(place.level)) {
            auto const tiles = intersect(level->tiles_of(place.slab), level->limits);
            for (auto row = tiles.first.row; row < tiles.last.row; ++row)
                for (auto col = tiles.first.col; col < tiles.last.col; ++col)
                    all.insert({col, row});
        }
    return all;
}

} // namespace

std::vector<ChangedTile> changed_tiles(Pyramid const& before, Pyramid const& after)
{
    return changed_tiles(before, after, read_checksums(after.folder / checksums_file_name));
}

std::vector<ChangedTile> changed_tiles(Pyramid const& before, Pyramid const& after,
                                       std::vector<SlabChecksum> const& files_after)
{
    auto const old_hashes = hashes_of(read_checksums(before.folder / checksums_file_name));
    auto const new_hashes = hashes_of(files_after);
    auto const tiles_in = [&](std::string const& name, SlabName const& place) {
        try {
            return differing_tiles(tags_of(before, old_hashes, name, place),
                                   tags_of(after, new_hashes, name, place));
        } catch (Failure const&) {
            return all_tiles(before, after, place);
        }
    };
    std::map<std::size_t, std::set<TileIndex>> changed; // by number of the matrix
    for (auto const& name : differing_slabs(old_hashes, new_hashes)) {
        auto const place = *parse_slab_name(name);
        if (auto const* matrix = after.set->find(place.level))
            changed[after.set->index_of(*matrix)].merge(tiles_in(name, place));
    }
    std::vector<ChangedTile> list;
    for (auto const& [matrix, tiles] : changed)
        for (auto const& tile : tiles)
            list.push_back({after.set->matrices[matrix].id, tile});
    return list;
}

} // namespace ardoise
