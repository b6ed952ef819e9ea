// SPDX-License-Identifier: Apache-2.0
// A picture of many colours in few.
#pragma once

#include "pyramid/raster/raster.hpp"

namespace ardoise {

/// The picture in 256 colours at the most: each pixel has the nearest of those that lie least far from all of
/// them. 3 or 4 channels, uint8, as many come out. What is opaque stays opaque, and what cannot be seen at
/// all becomes 0, 0, 0, 0. Nothing is dithered: grain takes bytes, and photographs have enough of their own.
/// The same pixels give the same picture on any machine.
Raster quantise(RasterView picture);

} // namespace ardoise
