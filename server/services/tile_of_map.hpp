// SPDX-License-Identifier: Apache-2.0
// Maps that are tiles: a client of WMS that asks tile by tile shares what other protocols cache.
#pragma once

#include "server/services/tiles.hpp"

namespace ardoise {

/// The tile with the map's very picture: of one of the sets that its only layer is offered in, on the same
/// ground (to a thousandth of a pixel), as large or with twice the dots, with the same format and look. Of
/// several sets that have that tile it is the first one's. Nothing where there is no such tile, and of maps
/// that are values or GeoTIFF.
std::optional<TileRequest> find_tile(MapRequest const& map);

} // namespace ardoise
