// SPDX-License-Identifier: Apache-2.0
// Pixels of a layer's level: stored tiles decoded and put side by side.
#pragma once

#include "cache/caches.hpp"
#include "server/render/sight.hpp"

#include <optional>

namespace ardoise {

/// The pixels under `window`. Validity is 0 where no tile lies, and what the mask says elsewhere; it has no
/// pixels of its own where all is data. Throws Failure when a slab is damaged.
MaskedRaster mosaic(Layer const& layer, Level const& level, LevelWindow window, Caches& caches);

/// The same as planes, where all of it is data in JPEG tiles that have such planes; else nothing. `window`
/// has its corner and its sides on even numbers.
std::optional<jpeg::Planes> mosaic_of_planes(Layer const& layer, Level const& level, LevelWindow window,
                                             Caches& caches);

} // namespace ardoise
