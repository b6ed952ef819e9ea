// SPDX-License-Identifier: Apache-2.0
// One process at a time works on a pyramid.
#pragma once

#include <filesystem>
#include <string>

namespace ardoise {

/// Whether others may work on the same revision at the same time, each in a process of its own.
enum class Sharing { alone, with_others };

/// Held by who builds, updates, repairs or rolls back: the empty file STORE/.NAME.lock, which goes with who
/// had it alone. One that a kill leaves behind, or those who shared it, hinders nobody.
class PyramidLock {
public:
    /// Who is alone makes the store where it is not there; one in which nothing lies at the end goes again.
    /// Throws Failure when another process has the lock.
    PyramidLock(std::filesystem::path const& store, std::string const& name,
                Sharing sharing = Sharing::alone);
    ~PyramidLock();
    PyramidLock(PyramidLock const&) = delete;
    PyramidLock& operator=(PyramidLock const&) = delete;

private:
    std::filesystem::path file_;
    Sharing sharing_;
    bool store_was_there_;
    int descriptor_ = -1;
};

} // namespace ardoise
