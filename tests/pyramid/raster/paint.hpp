// SPDX-License-Identifier: Apache-2.0
// Rasters to test with, and ways to compare them.
#pragma once

#include "pyramid/raster/raster.hpp"
#include "pyramid/raster/resample.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <string>

namespace ardoise::test {

/// Every combination of sample type and channels.
std::array<RasterShape, 12> all_shapes(std::int32_t width, std::int32_t height);
std::string name_of(RasterShape const& shape);
std::string name_of(Resampling resampling);

/// Calls `value` for each sample.
Raster paint(RasterShape shape,
             std::function<double(std::int32_t x, std::int32_t y, std::int32_t channel)> const& value);
Raster plain(RasterShape shape, double value);
/// Each sample independent of the others, over the whole range (float32: -1000 to 1000).
Raster noise(RasterShape shape, unsigned seed = 1);
/// In so many colours, 257 at the most and 256 of one channel: each pixel has one of them, whatever its
/// neighbours have, and each colour is there. About half of them are opaque.
Raster in_colours(std::size_t count, RasterShape shape);
/// As smooth as a photograph of hills: what JPEG is made for.
Raster hills(RasterShape shape);

/// `pixels` and a validity that is 0, 255 or anything between; what is invalid is painted NaN or its type's
/// highest.
MaskedRaster with_holes(Raster pixels, unsigned seed = 7);
MaskedRaster all_valid(Raster pixels);

bool same_pixels(RasterView a, RasterView b);
double sample(RasterView view, std::int32_t x, std::int32_t y, std::int32_t channel);
double mean(RasterView view);
/// In decibels, for 8 bits.
double psnr(RasterView a, RasterView b);

} // namespace ardoise::test
