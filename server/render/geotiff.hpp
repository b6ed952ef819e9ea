// SPDX-License-Identifier: Apache-2.0
// Maps that know where they lie.
#pragma once

#include "server/render/sight.hpp"

#include <optional>

namespace ardoise {

/// A GeoTIFF of the frame's ground, with the EPSG code of its CRS where that has one. `nodata`: the value
/// that is none, in every channel.
Bytes encode_geotiff(RasterView pixels, MapFrame const& frame, std::optional<double> nodata = std::nullopt);

} // namespace ardoise
