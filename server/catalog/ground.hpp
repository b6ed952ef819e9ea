// SPDX-License-Identifier: Apache-2.0
// Where on Earth a pyramid lies, in degrees (longitude, latitude).
#pragma once

#include "pyramid/store/pyramid.hpp"

namespace ardoise {

/// CRS:84, which all of this is in.
Crs const& geographic_crs();

/// The ground covered. Throws Failure when it cannot be placed on Earth.
BoundingBox geographic_extent(Pyramid const& pyramid);

/// The pyramid with those tiles only that reach into `degrees`, which is how ROK4 understands a layer's bbox.
/// Levels that have none are left out. Throws Failure when all are.
Pyramid cut_to(Pyramid pyramid, BoundingBox const& degrees);

/// Whether `crs` is meant for some of the ground: a Lambert zone of France is no use in California.
bool is_meant_for(Crs const& crs, BoundingBox const& degrees);

/// Whether its corners have places in `crs`, from which there is a way back: there is none from a system of
/// three axes, nor from beyond what a projection can show.
bool has_room_for(Crs const& crs, BoundingBox const& degrees);

} // namespace ardoise
