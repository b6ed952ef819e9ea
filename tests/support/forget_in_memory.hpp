// SPDX-License-Identifier: Apache-2.0
// A file whose bytes lie on the disk and nowhere else.
#pragma once

#include <filesystem>
#include <stdexcept>

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace ardoise::test {

/// Has the system forget what it holds of a file, but for pages that somebody has mapped and touched. False where it cannot, as the file
/// system itself lives in memory: set TMPDIR to a folder on a disk.
[[nodiscard]] inline bool forget_in_memory(std::filesystem::path const& file)
{
    struct statfs system {};
    int const descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    bool const done = descriptor >= 0 && ::fstatfs(descriptor, &system) == 0 && ::fsync(descriptor) == 0 &&
                      ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED) == 0;
    if (descriptor >= 0)
        ::close(descriptor);
    if (!done)
        throw std::runtime_error{file.string() + ": cannot be put out of memory"};
    return system.f_type != TMPFS_MAGIC;
}

} // namespace ardoise::test
