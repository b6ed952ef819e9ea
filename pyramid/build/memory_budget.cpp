// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/memory_budget.hpp"

#include "pyramid/base/failure.hpp"

#include <algorithm>

namespace ardoise {

namespace {

constexpr std::uint64_t megabyte = 1 << 20;
/// Code, GDAL's drivers, PROJ's grids, the index of 20,000 sources.
constexpr std::uint64_t the_program = 96 * megabyte;
/// Ours and GDAL's. Less, and each block is inflated for every block of ours that touches it.
constexpr std::uint64_t least_read_cache = 64 * megabyte;
constexpr std::uint64_t most_read_cache = 1024 * megabyte;

/// A canvas for each level of a patch is a third of the patch; as much again is in tiles being encoded, in
/// windows being warped, and in slabs waiting for the last of their tiles.
std::uint64_t bytes_a_thread(PreparedBuild const& prepared)
{
    auto const& plan = prepared.plan;
    auto const& base = plan.matrix(plan.finest().base_level);
    auto const side = static_cast<std::uint64_t>(plan.finest().patch_side); // no others are larger
    auto const pixels = side * side * static_cast<std::uint64_t>(base.tile_width) *
                        static_cast<std::uint64_t>(base.tile_height);
    auto const sample_bytes = prepared.bands.size() * bytes_per_sample(prepared.type) + 1; // and validity
    return 2 * pixels * sample_bytes / 3 + 32 * megabyte;
}

} // namespace

MemoryBudget MemoryBudget::of(PreparedBuild const& prepared)
{
    MemoryBudget budget;
    budget.a_thread = bytes_a_thread(prepared);
    auto const& options = prepared.options;
    auto const fixed = the_program + least_read_cache;
    auto const affordable = options.memory > fixed ? (options.memory - fixed) / budget.a_thread : 0;
    budget.threads = threads_of(options);
    if (options.jobs == 0)
        budget.threads = static_cast<unsigned>(std::clamp<std::uint64_t>(affordable, 1, budget.threads));
    if (affordable < budget.threads)
        fail("--memory {}M is too little for {} threads: {}M would do{}", options.memory / megabyte,
             budget.threads, (fixed + budget.threads * budget.a_thread) / megabyte + 1,
             budget.threads > 1 ? "; or use fewer --jobs" : "");
    auto const cache =
        std::min(options.memory - the_program - budget.threads * budget.a_thread, most_read_cache);
    budget.read_cache = budget.gdal_cache = cache / 2;
    return budget;
}

} // namespace ardoise
