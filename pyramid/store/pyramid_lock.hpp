// SPDX-License-Identifier: Apache-2.0
// One process at a time works on a pyramid.
#pragma once

#include "pyramid/base/file_lock.hpp"

#include <string>

namespace ardoise {

/// STORE/.NAME.lock.
std::filesystem::path lock_file_of(std::filesystem::path const& store, std::string const& name);

/// Held by who builds, updates, repairs, rolls back or removes: that empty file, which goes with who had it
/// alone. One that a kill leaves behind, or those who shared it, hinders nobody.
class PyramidLock {
public:
    /// Who is alone makes the store where it is not there; one in which nothing lies at the end goes again.
    /// Throws Failure when another process has the lock, or where there are no locks; then nothing is left.
    PyramidLock(std::filesystem::path const& store, std::string const& name,
                Sharing sharing = Sharing::alone);
    ~PyramidLock();
    PyramidLock(PyramidLock const&) = delete;
    PyramidLock& operator=(PyramidLock const&) = delete;

private:
    void remove_store_if_made();

    std::filesystem::path file_;
    Sharing sharing_;
    bool store_was_there_;
    int descriptor_ = -1;
};

} // namespace ardoise
