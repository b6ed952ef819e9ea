// SPDX-License-Identifier: Apache-2.0
// A terrain model, and with each of its heights the level at which water gets there.
#pragma once

#include "pyramid/build/builder.hpp"

namespace ardoise {

struct FloodOptions {
    std::vector<std::string> sources; // terrain models of one band: files, folders, patterns
    std::filesystem::path seeds;      // where water comes from: points, lines, polygons
    std::filesystem::path into;       // folder of the dalles
    std::string tile_matrix_set;      // id, or path of a JSON file
    std::string bottom; // matrix id whose pixels the model has; empty: the nearest to the sources'
    Resampling resampling = Resampling::bilinear;
    std::uint64_t memory = std::uint64_t{1} << 30; // bytes
    SourceOptions source;
};

struct FloodReport {
    std::string level;                                   // whose pixels the model has
    std::size_t written = 0, unchanged = 0, removed = 0; // dalles
    std::int64_t heights = 0, reached = 0, seeds = 0;    // pixels
};

/// Computes flood_levels() over the whole of the model at once, on the pixels of a level of the set, and
/// writes both as dalles of two bands, heights and flood levels: GeoTIFFs named by their place, which
/// `ardoise build --bands 1,2 --resampling near` takes pixel for pixel. A dalle that would be what it is
/// stays untouched, and one that holds nothing any more goes: so an update of the pyramid bakes only what
/// changed. Throws Failure when the model takes more than `memory`, when the sources have more than one
/// band, and when the seeds are not on it.
FloodReport make_flood_model(FloodOptions const& options, TileMatrixSetLibrary const& sets);

} // namespace ardoise
