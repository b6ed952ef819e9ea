// SPDX-License-Identifier: Apache-2.0
#include "cache/tile_cache.hpp"

#include "pyramid/base/number.hpp"
#include "pyramid/store/slab_layout.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <limits>
#include <string>

#include <unistd.h>

namespace ardoise {

namespace {

std::size_t machine_memory()
{
    return static_cast<std::size_t>(::sysconf(_SC_PHYS_PAGES)) *
           static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

/// A container's limit, if there is one: its file says "max" otherwise.
std::size_t group_memory()
{
    std::string text;
    std::ifstream{"/sys/fs/cgroup/memory.max"} >> text;
    return parse_number<std::size_t>(text).value_or(std::numeric_limits<std::size_t>::max());
}

} // namespace

std::size_t fitting_tile_cache_bytes()
{
    return std::max<std::size_t>(std::min(machine_memory(), group_memory()) / 16, 64 << 20);
}

std::size_t TileCache::FormKeyHash::operator()(FormKey const& key) const noexcept
{
    std::array const facts{
        key.tile.serial, std::uint64_t{key.tile.level} << 2 | static_cast<std::uint64_t>(key.form),
        static_cast<std::uint64_t>(key.tile.tile.col), static_cast<std::uint64_t>(key.tile.tile.row)};
    return hash_of(std::as_bytes(std::span{facts}));
}

/// What an entry weighs beside its samples: so even tiles without planes are not kept for nothing.
std::size_t TileCache::bytes_of(Tile const& tile)
{
    constexpr std::size_t entry = 512;
    if (auto const* pixels = std::get_if<Pixels>(&tile))
        return entry + (*pixels)->pixels.bytes().size() + (*pixels)->validity.bytes().size();
    auto const& planes = std::get<Planes>(tile);
    return entry + (planes ? planes->bytes() : 0);
}

} // namespace ardoise
