// SPDX-License-Identifier: Apache-2.0
// Pixels of a layer's level: stored tiles decoded and put side by side.
#pragma once

#include "cache/caches.hpp"
#include "server/render/sight.hpp"

#include <array>
#include <optional>
#include <vector>

namespace ardoise {

/// The pixels under `window`. Validity is 0 where no tile lies, and what the mask says elsewhere; it has no
/// pixels of its own where all is data. Throws Failure when a slab is damaged.
MaskedRaster mosaic(Layer const& layer, Level const& level, LevelWindow window, Caches& caches);

/// The part of a window that lies in one place for a tile, in pixels of the window.
struct TilePart {
    PixelBox box;
    bool is_stored = false;
};

/// All of `window`, tile by tile, whether a tile is stored there or not.
std::vector<TilePart> parts_under(Layer const& layer, Level const& level, LevelWindow window, Caches& caches);

/// A level's pixels as JPEG has them: brightness under a window, differences of colour at half the size under
/// the smallest one around it that begins and ends on even numbers.
struct PlanesSeen {
    Raster luma;
    std::array<Raster, 2> chroma;
    LevelWindow around;
};

/// The planes under `window`, where all of it is data in JPEG tiles that have such planes; else nothing.
std::optional<PlanesSeen> mosaic_of_planes(Layer const& layer, Level const& level, LevelWindow window,
                                           Caches& caches);

} // namespace ardoise
