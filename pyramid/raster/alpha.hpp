// SPDX-License-Identifier: Apache-2.0
// Alpha as validity, for those who look at colours alone.
#pragma once

#include "pyramid/raster/raster.hpp"

namespace ardoise {

/// Makes validity what the last channel says, alpha of 8 bits, where that is less.
void weigh_by_alpha(MaskedRaster& picture);

} // namespace ardoise
