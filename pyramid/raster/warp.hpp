// SPDX-License-Identifier: Apache-2.0
// Warping: pixels of one grid carried to another that is turned or bent against it.
#pragma once

#include "pyramid/raster/raster.hpp"
#include "pyramid/raster/resample.hpp"

#include <functional>
#include <span>

namespace ardoise {

/// Turns pixel coordinates of the destination into pixel coordinates of the source, in place, point by point
/// ((0.5, 0.5) is the centre of the first pixel in both). A point that has no counterpart becomes NaN.
using PixelMapping = std::function<void(std::span<double> x, std::span<double> y)>;

/// How exactly the mapping is followed: in source pixels. GDAL's default for gdalwarp is the same.
inline constexpr double default_warp_tolerance = 0.125;

/// `from` seen through `mapping`, width x height pixels. The mapping is computed on a coarse grid of points
/// and interpolated between them where that stays within `tolerance`; a cell of the grid where it does not is
/// split. Where a destination pixel covers several source pixels the kernels are widened by the local scale.
/// Validity weighs every pixel, as in resample(), and is left out where that one leaves it out. Safe to call
/// from any thread if `mapping` is.
MaskedRaster warp(MaskedView from, PixelMapping const& mapping, std::int32_t width, std::int32_t height,
                  Resampling resampling, double tolerance = default_warp_tolerance);

} // namespace ardoise
