// SPDX-License-Identifier: Apache-2.0
// A file or folder that others write by its path, and that takes its name when it is whole.
#pragma once

#include <filesystem>

namespace ardoise {

/// A hidden name beside the final one. Without publish() whatever lies there is removed. One thread. For
/// files of our own writing see AtomicFile.
class Unpublished {
public:
    /// Creates missing parent folders. Throws Failure.
    explicit Unpublished(std::filesystem::path path);
    ~Unpublished();
    Unpublished(Unpublished const&) = delete;
    Unpublished& operator=(Unpublished const&) = delete;

    /// Where to write.
    std::filesystem::path const& beside() const { return beside_; }
    /// Flushes to the disk, then renames; a file of that name is replaced. Throws Failure.
    void publish();

private:
    std::filesystem::path path_, beside_;
};

} // namespace ardoise
