// SPDX-License-Identifier: Apache-2.0
// Where everything stands on a legend: the one drawing that pixels and SVG are made of.
#pragma once

#include "server/render/legend.hpp"
#include "server/render/lettering.hpp"
#include "server/render/ramp.hpp"

#include <variant>

namespace ardoise {

/// What is drawn, in pixels from the upper left corner.
struct Swatch {
    PixelBox box;
    PaletteColour colour;
};
struct RampBlock {
    PixelBox box;
    std::vector<RampStop> stops; // place 0 is its lower edge
};
struct Stroke { // of a tick
    PixelBox box;
};
struct Line {
    std::int32_t x = 0, y = 0; // upper left corner
    std::string text;
};
struct SmallPicture {
    PixelBox box;
    StyledLayer styled;
};

struct LegendDrawing {
    PictureSize size;
    std::int32_t frame = 1; // how thick the lines around swatches and ramps are
    Lettering lettering;
    std::vector<std::variant<Swatch, RampBlock, Stroke, Line, SmallPicture>> marks;
};

/// Of letters, and of what frames swatches.
inline constexpr Colour ink_colour{0, 0, 0}, frame_colour{128, 128, 128};

LegendDrawing drawing_of(LegendRequest const& legend);

} // namespace ardoise
