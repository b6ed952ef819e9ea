// SPDX-License-Identifier: Apache-2.0
// A file that is whole or absent.
#pragma once

#include "pyramid/base/bytes.hpp"

#include <filesystem>

namespace ardoise {

/// When a published file must have reached the disk.
enum class Flush {
    now,  // before publish() returns: fsync of the file, rename, fsync of the folder
    later // whoever publishes many files calls flush_file_system() before anything relies on them
};

/// Writes beside the final name and takes it only on publish(). Without publish() nothing stays. One owner,
/// one thread. Throws Failure naming the file on any trouble (a full disk included).
class AtomicFile {
public:
    /// Creates missing parent folders. Who is killed leaves a hidden file: where nobody would clear that
    /// away, it is written in `scratch` instead, a folder of the same file system that somebody does clear.
    explicit AtomicFile(std::filesystem::path file, std::filesystem::path const& scratch = {});
    ~AtomicFile();
    AtomicFile(AtomicFile const&) = delete;
    AtomicFile& operator=(AtomicFile const&) = delete;

    /// Appends.
    void write(ByteView bytes);
    /// Overwrites what stands at `offset`; leaves the place where write() goes on alone.
    void write_at(std::uint64_t offset, ByteView bytes);
    void publish(Flush flush = Flush::now);

private:
    std::filesystem::path file_;
    std::filesystem::path beside_; // empty once the file has its name
    int descriptor_ = -1;
};

/// Whether a file has a name that an AtomicFile gives before it is published: what a killed process left.
bool is_unpublished_part(std::filesystem::path const& file);

/// The whole of a small file at once.
void write_atomically(std::filesystem::path const& file, std::string_view text,
                      std::filesystem::path const& scratch = {});

/// A folder with its parents, where they are not there yet. Throws Failure.
void make_folder(std::filesystem::path const& folder);

/// The names in a folder have reached the disk: what was made, renamed or removed in it stays so. Throws
/// Failure.
void flush_folder(std::filesystem::path const& folder);

/// Everything that was written to the file system of `folder` has reached the disk (syncfs). Throws Failure.
void flush_file_system(std::filesystem::path const& folder);

/// The whole of a small text file. Throws Failure; refuses files over `limit` bytes.
std::string read_text(std::filesystem::path const& file, std::size_t limit = 64 << 20);

/// Whether there is such a file or folder; one that cannot be asked about is none.
bool is_there(std::filesystem::path const& file);

/// Whether there is such a file and this is all that stands in it.
bool holds_text(std::filesystem::path const& file, std::string_view text);

} // namespace ardoise
