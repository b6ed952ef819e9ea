// SPDX-License-Identifier: Apache-2.0
// XYZ addresses, as Leaflet, MapLibre and OpenLayers fill them in, and TileJSON 3.0.
#pragma once

#include "cache/caches.hpp"
#include "server/services/site.hpp"

#include <string_view>

namespace ardoise {

/// `path` is what follows "/xyz/": "{layer}/{z}/{x}/{y}[@2x].{ext}" or "{layer}/tilejson.json". z is the
/// number of the matrix in the layer's Web Mercator set. Inside the matrix but outside of the layer: an empty
/// tile, never an error.
Reply xyz(Request const& request, std::string_view path, Site const& site, Caches& caches);

} // namespace ardoise
