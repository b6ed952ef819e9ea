// SPDX-License-Identifier: Apache-2.0
// How long a unit of a coordinate reference system is on the ground.
#pragma once

#include "pyramid/grid/crs.hpp"

namespace ardoise {

/// Metres on the ground for one unit to the east and to the north.
struct GroundScale {
    double east = 1, north = 1;
};

/// At the northing `y` of a system, on the ellipsoid of WGS 84: degrees grow shorter to the east with the
/// latitude (Snyder 1987, formulas 4-18, 4-19), and metres of Mercator's projections (EPSG:3857, which is
/// spherical, and EPSG:3395) in both directions. Other projections are taken for true to scale in their unit,
/// metres or feet, as those for surveyors are to a part in a thousand; those of a whole hemisphere are not.
GroundScale ground_scale(Crs const& crs, double y);

} // namespace ardoise
