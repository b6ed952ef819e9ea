// SPDX-License-Identifier: Apache-2.0
// What a style lays over colours: light and contour lines.
#pragma once

#include "styles/contours.hpp"
#include "styles/shade.hpp"

#include <optional>

namespace ardoise {

/// Made of heights, before these become colours.
class Overlay {
public:
    /// `heights` are looked at where there is light or a line to make: one channel of float.
    Overlay(std::optional<Shade> const& shade, std::optional<Contours> const& contours, MaskedView heights,
            Ground const& ground);

    /// The picture, of 8 bits and smaller than the heights by the ground's margin, lit and with lines on it.
    Raster over(Raster picture) const;

private:
    std::optional<Shade> const& shade_;
    std::optional<Contours> const& contours_;
    MaskedRaster light_;
    Raster lines_;
};

} // namespace ardoise
