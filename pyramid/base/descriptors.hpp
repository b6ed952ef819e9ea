// SPDX-License-Identifier: Apache-2.0
// How many files and connections a process may have open.
#pragma once

#include <cstddef>

namespace ardoise {

/// Raises the soft limit of descriptors to the hard one (RLIMIT_NOFILE): the usual 1,024 are few. Returns
/// what this process may have from now on.
std::size_t raise_descriptor_limit();

} // namespace ardoise
