// SPDX-License-Identifier: Apache-2.0
// Which ground a map shows in how many pixels (OGC 20-058, scaling and spatial subsetting).
#pragma once

#include "server/render/map.hpp"
#include "server/services/ogcapi/parameters.hpp"

namespace ardoise::ogcapi {

/// The frame of a map of `layers` (one at least) in the system `crs`: the ground of bbox or subset, or that
/// around center, or all of the layers'; and its size by width, height or scale-denominator, or else the
/// usual one. A mistake names its parameter.
Result<MapFrame> map_frame(Query const& query, Catalog const& catalog, std::vector<StyledLayer> const& layers,
                           Crs const& crs);

} // namespace ardoise::ogcapi
