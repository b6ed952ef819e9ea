// SPDX-License-Identifier: Apache-2.0
// The inner loops of relief: a row at a time, each compiled twice as those of pyramid/raster/wide_loops.hpp
// are, to the same result, bit by bit. Spans of one call are of one length.
#pragma once

#include "pyramid/raster/wide_loops.hpp"

#include <cstdint>
#include <span>

namespace ardoise {

/// How the slope is taken from eight neighbours (Horn 1981), or from four (Zevenbergen and Thorne 1987).
enum class GradientMethod { horn, zevenbergen_thorne };

/// Whether all of a row are heights: not `nodata`, and neither NaN nor beyond all heights.
bool are_known(Processor processor, std::span<float const> heights, float nodata);

/// Heights, and NaN for what is none: where `validity` (null: nowhere) is 0, and as above.
void take_known(Processor processor, float const* heights, std::uint8_t const* validity, float nodata,
                std::span<float> known);

/// A row of heights and those above and below it, from the same column on. NaN is no data.
struct HeightRows {
    float const *above, *here, *below;
    std::int32_t apart; // pixels from one to its neighbours in the row: so many are read on either side
};

/// How far the ground rises to the east and to the south, for a row of pixels: metres per metre.
struct GradientRow {
    std::span<float> east, south;
};

/// `width` and `height`: metres from a pixel to its neighbours. A neighbour that is NaN counts as the middle;
/// where this is NaN, so is the gradient.
void take_gradients(Processor processor, GradientMethod method, HeightRows const& rows, double width,
                    double height, GradientRow const& gradients);

/// A vector of length 1 towards the sun.
struct SunVector {
    float east, south, up;
};

/// From 1 in the shade to 255 where ground faces the sun. NaN is 1.
void light(Processor processor, SunVector const& sun, GradientRow const& gradients,
           std::span<std::uint8_t> greys);

/// Lit from the south-west, west, north-west and north at once, each weighed by how ground faces it (Mark
/// 1992, as `gdaldem hillshade -multidirectional` has it). The sun stands `up` above the horizon, as a sine.
void light_from_four_sides(Processor processor, float up, GradientRow const& gradients,
                           std::span<std::uint8_t> greys);

/// Steepness in per cent or in degrees, `highest` at the most.
enum class SlopeUnit { degrees, percent };
void take_slope(Processor processor, SlopeUnit unit, float highest, GradientRow const& gradients,
                std::span<float> slopes);

/// Where ground faces: degrees clockwise from north, 360 and not 0; `flat` where it rises no more than
/// `least` metres per metre.
void take_aspect(Processor processor, float least, float flat, GradientRow const& gradients,
                 std::span<float> aspects);

/// Lines of equal height.
struct LineSet {
    float base, interval; // metres
    float width;          // pixels
};

/// Covers each pixel as far as a line does, from 0 to 255, where it is not covered more. Gradients are in
/// metres per pixel. A line is drawn where heights around the pixel lie on both sides of it. Lines fade where
/// they crowd, so that steep ground keeps its tone.
void cover_lines(Processor processor, LineSet const& lines, HeightRows const& rows,
                 GradientRow const& gradients, std::span<std::uint8_t> cover);

} // namespace ardoise
