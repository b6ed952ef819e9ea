// SPDX-License-Identifier: Apache-2.0
#include "cache/slab_cache.hpp"

#include <chrono>

namespace ardoise {

namespace {

/// The finaliser of SplitMix64: near keys fall far apart.
std::uint64_t mix(std::uint64_t value)
{
    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
    value = (value ^ value >> 27) * 0x94d049bb133111eb;
    return value ^ value >> 31;
}

SlabKey key_of(std::uint64_t serial, Pyramid const& pyramid, Level const& level, TileIndex slab, bool mask)
{
    return {.serial = serial,
            .level = static_cast<std::uint32_t>(&level - pyramid.levels.data()),
            .mask = mask,
            .slab = slab};
}

/// Whether the name leads to something. Throws Failure for a link that leads nowhere: what it should lead to
/// may lie on a disk that is not mounted.
bool leads_somewhere(std::filesystem::path const& name, std::error_code& trouble)
{
    if (std::filesystem::exists(name, trouble))
        return true;
    std::error_code ignored;
    if (std::filesystem::is_symlink(std::filesystem::symlink_status(name, ignored)))
        fail("{}: is a link that leads nowhere", name.string());
    return false;
}

/// Throws Failure where that cannot be known: a slab that cannot be seen is not one that holds nothing. A
/// level without masks may have no folder for them: that of its slabs says whether it is there at all.
bool is_there(std::filesystem::path const& file, Level const& level, bool mask, std::uint64_t serial)
{
    auto const& folder = mask ? *level.mask_directory : level.directory;
    std::error_code trouble;
    if (leads_somewhere(file, trouble))
        return true;
    for (auto above = file.parent_path(); !trouble && above != folder; above = above.parent_path())
        if (leads_somewhere(above, trouble) && !std::filesystem::is_directory(above, trouble))
            fail("{}: is no folder", above.string());
    if (!trouble && (leads_somewhere(folder, trouble) || leads_somewhere(level.directory, trouble)))
        return false;
    if (!trouble)
        throw SlabsGone{serial,
                        fmt::format("{}: cannot be seen: the folder of its level is missing", file.string())};
    fail("{}: cannot be seen: {}", file.string(), trouble.message());
}

/// Never 0. The same number comes again after six weeks, which costs one wait.
std::uint16_t this_minute()
{
    auto const minutes =
        std::chrono::duration_cast<std::chrono::minutes>(std::chrono::steady_clock::now().time_since_epoch());
    return static_cast<std::uint16_t>(minutes.count() % 65'535 + 1);
}

} // namespace

OpenSlab::OpenSlab(std::filesystem::path const& file, Level const& level, MappedFile::Keep keep)
    : Slab{file, level.tiles_per_width, level.tiles_per_height, keep}, path_{file},
      found_in_minute_(tile_count())
{
}

bool OpenSlab::is_at_hand(TileIndex within) const
{
    auto& found = found_in_minute_[number_of(within)];
    auto const now = this_minute();
    if (found.load(std::memory_order_relaxed) == now)
        return true;
    if (!is_in_memory(within))
        return false;
    found.store(now, std::memory_order_relaxed);
    return true;
}

void OpenSlab::ask_for(TileIndex within) const
{
    if (!is_at_hand(within))
        Slab::ask_for(within);
}

void OpenSlab::bring(TileIndex within) const
try {
    if (is_at_hand(within))
        return;
    Slab::bring(within);
    found_in_minute_[number_of(within)].store(this_minute(), std::memory_order_relaxed);
} catch (Failure const& failure) {
    fail("{}: {}", path_.string(), failure.what());
}

std::size_t SlabKeyHash::operator()(SlabKey const& key) const noexcept
{
    auto const place =
        static_cast<std::uint64_t>(key.slab.col) << 32 ^ static_cast<std::uint64_t>(key.slab.row);
    return mix(mix(key.serial << 16 ^ std::uint64_t{key.level} << 1 ^ (key.mask ? 1U : 0U)) ^ place);
}

std::optional<std::shared_ptr<OpenSlab const>> SlabCache::find(std::uint64_t serial, Pyramid const& pyramid,
                                                               Level const& level, TileIndex slab)
{
    return slabs_.find(key_of(serial, pyramid, level, slab, false));
}

std::shared_ptr<OpenSlab const> SlabCache::open(std::uint64_t serial, Pyramid const& pyramid,
                                                Level const& level, TileIndex slab)
{
    return open(key_of(serial, pyramid, level, slab, false), level);
}

std::shared_ptr<OpenSlab const> SlabCache::open_mask(std::uint64_t serial, Pyramid const& pyramid,
                                                     Level const& level, TileIndex slab)
{
    return level.mask_directory ? open(key_of(serial, pyramid, level, slab, true), level) : nullptr;
}

std::shared_ptr<OpenSlab const> SlabCache::open(SlabKey const& key, Level const& level)
{
    auto const load = [&]() -> std::shared_ptr<OpenSlab const> {
        auto const file = key.mask ? *mask_file(level, key.slab) : slab_file(level, key.slab);
        try {
            return map(file, level);
        } catch (Failure const&) {
            if (is_there(file, level, key.mask, key.serial))
                throw;
            return nullptr;
        }
    };
    return slabs_.get(key, load, [](auto const&) { return std::size_t{1}; });
}

std::shared_ptr<OpenSlab const> SlabCache::map(std::filesystem::path const& file, Level const& level)
{
    if (!descriptors_->take())
        return std::make_shared<OpenSlab const>(file, level, MappedFile::Keep::mapping);
    try {
        auto const close = [budget = descriptors_](OpenSlab const* slab) {
            delete slab;
            budget->give_back();
        };
        auto slab = std::make_unique<OpenSlab const>(file, level, MappedFile::Keep::mapping_and_descriptor);
        return {slab.release(), close};
    } catch (...) {
        descriptors_->give_back();
        throw;
    }
}

} // namespace ardoise
