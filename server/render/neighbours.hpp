// SPDX-License-Identifier: Apache-2.0
// What styles that look at neighbours need of a map: pixels around it, and their size on the ground.
#pragma once

#include "server/render/map.hpp"

namespace ardoise {

/// How many pixels of the map lie between neighbours: those of the data where these are larger, so that
/// relief has no facets; none for a style that looks at each pixel by itself.
std::int32_t margin_of(StyledLayer const& layer, MapFrame const& frame);

/// The frame with so many pixels more on each side.
MapFrame grown(MapFrame const& frame, std::int32_t margin);

/// What is under it.
Ground ground_of(MapFrame const& frame, std::int32_t margin);

} // namespace ardoise
