// SPDX-License-Identifier: Apache-2.0
// `ardoise sample`: a made-up city as orthophotos of several years and a terrain model, to try everything
// else on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

namespace ardoise {

/// Dalles are squares of `dalle_pixels` pixels of 5 cm (200 m by default), `columns` from west to east and
/// `rows` from south to north around the heart of the town, which is the same place whatever the size.
struct SampleOptions {
    std::filesystem::path into;
    int columns = 8, rows = 8;
    std::vector<int> years{2005, 2022};
    std::uint64_t seed = 1;
    unsigned jobs = 0; // threads; 0 for one a core
    int dalle_pixels = 4000;
};

/// Writes `into`/<year>/ortho/dalle_<x>_<y>.tif and `into`/dtm/dtm_<x>_<y>.tif, where x and y are the metres
/// of the lower left corner (EPSG:2154), river.geojson (its middle) and a README.txt. A dalle outside of the
/// footprint is not written.
///
/// The same options give the same bytes, whatever the number of jobs, and a pixel depends on seed, year and
/// place only, not on the size asked for (the footprint's edge does). Memory is that of a dalle a thread.
///
/// `on_progress` is called after each file, from one thread at a time. Throws Failure: an option that makes
/// no sense, or a file that cannot be written; what has its name by then is whole.
void make_sample(SampleOptions const& options,
                 std::function<void(std::size_t done, std::size_t total)> const& on_progress);

} // namespace ardoise
