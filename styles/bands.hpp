// SPDX-License-Identifier: Apache-2.0
// Bands: which channels are shown, and what two of them make together.
#pragma once

#include "pyramid/raster/raster.hpp"

#include <cstdint>
#include <vector>

namespace ardoise {

/// Channels of the data in the order in which they are shown, from 1: one as grey, three as red, green, blue.
struct BandOrder {
    std::vector<std::int32_t> bands;
};

/// (a - b) / (a + b) of two channels: NDVI of near infrared and red (Rouse 1974), NDWI of green and near
/// infrared (McFeeters 1996). From -1 to 1; where both are 0 it is 0.
struct NormalisedDifference {
    std::int32_t a = 1, b = 2; // numbers of channels, from 1
};

/// One grey of a picture in colours: the luma of ITU-R BT.601, 0.299 R + 0.587 G + 0.114 B. Of one or two
/// channels the first.
struct Grey {};

Raster picked(BandOrder const& order, RasterView values);
/// One channel of float.
Raster normalised_difference(NormalisedDifference const& bands, RasterView values);

/// One channel of the same type.
Raster grey(Grey const&, RasterView values);

} // namespace ardoise
