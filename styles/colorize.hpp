// SPDX-License-Identifier: Apache-2.0
// One colour replaced by another.
#pragma once

#include "pyramid/raster/raster.hpp"

#include <vector>

namespace ardoise {

/// ROK4's "colorize": pixels of which every channel of `source` is met within `tolerance` become
/// `destination`; of three channels in and four out the others become opaque.
struct Colorize {
    std::vector<std::uint8_t> source{255, 255, 255}, destination{255, 255, 255, 0}; // 3 or 4 channels
    int tolerance = 0;
};

/// As many channels as the destination has, of 8 bits and 3 or 4 channels.
Raster colorized(Colorize const& colorize, RasterView picture);

} // namespace ardoise
