// SPDX-License-Identifier: Apache-2.0
// Pictures laid over one another.
#pragma once

#include "pyramid/raster/raster.hpp"

namespace ardoise {

struct Colour {
    std::uint8_t red = 255, green = 255, blue = 255;
    friend bool operator==(Colour const&, Colour const&) = default;
};

/// Red, green, blue and alpha, empty at first. Colours are not multiplied by alpha.
class Canvas {
public:
    Canvas(std::int32_t width, std::int32_t height);

    /// Lays a picture of the same size on top: 8 bits, 1 (grey), 2 (grey, alpha), 3 or 4 channels, seen as
    /// far as it is valid.
    void lay(MaskedView picture);
    /// Lays one colour, as far as `cover` says: one channel of 8 bits and the same size.
    void lay(Colour colour, RasterView cover);
    /// What has been laid: red, green, blue, alpha.
    RasterView pixels() const { return pixels_.view(); }
    /// The same: with alpha where that is wanted and something shines through, else over
    /// `background`.
    Raster picture(bool transparent, Colour background) const;

private:
    Raster pixels_; // RGBA
};

} // namespace ardoise
