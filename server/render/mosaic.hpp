// SPDX-License-Identifier: Apache-2.0
// Pixels of a layer's level: stored tiles decoded and put side by side.
#pragma once

#include "cache/slab_cache.hpp"
#include "server/catalog/layer.hpp"

namespace ardoise {

/// A rectangle in pixels of a level: (0, 0) is the outer corner of the matrix's first tile.
struct LevelWindow {
    std::int64_t x = 0, y = 0;
    std::int32_t width = 0, height = 0;
};

/// The pixels under `window`. Validity is 0 where no tile lies, and what the mask says elsewhere. Throws
/// Failure when a slab is damaged.
MaskedRaster mosaic(Layer const& layer, Level const& level, LevelWindow window, SlabCache& slabs);

} // namespace ardoise
