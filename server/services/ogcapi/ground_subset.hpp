// SPDX-License-Identifier: Apache-2.0
// The ground that a request for a map names: bbox, subset or center.
#pragma once

#include "server/services/ogcapi/parameters.hpp"

#include <functional>

namespace ardoise::ogcapi {

/// A place in x,y.
struct Place {
    double x = 0, y = 0;
};

/// What is named, if anything, in the system of the map.
struct GroundSubset {
    std::optional<BoundingBox> box;
    std::optional<Place> center;
};

/// The box in another system; nothing of it there is a mistake of `parameter`.
Result<BoundingBox> box_in(Crs const& to, BoundingBox const& box, Crs const& from,
                           Parameter const& parameter);

/// `extent_in(crs)` is all that there is, where subset says "*" or leaves an axis out. Two ways to name the
/// ground at a time are a mistake.
Result<GroundSubset> ground_subset(Query const& query, Catalog const& catalog, Crs const& crs,
                                   std::function<BoundingBox(Crs const&)> const& extent_in);

} // namespace ardoise::ogcapi
