// SPDX-License-Identifier: Apache-2.0
// Validity told by values.
#pragma once

#include "pyramid/raster/raster.hpp"

#include <vector>

namespace ardoise {

/// Pixels and their validity in one raster: where nothing is data each channel has its value of `nodata`, one
/// a channel.
Raster with_nodata(MaskedRaster values, std::vector<double> const& nodata);

} // namespace ardoise
