// SPDX-License-Identifier: Apache-2.0
// Where a map looks at a layer: level, window, and the way from the map's pixels to the window's.
#pragma once

#include "pyramid/raster/warp.hpp"
#include "server/catalog/layer.hpp"
#include "styles/drawing/mosaic.hpp"

namespace ardoise {

/// The layer's pyramid, as caches know it.
inline CachedPyramid cached(Layer const& layer)
{
    return {layer.pyramid, layer.serial};
}

/// A box of ground in so many pixels.
struct MapFrame {
    Crs crs;
    BoundingBox box;
    std::int32_t width = 0, height = 0;
};

/// What a frame sees of one layer. Lives no longer than that.
class Sight {
public:
    Sight(Layer const& layer, MapFrame frame);

    /// The coarsest level that is fine enough, or a coarser one where a distorted box would take too many
    /// pixels.
    Level const& level() const { return *level_; }
    /// How many pixels of the map a pixel of that level is wide.
    double enlargement() const;
    /// The pixels of the level that the map is drawn from, those around it included that a kernel reaches,
    /// times `margins`. No width where the frame does not see the layer.
    LevelWindow window(int margins = 1) const;
    /// Whether all of that window lies within the level's own limits.
    bool is_inside(int margins = 1) const;
    /// Whether that is affordable at all.
    bool is_affordable() const;

    /// Whether the map's grid is parallel to the level's.
    bool is_parallel() const { return is_parallel_; }
    /// On parallel grids: the frame in pixels of `window`.
    SourceWindow frame_in(LevelWindow window) const;
    /// On others: pixel coordinates of the map to those of `window`. With `step` 2, both are counted in 2x2
    /// pixels.
    PixelMapping mapping_to(LevelWindow window, int step = 1) const;

private:
    bool is_copy_of(Level const& level) const;
    BoundingBox reach(Level const& level, int margins) const;
    LevelWindow window_on(Level const& level, int margins) const;
    std::int64_t pixels_on(Level const& level) const;
    Level const* find_level() const;

    Layer const& layer_;
    MapFrame frame_;
    bool is_parallel_;
    BoundingBox ground_;                // in the layer's CRS
    double pixel_width_, pixel_height_; // of the map, in the units of the layer's CRS
    Level const* level_;
};

} // namespace ardoise
