// SPDX-License-Identifier: Apache-2.0
// How the memory that a build may take is shared out: known before it begins.
#pragma once

#include "pyramid/build/builder.hpp"

namespace ardoise {

/// In bytes. Whatever the number of sources and slabs.
struct MemoryBudget {
    unsigned threads = 1;         // those asked for; when none were, as many cores as there is memory for
    std::uint64_t a_thread = 0;   // canvases, a warp's window, encoded tiles on their way into slabs
    std::uint64_t read_cache = 0; // blocks of sources that neighbours need as well: ours
    std::uint64_t gdal_cache = 0; // and those of GDAL, which reads masks and what we do not

    /// What `options.memory` allows for the plan and its threads. Throws Failure when that is too little,
    /// saying what would do.
    static MemoryBudget of(PreparedBuild const& prepared);
};

} // namespace ardoise
