// SPDX-License-Identifier: Apache-2.0
// The build: sources in, published pyramids out.
#pragma once

#include "pyramid/build/plan.hpp"
#include "pyramid/build/report/build_facts.hpp"
#include "pyramid/grid/tile_matrix_set_library.hpp"
#include "pyramid/sources/mosaics.hpp"
#include "pyramid/sources/source_record.hpp"

#include <functional>

namespace ardoise {

/// What stands before any pixel is read: sources described and grouped, products completed, slabs planned.
struct PreparedBuild {
    BuildOptions options;
    std::vector<SourceRecord> sources;
    Mosaics mosaics;
    std::vector<int> bands; // union of the products' bands: what is read, once
    SampleType type = SampleType::uint8;
    BuildPlan plan;
};

/// Throws Failure when something does not fit, all of it before the store is touched: mixed band counts or
/// sample types, a band that is not there, a pyramid of that name, an unknown format or set. A pyramid that
/// this same build has published before it was killed is no hindrance, while others of its products are
/// missing.
PreparedBuild prepare_build(BuildOptions options, TileMatrixSetLibrary const& sets);

/// The same for sources that are described already. Does not ask whether there are pyramids of those names.
PreparedBuild prepare_sources(BuildOptions options, TileMatrixSetLibrary const& sets,
                              std::vector<SourceRecord> sources);

/// How many threads the options ask for.
unsigned threads_of(BuildOptions const& options);

struct BuildReport {
    std::size_t slabs = 0;        // written, all products together
    std::int64_t base_pixels = 0; // of the base level, within the planned slabs
    std::uint64_t bytes = 0;
    std::vector<BuildFacts> products;
};

/// Called from the building threads, one at a time: patches done, of how many.
using BuildProgress = std::function<void(std::size_t done, std::size_t total)>;

/// Builds and publishes every product: slabs are written in a hidden folder of the store, which takes its
/// name when all are there, a report and a preview among them; the descriptor comes last. A build that is
/// killed, or fails half-way, is gone on with by the next one of the same products, sources and options;
/// until then no reader sees anything of it. Same sources and options give the same slabs for any number of
/// threads and of interruptions. Products that it has published already are left as they are.
BuildReport build(PreparedBuild const& prepared, BuildProgress const& on_progress);

} // namespace ardoise
