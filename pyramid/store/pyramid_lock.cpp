// SPDX-License-Identifier: Apache-2.0
#include "pyramid/store/pyramid_lock.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ardoise {

namespace fs = std::filesystem;

namespace {

int open_lock(fs::path const& file)
{
    int const descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor < 0)
        fail("{}: cannot be written: {}", file.string(), std::strerror(errno));
    return descriptor;
}

void take(int descriptor, fs::path const& file, Sharing sharing)
{
    if (::flock(descriptor, (sharing == Sharing::alone ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0)
        return;
    int const trouble = errno;
    ::close(descriptor);
    if (trouble == EWOULDBLOCK)
        fail("{}: another process is working on this pyramid; wait until it ends", file.string());
    fail("{}: cannot be locked: {}", file.string(), std::strerror(trouble));
}

/// Whether the file is still the one that was opened: who had the lock before may have removed it since.
bool is_in_place(int descriptor, fs::path const& file)
{
    struct stat opened {
    }, there{};
    return ::fstat(descriptor, &opened) == 0 && ::stat(file.c_str(), &there) == 0 &&
           opened.st_dev == there.st_dev && opened.st_ino == there.st_ino;
}

} // namespace

PyramidLock::PyramidLock(fs::path const& store, std::string const& name, Sharing sharing)
    : file_{store / fmt::format(".{}.lock", name)}, sharing_{sharing}, store_was_there_{is_there(store)}
{
    if (sharing_ == Sharing::alone)
        make_folder(store);
    while (descriptor_ < 0) {
        int const opened = open_lock(file_);
        take(opened, file_, sharing_);
        if (is_in_place(opened, file_))
            descriptor_ = opened;
        else
            ::close(opened);
    }
}

PyramidLock::~PyramidLock()
{
    std::error_code ignored;
    bool const is_alone = sharing_ == Sharing::alone;
    if (is_alone && is_in_place(descriptor_, file_))
        fs::remove(file_, ignored);
    ::close(descriptor_);
    if (is_alone && !store_was_there_)
        fs::remove(file_.parent_path(), ignored); // does nothing where something lies in it
}

} // namespace ardoise
