// SPDX-License-Identifier: Apache-2.0
// Locks on open files.
#pragma once

#include <filesystem>

namespace ardoise {

/// Whether others may have the lock at the same time, each in a process of its own.
enum class Sharing { alone, with_others };

/// Takes the lock without waiting; it goes with the descriptor. False when another process has it. Throws
/// Failure where the file system has no locks.
bool lock_file(int descriptor, std::filesystem::path const& file, Sharing sharing);

} // namespace ardoise
