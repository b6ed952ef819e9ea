// SPDX-License-Identifier: Apache-2.0
// The ground under a picture.
#pragma once

#include "pyramid/grid/bounding_box.hpp"
#include "pyramid/grid/crs.hpp"
#include "pyramid/raster/raster.hpp"

#include <vector>

namespace ardoise {

/// Metres above or below zero: what lies beyond is a filling, and no height.
inline constexpr float greatest_height = 1e9F;

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
    /// One a row of the picture, for styles that look at neighbours; none: pixels of a metre.
    std::vector<PixelSize> rows;

    PixelSize pixel_at(std::int32_t row) const
    {
        return rows.empty() ? PixelSize{} : rows[static_cast<std::size_t>(row)];
    }
};

/// Of a picture of `width` by `height` pixels of that box. Row by row: a function of the northing alone, so
/// that pictures side by side have no seam.
Ground ground_under(Crs const& crs, BoundingBox const& box, std::int32_t width, std::int32_t height,
                    std::int32_t margin);

} // namespace ardoise
