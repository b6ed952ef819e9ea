// SPDX-License-Identifier: Apache-2.0
// Colours lit by relief.
#pragma once

#include "styles/relief.hpp"

namespace ardoise {

/// Light that colours are multiplied by. Level ground keeps its colour; slopes grow darker and lighter, the
/// more the nearer `strength` is to 1.
struct Shade {
    Hillshade hillshade;
    double strength = 1; // 0 to 1
};

/// The picture (8 bits, 1 to 4 channels, of which the second or the fourth is alpha) under `light`, a
/// hillshade of the same size. Where this is no data, colours stay.
void shade(Shade const& shade, MaskedView light, Raster& picture);

} // namespace ardoise
