// SPDX-License-Identifier: Apache-2.0
// Tone: how bright a picture is, where its darkest and lightest shades lie, and how crisp it is.
#pragma once

#include "pyramid/raster/raster.hpp"

#include <optional>
#include <vector>

namespace ardoise {

/// Values that become the darkest and the lightest shade, in the units of the data.
struct ShadeRange {
    double low = 0, high = 255;
};

/// The shares of values, in percent, that are darker than the darkest shade and not lighter than the
/// lightest.
struct Percentiles {
    double low = 2, high = 98;
};

/// From values of any type to shades of 8 bits.
struct Tone {
    double gamma = 1; // a shade of 0 to 1 is raised to 1 / gamma: above 1 the middle gets lighter
    /// One for all colours, or one for each. None: all that the type holds, and of float 0 to 255.
    std::vector<ShadeRange> stretch = {};
    /// Of all that a layer shows; `stretch` follows from them when the layer is known.
    std::optional<Percentiles> percentiles = {};
    double sharpen = 0; // unsharp mask: so many times what tells a pixel from the mean around it is added
};

/// One for each colour, of finite values of pixels that are data: from the lowest to the highest where both
/// percentiles are one value; where all are alike, or none is there, what the type holds (of float 0 to 255).
std::vector<ShadeRange> ranges_of(MaskedView values, Percentiles const& shares);

/// 8 bits, as many channels. The last of two or four is alpha, and stays as it is.
Raster toned(Tone const& tone, RasterView values);

/// The picture, smaller by `margin` on each side, with the mean of each pixel's neighbours (that far away, or
/// next to it; weights 1 2 1) taken from it. Neighbours that are no data count as the pixel itself. 8 bits;
/// alpha as above.
MaskedRaster sharpened(double amount, MaskedView picture, std::int32_t margin);

} // namespace ardoise
