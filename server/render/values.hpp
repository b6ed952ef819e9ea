// SPDX-License-Identifier: Apache-2.0
// What a layer's data says, before any style: in a frame, and at one place.
#pragma once

#include "cache/caches.hpp"
#include "server/render/sight.hpp"

#include <optional>
#include <vector>

namespace ardoise {

/// The layer's values in a frame, by its own channels. Validity has no pixels of its own where all is data;
/// it weighs what is resampled, so that nodata never bleeds. Takes time: for render threads. Throws Failure
/// when a slab is damaged.
MaskedRaster values_in(Layer const& layer, MapFrame const& frame, Caches& caches,
                       Resampling resampling = map_resampling);

/// A pixel of a picture: column and row, from the upper left corner.
struct PixelIndex {
    std::int32_t i = 0, j = 0;
};

/// The point in the middle of a pixel of the frame: x, y in the frame's CRS.
struct Point {
    double x = 0, y = 0;
};
Point middle_of(PixelIndex pixel, MapFrame const& frame);

/// The values, one a channel, in the units of the data, of the stored pixel under the middle of the frame's
/// pixel: of the level that a map of this frame is drawn from, or of the coarser one that fills it there, so
/// they are what it shows. Nothing where there is no data. JPEG gives what its pixel decodes to. Takes time:
/// for render threads. Throws Failure when a slab is damaged.
std::optional<std::vector<double>> values_at(Layer const& layer, MapFrame const& frame, PixelIndex pixel,
                                             Caches& caches);

} // namespace ardoise
