// SPDX-License-Identifier: Apache-2.0
// Heights in the colours of a picture, for clients that make ground of them.
#pragma once

#include "pyramid/raster/raster.hpp"

namespace ardoise {

/// ROK4's "terrainrgb", which is Mapbox's Terrain-RGB with these defaults:
/// height = min_elevation + step * (65536 red + 256 green + blue). Terrarium (Mapzen) is the same with
/// -32768 and 1/256.
struct TerrainRgb {
    double min_elevation = -10000, step = 0.1; // metres
    double nodata = -99999;                    // of heights, beside what the pyramid says
};

/// 8 bits, 3 channels, of heights of one channel. The nearest step, where ROK4 takes the one below. Where
/// there is no data the ground is at 0 m: clients (MapLibre) read colours whatever alpha says, and black
/// would be a hole of 10 km.
Raster terrain_rgb(TerrainRgb const& terrain, MaskedView heights);

} // namespace ardoise
