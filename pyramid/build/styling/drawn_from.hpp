// SPDX-License-Identifier: Apache-2.0
// What a styled pyramid was drawn from: the slab files of another one, and which of them changed since.
#pragma once

#include "pyramid/store/checksums.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ardoise {

/// A slab of a pyramid: the number of its level, and its place there.
struct SlabPlace {
    std::size_t level = 0;
    TileIndex slab;
    friend auto operator<=>(SlabPlace const&, SlabPlace const&) = default;
};

/// Slab files of tiles and masks, by their names. A value.
class DrawnFrom {
public:
    DrawnFrom() = default;
    explicit DrawnFrom(std::vector<SlabChecksum> const& files);

    /// What it says of a file; null where there is none of that name.
    SlabChecksum const* find(std::string const& name) const;
    std::vector<SlabChecksum> files() const;
    /// Differs where any of the files does.
    std::uint64_t fingerprint() const;

private:
    std::map<std::string, SlabChecksum> files_;
};

/// Those of a pyramid, as its checksums say them; of one that has none, as other programs' pyramids, all
/// slabs are read.
DrawnFrom slab_files_of(Pyramid const& pyramid);

/// The names that a slab's files have there.
std::string data_name(Level const& level, TileIndex slab);
std::string mask_name(Level const& level, TileIndex slab);

/// The slabs that hold tiles, coarsest level first.
std::vector<SlabPlace> slabs_in(DrawnFrom const& files, Pyramid const& pyramid);

/// Those of them for which, or for one of whose eight neighbours where `reach` is not 0, tiles or masks are
/// not what they were.
std::vector<SlabPlace> slabs_changed(DrawnFrom const& before, DrawnFrom const& now, Pyramid const& pyramid,
                                     int reach);

/// The slab and, where `reach` is not 0, its neighbours.
TileRange slabs_around(TileIndex slab, int reach);

/// Throws Failure when files of these slabs are not what `files` says.
class SlabCheck {
public:
    SlabCheck(Pyramid const& pyramid, DrawnFrom const& files) : pyramid_{pyramid}, files_{files} {}
    /// Reads what it has not read yet. One thread.
    void check(Level const& level, TileRange const& slabs);

private:
    void check(std::filesystem::path const& file, SlabChecksum const* expected);

    Pyramid const& pyramid_;
    DrawnFrom const& files_;
    std::set<std::string> checked_;
};

} // namespace ardoise
