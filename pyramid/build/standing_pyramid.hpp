// SPDX-License-Identifier: Apache-2.0
// A pyramid whose slabs are there: tiles as they are stored, and their pixels. What an update starts from,
// and a report looks at.
#pragma once

#include "pyramid/build/tile_encoder.hpp"
#include "pyramid/store/checksums.hpp"
#include "pyramid/store/slab.hpp"

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace ardoise {

/// Opens slabs as they are asked for, and keeps those that were asked for last. Safe to share between
/// threads.
class StandingPyramid {
public:
    static constexpr std::size_t most_open = 256; // slabs, each of which is a mapping

    /// `files` are its slab files: each of them must be there, and no other is read.
    StandingPyramid(Pyramid pyramid, std::span<SlabChecksum const> files);
    /// A published one, with the files that its checksums name.
    explicit StandingPyramid(Pyramid pyramid);

    Pyramid const& pyramid() const { return pyramid_; }
    /// The tile with its mask and lossless twin; nothing where it holds nothing. `level` is the one of the
    /// new plan, `id` that of its matrix. Throws Failure when what is stored does not agree with its
    /// checksum.
    std::optional<EncodedTile> tile(std::size_t level, std::string const& id, TileIndex tile) const;
    /// The stored pixels of a tile of one of its own levels, and which of them are data; nothing where it
    /// holds nothing. Throws as tile() does.
    std::optional<MaskedRaster> pixels(Level const& level, TileIndex tile) const;
    /// How many slabs are open: never more than `most_open`, but for those that are being read from.
    std::size_t open_slabs() const;

private:
    struct OpenSlab {
        std::string name;
        std::shared_ptr<Slab const> slab;
    };
    /// Null where there is no such file.
    std::shared_ptr<Slab const> slab(char const* kind, Level const& level, TileIndex slab) const;
    Bytes bytes_of(char const* kind, Level const& level, TileIndex tile) const;

    Pyramid pyramid_;
    std::set<std::string> names_; // of its slab files
    mutable std::mutex mutex_;
    mutable std::list<OpenSlab> open_; // asked for last first
    mutable std::unordered_map<std::string_view, std::list<OpenSlab>::iterator> places_;
};

} // namespace ardoise
