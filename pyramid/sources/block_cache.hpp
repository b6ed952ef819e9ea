// SPDX-License-Identifier: Apache-2.0
// Decoded blocks of sources, kept while neighbours need them as well.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace ardoise {

/// Of which file (by the number that the cache gives it), and which tile or strip of it, in the file's own
/// numbers.
struct BlockKey {
    std::uint32_t file = 0, number = 0;
    friend bool operator==(BlockKey const&, BlockKey const&) = default;
};

/// Shared by all threads of a build: a block that lies under two patches is decoded once, whoever bakes them.
/// Those used longest ago go first. Thread-safe.
class BlockCache {
public:
    using Block = std::shared_ptr<std::byte const[]>;

    explicit BlockCache(std::uint64_t most_bytes) : most_bytes_{most_bytes} {}

    /// The same for each reader of the file.
    std::uint32_t number_of(std::filesystem::path const& file);
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
    struct Hash {
        std::size_t operator()(BlockKey const& key) const
        {
            return std::hash<std::uint64_t>{}(std::uint64_t{key.file} << 32 | key.number);
        }
    };

    std::uint64_t const most_bytes_;
    std::mutex mutex_;         // of what follows
    std::list<Entry> entries_; // most recently used first
    std::unordered_map<BlockKey, std::list<Entry>::iterator, Hash> places_;
    std::unordered_map<std::string, std::uint32_t> files_;
    std::uint64_t bytes_ = 0;
};

} // namespace ardoise
