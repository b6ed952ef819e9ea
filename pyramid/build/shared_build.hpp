// SPDX-License-Identifier: Apache-2.0
// A build cut into pieces for many machines that share nothing but a folder.
#pragma once

#include "pyramid/build/builder.hpp"

namespace ardoise {

/// A build, and the number of pieces into which it is cut: each a run of patches in their order, over about
/// as much ground as any other. Where few patches make up most of the ground, some pieces have none.
struct SharedBuild {
    PreparedBuild prepared;
    std::size_t pieces = 1;

    /// The patches of piece number `piece`, from 0.
    std::vector<Patch> patches_of(std::size_t piece) const;
};

/// Writes the plan, and makes the hidden folders in which workers will write; the tile matrix set goes into
/// the store with them. At most as many pieces as patches. Throws Failure when another process is building
/// one of the products.
void write_plan(std::filesystem::path const& file, SharedBuild& build);
/// Throws Failure naming the file and what is wrong in it.
SharedBuild read_plan(std::filesystem::path const& file);

/// Bakes one piece. Any number of workers may do so at the same time, on machines that see the store under
/// the same path. A piece that was killed is gone on with; one that is done costs nothing.
void work(SharedBuild const& build, std::size_t piece, BuildProgress const& on_progress);

/// Assembles what the pieces have left, and publishes it: to the byte what one build() would. Throws Failure
/// naming the pieces that are missing. What was published before it was killed stays as it is.
BuildReport finish(SharedBuild const& build);

} // namespace ardoise
