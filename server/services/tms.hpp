// SPDX-License-Identifier: Apache-2.0
// Tile Map Service 1.0.0 (OSGeo): rows count from the bottom, and a tile map is a layer in one of its sets.
#pragma once

#include "cache/caches.hpp"
#include "server/services/site.hpp"

#include <string_view>

namespace ardoise {

/// `path` is what follows "/tms/": nothing, "1.0.0", "1.0.0/{layer}@{set}", and behind that "/gdal.xml" or
/// "/{z}/{x}/{y}.{ext}". z is the number of the matrix in the set; y counts from the lower edge of the
/// coarsest one. Inside the matrix but outside of the layer: an empty tile, never an error.
Reply tms(Request const& request, std::string_view path, Site const& site, Caches& caches);

/// Of the file by which GDAL opens a layer in one of its sets; empty where TMS has no tiles of it.
std::string gdal_file_address(Catalog const& catalog, Layer const& layer, TileMatrixSetLink const& link);

} // namespace ardoise
