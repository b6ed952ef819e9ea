// SPDX-License-Identifier: Apache-2.0
// A mapping followed on as few points as its tolerance allows.
#pragma once

#include "pyramid/raster/warp.hpp"

#include <array>
#include <vector>

namespace ardoise {

struct SourcePoint {
    double x = 0, y = 0;
};

/// A block of destination pixels over which the source coordinates are bilinear between the four corners of
/// the block (upper left, upper right, lower left, lower right: outer corners, not pixel centres).
struct WarpCell {
    PixelBox box;
    std::array<SourcePoint, 4> corners;
    /// Source pixels per destination pixel along each axis of the source.
    double scale_x = 1, scale_y = 1;
};

/// Cells that share no pixel. Pixels that have no counterpart or lie further than `margin` from the source
/// may be in none. Where none of the nine points of a cell (128 pixels at most) has a counterpart, none is
/// looked for inside.
std::vector<WarpCell> plan_warp(PixelMapping const& mapping, std::int32_t width, std::int32_t height,
                                RasterShape const& source, double margin, double tolerance);

} // namespace ardoise
