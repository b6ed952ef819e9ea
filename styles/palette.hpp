// SPDX-License-Identifier: Apache-2.0
// Palettes: a colour for each value.
#pragma once

#include "pyramid/raster/raster.hpp"

#include <vector>

namespace ardoise {

/// One entry of a palette: from `value` on (in the units of the data) this colour.
struct PaletteColour {
    double value = 0;
    std::uint8_t red = 0, green = 0, blue = 0, alpha = 255;
};

/// A colour for each value of one channel: that of the greatest entry not above it (below the first entry:
/// the first's), or between two entries where it is continuous.
struct Palette {
    std::vector<PaletteColour> colours; // by rising value
    bool rgb_continuous = false, alpha_continuous = false;
    bool no_alpha = false; // three channels out instead of four
    bool is_exact = false; // of classes: a value that has no entry has no colour, and is transparent
};

PaletteColour colour_at(Palette const& palette, double value);

/// The picture of one channel of any type: 8 bits, 3 channels where nothing can be transparent, else 4. Each
/// pixel has the colour of colour_at().
Raster coloured(RasterView values, Palette const& palette);

} // namespace ardoise
