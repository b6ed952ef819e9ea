// SPDX-License-Identifier: Apache-2.0
// The slabs that are open: mapped once, used by every request until others push them out.
#pragma once

#include "cache/loading_cache.hpp"
#include "cache/lru.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/store/pyramid.hpp"
#include "pyramid/store/slab.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace ardoise {

/// Says which slab of which layer. A new revision gets a new serial, so nothing is ever invalidated; and when
/// a mapping has lost a page, all slabs are opened anew.
struct SlabKey {
    std::uint64_t serial = 0; // the layer's
    std::uint32_t level = 0;  // number in the pyramid
    bool mask = false;
    TileIndex slab;
    std::uint64_t pages_lost = ardoise::pages_lost();
    friend bool operator==(SlabKey const&, SlabKey const&) = default;
};

struct SlabKeyHash {
    std::size_t operator()(SlabKey const& key) const noexcept;
};

/// The folder of a level has gone: with its revision, which an update removed, or with the disk it lay on.
class SlabsGone : public Failure {
public:
    SlabsGone(std::uint64_t serial, std::string const& what) : Failure{what}, serial_{serial} {}
    std::uint64_t serial() const { return serial_; } // the layer's

private:
    std::uint64_t serial_;
};

/// A slab that remembers for up to a minute which of its tiles were found in memory or brought there: asking
/// costs a system call, and a tile that is asked for stays there as long as others are not wanted more. Safe
/// to share.
class OpenSlab : public Slab {
public:
    OpenSlab(std::filesystem::path const& file, Level const& level, MappedFile::Keep keep);

    /// Whether reading the tile waits for no disk, as far as is known.
    bool is_at_hand(TileIndex within) const;
    /// Asks the disk for the tile, where it is not at hand, and does not wait for it.
    void ask_for(TileIndex within) const;
    /// Waits until it is at hand. Throws Failure naming the file where it cannot be read.
    void bring(TileIndex within) const;

private:
    std::filesystem::path path_;
    mutable std::vector<std::atomic<std::uint16_t>> found_in_minute_; // by number
};

/// Safe to share. A slab that does not exist is remembered as such: it holds nothing.
class SlabCache {
public:
    static constexpr std::size_t usually_open = 16'384;

    /// `most_open` slabs at the most, which is as many mappings; so many of them, the first that come, keep
    /// their file's descriptor as well, so that their tiles can be sent without a copy.
    explicit SlabCache(std::size_t most_open = usually_open, std::size_t most_descriptors = 0)
        : descriptors_{std::make_shared<Budget>(most_descriptors)}, slabs_{most_open}
    {
    }

    /// What open() would return, if that needs no disk.
    std::optional<std::shared_ptr<OpenSlab const>> find(std::uint64_t serial, Pyramid const& pyramid,
                                                        Level const& level, TileIndex slab);
    /// Null when there is no such file. Throws Failure when it is not a slab, SlabsGone when its folder is
    /// missing, too.
    std::shared_ptr<OpenSlab const> open(std::uint64_t serial, Pyramid const& pyramid, Level const& level,
                                         TileIndex slab);
    /// The mask beside it; null when all of the slab's tiles are whole.
    std::shared_ptr<OpenSlab const> open_mask(std::uint64_t serial, Pyramid const& pyramid,
                                              Level const& level, TileIndex slab);
    /// For when others have been published: files that were removed take their room on the disk as long as
    /// they are mapped.
    void close_all_but(std::set<std::uint64_t> const& serials)
    {
        slabs_.forget([&](SlabKey const& key) { return !serials.contains(key.serial); });
    }

    std::size_t open_slabs() const { return slabs_.weight(); }
    CacheCounts counts() const { return slabs_.counts(); }

private:
    std::shared_ptr<OpenSlab const> open(SlabKey const& key, Level const& level);

    /// Of descriptors. Slabs hold it too: they may outlive the cache.
    class Budget {
    public:
        explicit Budget(std::size_t most) : left_{static_cast<std::ptrdiff_t>(most)} {}
        bool take()
        {
            if (left_.fetch_sub(1) > 0)
                return true;
            give_back();
            return false;
        }
        void give_back() { ++left_; }

    private:
        std::atomic<std::ptrdiff_t> left_;
    };

    std::shared_ptr<OpenSlab const> map(std::filesystem::path const& file, Level const& level);

    std::shared_ptr<Budget> descriptors_;
    LoadingCache<Lru<SlabKey, std::shared_ptr<OpenSlab const>, SlabKeyHash>> slabs_;
};

} // namespace ardoise
