// SPDX-License-Identifier: Apache-2.0
// The colours of an index of two bands, found ahead.
#pragma once

#include "styles/bands.hpp"
#include "styles/palette.hpp"

namespace ardoise {

/// The colour of each pair of shades that two bands of 8 bits can have: a quarter of a megabyte, and one
/// look-up a pixel instead of a division and a search. Immutable.
class PairColours {
public:
    PairColours(NormalisedDifference const& bands, Palette const& palette);

    /// What coloured() makes of normalised_difference(). `values`: 8 bits, with those bands.
    Raster picture_of(RasterView values) const;

private:
    NormalisedDifference bands_;
    Raster colours_; // band a from top to bottom, b from left to right
};

} // namespace ardoise
