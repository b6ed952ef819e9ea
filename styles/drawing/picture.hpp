// SPDX-License-Identifier: Apache-2.0
// A pyramid's values as a style shows them.
#pragma once

#include "styles/drawing/mosaic.hpp"
#include "styles/style.hpp"

namespace ardoise {

/// apply() to values of that pyramid: where its last band stands in the place of alpha and is none, what is
/// shown as it is stored goes without it; where it is alpha, it hides what a style makes of the others.
MaskedRaster picture_of(Pyramid const& pyramid, Style const& style, MaskedRaster values,
                        Ground const& ground);

/// The picture of one tile of a level, whether it is stored or not: what a map of just that ground in as many
/// pixels shows. Throws Failure when a slab is damaged.
MaskedRaster picture_of_tile(CachedPyramid const& cached, Style const& style, Level const& level,
                             TileIndex tile, Caches& caches);

/// As it is seen by itself: its own pixels where it is opaque, of 1 or 3 channels; else red, green, blue and
/// alpha, and nothing but zeros where nothing is seen.
Raster seen_alone(MaskedRaster picture);

} // namespace ardoise
