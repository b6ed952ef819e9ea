// SPDX-License-Identifier: Apache-2.0
// Resampling on parallel grids. Validity weighs every pixel: what is not data never bleeds into what is.
// Functions are pure and safe to call from any thread. Sample types uint8, uint16 and float32, 1 to 4
// channels.
#pragma once

#include "pyramid/raster/raster.hpp"

#include <optional>
#include <string_view>

namespace ardoise {

/// `mode` is near where pixels of one grid become those of another, and differs from it where sides are
/// halved: that is for classes.
enum class Resampling { near, bilinear, cubic, lanczos, mode };

/// What resample() and warp() do for it.
constexpr Resampling kernel_of(Resampling resampling)
{
    return resampling == Resampling::mode ? Resampling::near : resampling;
}

/// By GDAL's names (near, bilinear, cubic, lanczos, mode) and ROK4's (nn, linear, bicubic, lanczos_2, _3,
/// _4).
std::optional<Resampling> parse_resampling(std::string_view name);
/// The name in ROK4's descriptors: nn (of mode, too, which ROK4 does not know), linear, bicubic, lanczos.
std::string_view rok4_name(Resampling resampling);

/// Halves both sides: each pixel of `to` starting at (x, y) is the mean of a 2x2 block of `from`, weighted by
/// validity, rounded to nearest (halves to the even side: no level is brighter than the one before); its
/// validity is the mean of the four (at least 1 where any is above 0). `from` has even sides; the half-size
/// result lies within `to`.
void reduce_2x2(MaskedView from, MaskedRaster& to, std::int32_t x, std::int32_t y);

/// Halves both sides without mixing: each pixel is the first of its 2x2 block, in reading order, that is
/// data, with that one's validity. For values that have no mean.
void pick_2x2(MaskedView from, MaskedRaster& to, std::int32_t x, std::int32_t y);

/// Halves both sides by majority: each pixel is the most frequent of its 2x2 block, of those that are data,
/// and of two that are as frequent the first in reading order, with that one's validity. For classes.
void mode_2x2(MaskedView from, MaskedRaster& to, std::int32_t x, std::int32_t y);

/// Halves both sides as sides are halved in a pyramid that is resampled so.
using Halving = void (*)(MaskedView, MaskedRaster&, std::int32_t, std::int32_t);
Halving halving_of(Resampling resampling);

/// A rectangle in pixel coordinates of a raster: (0, 0) is the outer corner of the first pixel, whose centre
/// is at (0.5, 0.5).
struct SourceWindow {
    double x = 0, y = 0, width = 0, height = 0;
};

/// `window` of `from`, stretched to width x height pixels. Kernels are widened when the window is shrunk, so
/// nothing is skipped; separable, weights normalised over what is valid. Beyond the edges of `from` nothing
/// is valid. near copies the pixel under each centre. A window that is whole pixels at 1:1 copies exactly.
/// Where `from` has no validity, as all of it is data, and no kernel reaches beyond its edges, the result has
/// none either (save that of near).
///
/// What is not valid comes out as 0. Where less than half of the weight of cubic or lanczos is data, bilinear
/// gives the value: negative lobes would exaggerate there.
MaskedRaster resample(MaskedView from, SourceWindow window, std::int32_t width, std::int32_t height,
                      Resampling resampling);

/// Whether `window` is, pixel for pixel, all of a raster of that shape.
bool is_all_of(SourceWindow window, RasterShape shape, std::int32_t width, std::int32_t height);

/// How many pixels around a window resample() and warp() want to see at a scale of `source pixels per pixel`.
std::int32_t kernel_margin(Resampling resampling, double source_pixels_per_pixel);

} // namespace ardoise
