// SPDX-License-Identifier: Apache-2.0
// A whole file, mapped for reading.
#pragma once

#include "pyramid/base/bytes.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>

namespace ardoise {

/// A read-only mapping of a whole file. Move-only; safe to read from any number of threads.
///
/// The file should not shrink while it is mapped: Ardoise publishes by new names only (see AtomicFile), so a
/// published file never changes under a reader. For files that others write see survive_shortened_files().
class MappedFile {
public:
    /// A mapping needs no descriptor. Who has enough of them may keep the file's: see descriptor().
    enum class Keep { mapping, mapping_and_descriptor };

    /// Throws Failure when the file cannot be opened or mapped.
    explicit MappedFile(std::filesystem::path const& file, Keep keep = Keep::mapping);
    ~MappedFile();
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;

    ByteView bytes() const { return bytes_; }
    /// Open for reading as long as this lives; nothing where it was not kept.
    std::optional<int> descriptor() const
    {
        return descriptor_ < 0 ? std::nullopt : std::optional{descriptor_};
    }
    std::chrono::system_clock::time_point modified() const { return modified_; }

    /// Whether reading these bytes is known to wait for no disk: never where the descriptor was not kept, or
    /// on a file system that does not tell.
    bool is_in_memory(std::size_t offset, std::size_t size) const;
    /// Asks the disk for these bytes and does not wait for them.
    void ask_for(std::size_t offset, std::size_t size) const;
    /// Waits until these bytes are in memory. Throws Failure where they cannot be read.
    void bring(std::size_t offset, std::size_t size) const;

private:
    ByteView bytes_;
    int descriptor_ = -1;
    std::chrono::system_clock::time_point modified_;
};

/// From now on a page of a mapping that its file no longer reaches (somebody shortened it) reads as zeros
/// instead of ending the process: whoever decodes the zeros fails, and others go on. For servers; call it
/// once, at the start.
void survive_shortened_files();

/// How many pages have become zeros so. The mappings that they lie in stay so: open the files anew.
std::uint64_t pages_lost();

} // namespace ardoise
