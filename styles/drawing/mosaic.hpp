// SPDX-License-Identifier: Apache-2.0
// Pixels of a pyramid's level: stored tiles decoded and put side by side.
#pragma once

#include "cache/caches.hpp"
#include "pyramid/raster/kernel.hpp"

#include <array>
#include <optional>
#include <vector>

namespace ardoise {

/// Maps are drawn by this kernel.
inline constexpr Resampling map_resampling = Resampling::bilinear;

/// And values of that pyramid, unless a style says that they are classes.
inline Resampling resampling_of(Pyramid const& pyramid)
{
    return pyramid.classes.empty() && pyramid.may_be_blended ? map_resampling : Resampling::near;
}

/// A pyramid, and the number by which caches know what is its own. Lives no longer than the pyramid.
struct CachedPyramid {
    Pyramid const& pyramid;
    std::uint64_t serial = 0;
};

/// A rectangle in pixels of a level: (0, 0) is the outer corner of the matrix's first tile.
struct LevelWindow {
    std::int64_t x = 0, y = 0;
    std::int32_t width = 0, height = 0;
};

/// The pixels under `window`. Validity is 0 where no tile lies, and what the mask says elsewhere; it has no
/// pixels of its own where all is data. Throws Failure when a slab is damaged.
MaskedRaster mosaic(CachedPyramid const& cached, Level const& level, LevelWindow window, Caches& caches);

/// The part of a window that lies in one place for a tile, in pixels of the window.
struct TilePart {
    PixelBox box;
    bool is_stored = false;
};

/// All of `window`, tile by tile, whether a tile is stored there or not.
std::vector<TilePart> parts_under(CachedPyramid const& cached, Level const& level, LevelWindow window,
                                  Caches& caches);

/// A level's pixels as JPEG has them: brightness under a window, differences of colour at half the size under
/// the smallest one around it that begins and ends on even numbers.
struct PlanesSeen {
    Raster luma;
    std::array<Raster, 2> chroma;
    LevelWindow around;
};

/// The planes under `window`, where all of it is data in JPEG tiles that have such planes; else nothing.
std::optional<PlanesSeen> mosaic_of_planes(CachedPyramid const& cached, Level const& level,
                                           LevelWindow window, Caches& caches);

} // namespace ardoise
