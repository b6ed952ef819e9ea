// SPDX-License-Identifier: Apache-2.0
// The frame of one colour around an image, told from the same colour inside it.
#pragma once

#include "pyramid/sources/source.hpp"

#include <cstdint>
#include <vector>

class GDALDataset;

namespace ardoise {

/// What an edge is made of. JPEG leaves a fringe around it: pixels that are nearly of the value.
struct EdgeValue {
    double value = 0;
    double near = 0; // by how much a sample may differ from it
};

/// Which pixels of an image have a value (in every band but alpha) and are joined by such pixels, side by
/// side, to the image's border. Kept as runs, a few a row; while it is made it takes two bits a pixel.
/// Immutable.
class EdgeMask {
public:
    /// Reads the whole image, in strips. Throws Failure when the image is larger than `most_pixels`, or when
    /// what is found is a pattern rather than an edge.
    EdgeMask(GDALDataset& dataset, Source const& source, EdgeValue const& edge);

    static constexpr std::int64_t most_pixels = 2'000'000'000;

    /// Sets the validity of `window` to 0 where the edge is; `validity` holds the window at (x, y).
    void clear_edge(PixelBox window, Raster& validity, std::int32_t x, std::int32_t y) const;

private:
    struct Run {
        std::int32_t first = 0, last = 0; // columns, half-open
    };
    std::vector<Run> runs_;
    std::vector<std::size_t> row_starts_; // where the runs of each row begin, and the end
};

} // namespace ardoise
