// SPDX-License-Identifier: Apache-2.0
#include "cache/slab_cache.hpp"

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
    return {serial, static_cast<std::uint32_t>(&level - pyramid.levels.data()), mask, slab};
}

/// Throws Failure where that cannot be known: a slab that cannot be seen is not one that holds nothing.
bool is_there(std::filesystem::path const& file, std::filesystem::path const& folder, std::uint64_t serial)
{
    std::error_code trouble;
    if (std::filesystem::exists(file, trouble))
        return true;
    if (!trouble && std::filesystem::exists(folder, trouble))
        return false;
    if (!trouble)
        throw SlabsGone{serial,
                        fmt::format("{}: cannot be seen: the folder of its level is missing", file.string())};
    fail("{}: cannot be seen: {}", file.string(), trouble.message());
}

} // namespace

std::size_t SlabKeyHash::operator()(SlabKey const& key) const noexcept
{
    auto const place =
        static_cast<std::uint64_t>(key.slab.col) << 32 ^ static_cast<std::uint64_t>(key.slab.row);
    return mix(mix(key.serial << 16 ^ std::uint64_t{key.level} << 1 ^ (key.mask ? 1U : 0U)) ^ place);
}

std::shared_ptr<Slab const> SlabCache::open(std::uint64_t serial, Pyramid const& pyramid, Level const& level,
                                            TileIndex slab)
{
    return open(key_of(serial, pyramid, level, slab, false), level);
}

std::shared_ptr<Slab const> SlabCache::open_mask(std::uint64_t serial, Pyramid const& pyramid,
                                                 Level const& level, TileIndex slab)
{
    return level.mask_directory ? open(key_of(serial, pyramid, level, slab, true), level) : nullptr;
}

std::shared_ptr<Slab const> SlabCache::open(SlabKey const& key, Level const& level)
{
    auto const load = [&]() -> std::shared_ptr<Slab const> {
        auto const file = key.mask ? *mask_file(level, key.slab) : slab_file(level, key.slab);
        try {
            return map(file, level);
        } catch (Failure const&) {
            if (is_there(file, key.mask ? *level.mask_directory : level.directory, key.serial))
                throw;
            return nullptr;
        }
    };
    return slabs_.get(key, load, [](auto const&) { return std::size_t{1}; });
}

std::shared_ptr<Slab const> SlabCache::map(std::filesystem::path const& file, Level const& level)
{
    if (!descriptors_->take())
        return std::make_shared<Slab const>(file, level.tiles_per_width, level.tiles_per_height);
    try {
        auto const close = [budget = descriptors_](Slab const* slab) {
            delete slab;
            budget->give_back();
        };
        auto slab = std::make_unique<Slab const>(file, level.tiles_per_width, level.tiles_per_height,
                                                 MappedFile::Keep::mapping_and_descriptor);
        return {slab.release(), close};
    } catch (...) {
        descriptors_->give_back();
        throw;
    }
}

} // namespace ardoise
