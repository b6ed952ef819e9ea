// SPDX-License-Identifier: Apache-2.0
#include "pyramid/store/pyramid_lock.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ardoise {

namespace fs = std::filesystem;

namespace {

int open_lock(fs::path const& file)
{
    int const descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (descriptor < 0)
        fail("{}: cannot be written: {}", file.string(), std::strerror(errno));
    return descriptor;
}

/// Whether the file is still the one that was opened: who had the lock before may have removed it since.
bool is_in_place(int descriptor, fs::path const& file)
{
    struct stat opened {
    }, there{};
    return ::fstat(descriptor, &opened) == 0 && ::stat(file.c_str(), &there) == 0 &&
           opened.st_dev == there.st_dev && opened.st_ino == there.st_ino;
}

/// Where there are no locks, the file that was to be one goes again.
bool lock_or_clear_away(int descriptor, fs::path const& file, Sharing sharing, bool was_there)
try {
    return lock_file(descriptor, file, sharing);
} catch (Failure const&) {
    ::close(descriptor);
    std::error_code ignored;
    if (!was_there)
        fs::remove(file, ignored);
    throw;
}

int open_and_lock(fs::path const& file, Sharing sharing)
{
    for (;;) {
        bool const was_there = is_there(file);
        int const opened = open_lock(file);
        bool const is_ours = lock_or_clear_away(opened, file, sharing, was_there);
        if (is_ours && is_in_place(opened, file))
            return opened;
        ::close(opened);
        if (!is_ours)
            fail("{}: another process is working on this pyramid; wait until it ends", file.string());
    }
}

} // namespace

fs::path lock_file_of(fs::path const& store, std::string const& name)
{
    return store / fmt::format(".{}.lock", name);
}

PyramidLock::PyramidLock(fs::path const& store, std::string const& name, Sharing sharing)
    : file_{lock_file_of(store, name)}, sharing_{sharing}, store_was_there_{is_there(store)}
{
    if (sharing_ == Sharing::alone)
        make_folder(store);
    try {
        descriptor_ = open_and_lock(file_, sharing_);
    } catch (Failure const&) {
        remove_store_if_made();
        throw;
    }
}

PyramidLock::~PyramidLock()
{
    std::error_code ignored;
    if (sharing_ == Sharing::alone && is_in_place(descriptor_, file_))
        fs::remove(file_, ignored);
    ::close(descriptor_);
    remove_store_if_made();
}

void PyramidLock::remove_store_if_made()
{
    std::error_code ignored;
    if (sharing_ == Sharing::alone && !store_was_there_)
        fs::remove(file_.parent_path(), ignored); // does nothing where something lies in it
}

} // namespace ardoise
