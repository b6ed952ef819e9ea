// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/styling/drawn_from.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/base/mapped_file.hpp"
#include "pyramid/store/revisions.hpp"
#include "pyramid/store/slab_path.hpp"

#include <algorithm>

namespace ardoise {

namespace {

std::string name_of(char const* kind, Level const& level, TileIndex slab)
{
    return (std::filesystem::path{kind} / level.id / slab_path(slab, level.path_depth)).string();
}

template <typename F>
void for_each(TileRange const& slabs, F&& f)
{
    for (auto row = slabs.first.row; row < slabs.last.row; ++row)
        for (auto col = slabs.first.col; col < slabs.last.col; ++col)
            f(TileIndex{col, row});
}

SlabChecksum read_file(std::filesystem::path const& file, std::string name)
{
    MappedFile const mapped{file};
    return {std::move(name), hash_of(mapped.bytes()), mapped.bytes().size()};
}

std::vector<SlabChecksum> read_all(Pyramid const& pyramid)
{
    std::vector<SlabChecksum> files;
    for (auto const& level : pyramid.levels)
        for_each(level.slabs(), [&](TileIndex slab) {
            if (auto const file = slab_file(level, slab); is_there(file))
                files.push_back(read_file(file, data_name(level, slab)));
            if (auto const file = mask_file(level, slab); file && is_there(*file))
                files.push_back(read_file(*file, mask_name(level, slab)));
        });
    return files;
}

bool is_same(SlabChecksum const* a, SlabChecksum const* b)
{
    return a == b || (a && b && *a == *b);
}

} // namespace

DrawnFrom::DrawnFrom(std::vector<SlabChecksum> const& files)
{
    for (auto const& file : files)
        files_.emplace(file.slab, file);
}

SlabChecksum const* DrawnFrom::find(std::string const& name) const
{
    auto const found = files_.find(name);
    return found == files_.end() ? nullptr : &found->second;
}

std::vector<SlabChecksum> DrawnFrom::files() const
{
    std::vector<SlabChecksum> files;
    for (auto const& [name, file] : files_)
        files.push_back(file);
    return files;
}

std::uint64_t DrawnFrom::fingerprint() const
{
    std::string text;
    for (auto const& [name, file] : files_)
        text += fmt::format("{} {:016x} {}\n", name, file.hash, file.bytes);
    return hash_of(as_bytes(text));
}

std::string data_name(Level const& level, TileIndex slab)
{
    return name_of(slab_kind::data, level, slab);
}

std::string mask_name(Level const& level, TileIndex slab)
{
    return name_of(slab_kind::mask, level, slab);
}

DrawnFrom slab_files_of(Pyramid const& pyramid)
{
    auto const checksums = pyramid.folder / checksums_file_name;
    auto files = is_there(checksums) ? read_checksums(checksums) : read_all(pyramid);
    std::erase_if(files, [](SlabChecksum const& file) { return file.slab.starts_with(slab_kind::exact); });
    return DrawnFrom{files};
}

std::vector<SlabPlace> slabs_in(DrawnFrom const& files, Pyramid const& pyramid)
{
    std::vector<SlabPlace> slabs;
    for (auto const& file : files.files()) {
        auto const place = parse_slab_name(file.slab);
        auto const* level = place ? pyramid.find_level(place->level) : nullptr;
        if (level && place->kind == slab_kind::data &&
            !intersect(level->tiles_of(place->slab), level->limits).empty())
            slabs.push_back({static_cast<std::size_t>(level - pyramid.levels.data()), place->slab});
    }
    std::sort(slabs.begin(), slabs.end());
    return slabs;
}

std::vector<SlabPlace> slabs_changed(DrawnFrom const& before, DrawnFrom const& now, Pyramid const& pyramid,
                                     int reach)
{
    auto slabs = slabs_in(now, pyramid);
    std::erase_if(slabs, [&](SlabPlace const& place) {
        auto const& level = pyramid.levels[place.level];
        bool is_still = true;
        for_each(slabs_around(place.slab, reach), [&](TileIndex slab) {
            for (auto const& name : {data_name(level, slab), mask_name(level, slab)})
                is_still = is_still && is_same(before.find(name), now.find(name));
        });
        return is_still;
    });
    return slabs;
}

TileRange slabs_around(TileIndex slab, int reach)
{
    std::int64_t const around = reach > 0 ? 1 : 0;
    return {{std::max<std::int64_t>(0, slab.col - around), std::max<std::int64_t>(0, slab.row - around)},
            {slab.col + around + 1, slab.row + around + 1}};
}

void SlabCheck::check(Level const& level, TileRange const& slabs)
{
    for_each(slabs, [&](TileIndex slab) {
        check(slab_file(level, slab), files_.find(data_name(level, slab)));
        if (auto const file = mask_file(level, slab))
            check(*file, files_.find(mask_name(level, slab)));
    });
}

void SlabCheck::check(std::filesystem::path const& file, SlabChecksum const* expected)
{
    if (!expected || !checked_.insert(expected->slab).second)
        return;
    if (!(read_file(file, expected->slab) == *expected))
        fail("{}: does not agree with its checksum; run `ardoise verify --repair` on {}", file.string(),
             pyramid_.name);
}

} // namespace ardoise
