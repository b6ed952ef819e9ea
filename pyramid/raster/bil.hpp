// SPDX-License-Identifier: Apache-2.0
// Bare values, as Esri's BIL has them: no header, little-endian, row by row from the top, and of each row all
// values of the first channel, then those of the next.
#pragma once

#include "pyramid/raster/raster.hpp"

namespace ardoise::bil {

Bytes encode(RasterView values);

} // namespace ardoise::bil
