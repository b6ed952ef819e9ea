// SPDX-License-Identifier: Apache-2.0
// The formats that maps and tiles are asked for in, by f or the Accept header.
#pragma once

#include "server/services/ogcapi/documents.hpp"
#include "server/services/tiles.hpp"

namespace ardoise::ogcapi {

/// Of vector tiles, as OGC 20-057 (10.4) has it.
inline constexpr std::string_view vector_tile_type = "application/vnd.mapbox-vector-tile";

/// Of a map: the published format of its lowest layer where the client takes it, and one that can be exact
/// where colours are values.
Result<PictureFormat> wanted_map_format(Request const& request, std::vector<StyledLayer> const& layers);
/// Likewise of a tile, which may be as it is stored.
Result<TilePicture> wanted_tile_picture(Request const& request, Layer const& layer, Style const& style);

} // namespace ardoise::ogcapi
