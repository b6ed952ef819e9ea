// SPDX-License-Identifier: Apache-2.0
// Relief: what a terrain model says of each pixel by those around it. Formulas are those of `gdaldem`, fields
// and defaults those of ROK4's style files.
#pragma once

#include "styles/ground.hpp"
#include "styles/relief_loops.hpp"

namespace ardoise {

/// ROK4's "pente": how steep the ground is.
struct Slope {
    GradientMethod method = GradientMethod::horn;
    bool in_percent = false; // else in degrees
    double highest = 90;     // steeper ground counts as this
    double nodata = -99999;  // of heights, beside what the pyramid says
};

/// ROK4's "exposition": where the ground faces, clockwise from north: 90 is east, 360 is north. Ground no
/// steeper than `min_slope` degrees has the value `flat`.
struct Aspect {
    GradientMethod method = GradientMethod::horn;
    double min_slope = 1;
    double flat = -1;
    double nodata = -99999;
};

/// ROK4's "estompage": ground lit by a sun, from 1 (in the shade) to 255 (facing it).
struct Hillshade {
    GradientMethod method = GradientMethod::horn;
    bool multidirectional = false; // from four sides at once, wherever the sun stands
    double altitude = 45;          // of the sun, degrees above the horizon; ROK4 calls this the zenith
    double azimuth = 315;          // where it stands, degrees clockwise from north
    double z_factor = 1;           // heights are multiplied by it
    double nodata = -99999;
};

/// One channel, smaller than `heights` by the margin on each side: of float, and of 8 bits for light. Pixels
/// are data where the middle is, as far as that is; validity has no pixels where all is data.
MaskedRaster slope(Slope const& slope, MaskedView heights, Ground const& ground);
MaskedRaster aspect(Aspect const& aspect, MaskedView heights, Ground const& ground);
MaskedRaster hillshade(Hillshade const& hillshade, MaskedView heights, Ground const& ground);

/// The grey of level ground.
std::uint8_t level_grey(Hillshade const& hillshade);

} // namespace ardoise
