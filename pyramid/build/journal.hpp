// SPDX-License-Identifier: Apache-2.0
// What has been done of a build, patch by patch, so that a killed one goes on and many machines can share it.
#pragma once

#include "pyramid/build/tile_encoder.hpp"
#include "pyramid/store/checksums.hpp"

#include <functional>
#include <mutex>

namespace ardoise {

/// What one patch has left of a product.
struct PatchRecord {
    Patch patch;
    std::vector<SlabChecksum> slabs; // files that the patch alone makes up, and that are written
    std::vector<EncodedTile> tiles;  // of all other slabs
};

/// A file that only grows. Safe to append from several threads.
class Journal {
public:
    /// Opens for appending, after the last whole record; what a kill left of one behind it is cut off.
    explicit Journal(std::filesystem::path file);
    ~Journal();
    Journal(Journal const&) = delete;
    Journal& operator=(Journal const&) = delete;

    /// Throws Failure naming the file.
    void append(PatchRecord const& record);

private:
    std::filesystem::path file_;
    std::mutex mutex_;
    int descriptor_ = -1;
};

/// Calls `visit` for each whole record, in the order in which they were written. Returns the bytes that they
/// take; nothing is visited when there is no such file.
std::uint64_t read_journal(std::filesystem::path const& file,
                           std::function<void(PatchRecord record)> const& visit);

} // namespace ardoise
