// SPDX-License-Identifier: Apache-2.0
// Decoded blocks of sources, kept while neighbours need them as well.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <mutex>

namespace ardoise {

/// Of which file, and which tile or strip of it, in the file's own numbers.
struct BlockKey {
    std::filesystem::path file;
    std::uint32_t number = 0;
    friend auto operator<=>(BlockKey const&, BlockKey const&) = default;
};

/// Shared by all threads of a build: a block that lies under two patches is decoded once, whoever bakes them.
/// Those used longest ago go first. Thread-safe.
class BlockCache {
public:
    using Block = std::shared_ptr<std::byte const[]>;

    explicit BlockCache(std::uint64_t most_bytes) : most_bytes_{most_bytes} {}

    /// Null when it is not there.
    Block find(BlockKey const& key);
    /// What is asked for stays with whoever asked, even when it has no place here any more.
    void keep(BlockKey const& key, Block block, std::size_t bytes);

private:
    struct Entry {
        BlockKey key;
        Block block;
        std::size_t bytes;
    };

    std::uint64_t const most_bytes_;
    std::mutex mutex_;         // of what follows
    std::list<Entry> entries_; // most recently used first
    std::map<BlockKey, std::list<Entry>::iterator> places_;
    std::uint64_t bytes_ = 0;
};

} // namespace ardoise
