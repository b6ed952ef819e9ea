// SPDX-License-Identifier: Apache-2.0
// Pixels of the ground from the sources.
#pragma once

#include "pyramid/raster/resample.hpp"
#include "pyramid/sources/mosaics.hpp"

#include <span>

namespace ardoise {

/// Where a canvas lies: top-left corner and size of a pixel in CRS units.
struct GroundPlace {
    double left = 0, top = 0, cell_size = 1;
};

/// Fills `canvas`, whatever it held, with the ground that it lies on: a straight copy where a mosaic's grid
/// is the canvas's, one warp where it is not. Later mosaics lie over earlier ones. Returns what of it is
/// data.
Validity bake(Mosaics const& mosaics, SourceReader& reader, GroundPlace const& place, Crs const& crs,
              std::span<int const> bands, Resampling resampling, MaskedRaster& canvas);

} // namespace ardoise
