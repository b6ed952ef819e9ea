// SPDX-License-Identifier: Apache-2.0
// Pixels that stand for all of a pyramid, for what a style has to know of its values.
#pragma once

#include "pyramid/store/pyramid.hpp"

namespace ardoise {

/// Tiles below one another: of a coarse level, so that they are few, and spread evenly where even that has
/// many. Always the same ones, so that what follows from them is stable. Reads some megabytes at the most.
/// Without pixels where there are no tiles. Throws Failure when one cannot be read.
MaskedRaster sample_of(Pyramid const& pyramid);

} // namespace ardoise
