// SPDX-License-Identifier: Apache-2.0
// Relief: what a terrain model says of each pixel by those around it. Formulas are those of `gdaldem`, fields
// and defaults those of ROK4's style files.
#pragma once

#include "pyramid/raster/raster.hpp"

#include <vector>

namespace ardoise {

/// Metres on the ground from a pixel to the next one of its row and of its column.
struct PixelSize {
    double width = 1, height = 1;
};

/// What lies around a picture, and how large its pixels are.
struct Ground {
    /// Pixels beyond the picture on each side of it that the values have. The neighbours of a pixel are that
    /// far away, at the least 1, for styles that look at them: as far as pixels of the data lie apart where
    /// the picture is finer, so that it has no facets.
    std::int32_t margin = 0;
    std::vector<PixelSize> rows; // one a row of the picture: for styles that look at neighbours
};

/// How the slope is taken from eight neighbours (Horn 1981), or from four (Zevenbergen and Thorne 1987).
enum class GradientMethod { horn, zevenbergen_thorne };

/// ROK4's "pente": how steep the ground is.
struct Slope {
    GradientMethod method = GradientMethod::horn;
    bool in_percent = false; // else in degrees
    double highest = 90;     // steeper ground counts as this
    double nodata = -99999;  // of heights, beside what the pyramid says
};

/// ROK4's "exposition": where the ground faces, clockwise from north: 90 is east, 360 is north. Ground less
/// steep than `min_slope` degrees has the value `flat`.
struct Aspect {
    GradientMethod method = GradientMethod::horn;
    double min_slope = 1;
    double flat = -1;
    double nodata = -99999;
};

/// ROK4's "estompage": ground lit by a sun, from 1 (in the shade) to 255 (facing it).
struct Hillshade {
    GradientMethod method = GradientMethod::horn;
    double altitude = 45; // of the sun, degrees above the horizon; ROK4 calls this the zenith
    double azimuth = 315; // where it stands, degrees clockwise from north
    double z_factor = 1;  // heights are multiplied by it
    double nodata = -99999;
};

/// One channel of float, smaller than `heights` by the margin on each side. Pixels are data where the middle
/// is; neighbours that are none count as the middle, so that nothing is lost at edges (as
/// `gdaldem -compute_edges`).
MaskedRaster slope(Slope const& slope, MaskedView heights, Ground const& ground);
MaskedRaster aspect(Aspect const& aspect, MaskedView heights, Ground const& ground);
MaskedRaster hillshade(Hillshade const& hillshade, MaskedView heights, Ground const& ground);

} // namespace ardoise
