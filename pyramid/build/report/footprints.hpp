// SPDX-License-Identifier: Apache-2.0
// The ground that was delivered.
#pragma once

#include "pyramid/build/builder.hpp"

namespace ardoise {

/// The boxes around the sources, in the CRS of the set; of those that have a place there.
std::vector<BoundingBox> footprints_of(PreparedBuild const& prepared);

/// The area of the ground that the sources lie on, in square units of the set's CRS; ground under several of
/// them counts once. Where all have one CRS it is measured there, as it is there that they are upright: else
/// each counts with the box around it, of one that lies turned in the set's CRS with the corners beside it,
/// too.
double delivered_area(PreparedBuild const& prepared);

/// The area that some of `boxes` cover, however many of them do. Takes n log n.
double covered_area(std::vector<BoundingBox> const& boxes);

} // namespace ardoise
