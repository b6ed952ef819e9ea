// SPDX-License-Identifier: Apache-2.0
// Damaged slabs of a published pyramid, made anew from the sources.
#pragma once

#include "pyramid/build/builder.hpp"
#include "pyramid/store/checksums.hpp"

namespace ardoise {

/// Makes the damaged files anew and puts them in their places, where the result is to the byte what was
/// published: in the pyramid's folder, and in those of other revisions that have the same file, damaged too
/// (they share it, as a rule). Returns those for which it is not (nothing of them is touched). Throws Failure
/// when the pyramid has no recipe, when its sources are no longer what they were, or when another process
/// works on it.
std::vector<SlabChecksum> repair(Pyramid const& pyramid, std::vector<SlabChecksum> const& damaged,
                                 TileMatrixSetLibrary const& sets, unsigned jobs, std::uint64_t memory,
                                 BuildProgress const& on_progress);

/// Removes what a repair has left that was killed when all was in place again.
void clear_after_repair(Pyramid const& pyramid);

} // namespace ardoise
