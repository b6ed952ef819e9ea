// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/file_lock.hpp"

#include "pyramid/base/failure.hpp"

#include <cerrno>
#include <cstring>

#include <sys/file.h>

namespace ardoise {

bool lock_file(int descriptor, std::filesystem::path const& file, Sharing sharing)
{
    if (::flock(descriptor, (sharing == Sharing::alone ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0)
        return true;
    int const trouble = errno;
    if (trouble == EWOULDBLOCK)
        return false;
    bool const has_no_locks = trouble == ENOLCK || trouble == ENOSYS || trouble == EOPNOTSUPP;
    fail("{}: cannot be locked: {}{}", file.string(), std::strerror(trouble),
         has_no_locks ? "; mount this file system with locks (Lustre: -o flock), or use another one" : "");
}

} // namespace ardoise
