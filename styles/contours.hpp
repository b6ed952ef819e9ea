// SPDX-License-Identifier: Apache-2.0
// Contour lines, drawn pixel by pixel: how far a line lies is how far the height lies from its level, divided
// by how steep the ground is. So no line ends at the edge of a picture.
#pragma once

#include "styles/ground.hpp"

#include <array>

namespace ardoise {

struct Contours {
    double interval = 10,
           base = 0;        // metres: lines lie at `base` and all multiples of the interval from there
    std::int64_t index = 5; // every so many lines from the base on one is twice as wide; 0: none is
    std::array<std::uint8_t, 4> colour{110, 70, 30, 255}; // red, green, blue, alpha
    double width = 1;                                     // pixels
    double nodata = -99999;                               // of heights, beside what the pyramid says
};

/// How far lines cover each pixel, from 0 to 255: one channel of 8 bits, smaller than `heights` by the margin
/// on each side. Nothing where there is no data. Where lines crowd they fade, index lines last.
Raster contour_cover(Contours const& contours, MaskedView heights, Ground const& ground);

/// The picture (8 bits, 1 to 4 channels, of which the second or the fourth is alpha) with lines on it: of 3
/// or 4 channels.
Raster with_lines(Contours const& contours, RasterView cover, Raster picture);

} // namespace ardoise
