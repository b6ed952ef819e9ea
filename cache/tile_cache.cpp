// SPDX-License-Identifier: Apache-2.0
#include "cache/tile_cache.hpp"

#include "pyramid/base/number.hpp"
#include "pyramid/store/slab_layout.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
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

/// The name of this process's control group (cgroup v2), as "/system.slice/ardoise.service".
std::string control_group()
{
    std::string line;
    for (std::ifstream groups{"/proc/self/cgroup"}; std::getline(groups, line);)
        if (line.starts_with("0::/"))
            return line.substr(4);
    return {};
}

/// The least that this control group and those around it allow: their files say "max" where there is no
/// limit.
std::size_t group_memory()
{
    std::filesystem::path const root{"/sys/fs/cgroup"};
    auto least = std::numeric_limits<std::size_t>::max();
    for (auto group = root / control_group();; group = group.parent_path()) {
        std::string text;
        std::ifstream{group / "memory.max"} >> text;
        least = std::min(least, parse_number<std::size_t>(text).value_or(least));
        if (group == root || group == group.root_path())
            return least;
    }
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
