// SPDX-License-Identifier: Apache-2.0
// A whole pyramid in one small picture.
#pragma once

#include "pyramid/build/standing_pyramid.hpp"

namespace ardoise {

/// RGBA, uint8: alpha is the share of data. Grey where there are one or two channels; of four the first
/// three. Samples of more than 8 bits are stretched between the lowest and the highest.
struct Preview {
    Raster pixels;
    BoundingBox ground; // in the set's CRS
};

/// The ground of the base level's limits, from the stored tiles of the finest level on which its longer side
/// is at most 1024 pixels; where even the coarsest is finer, its tiles are halved. Nothing where that one
/// has more than 4096 tiles: a pyramid without a top has no picture.
std::optional<Preview> compose_preview(StandingPyramid const& stored);

} // namespace ardoise
