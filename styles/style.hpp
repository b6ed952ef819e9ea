// SPDX-License-Identifier: Apache-2.0
// Styles: how the values of a layer become colours. Named and published, never an expression from a client.
#pragma once

#include "pyramid/base/json.hpp"
#include "pyramid/raster/raster.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ardoise {

/// One entry of a palette: from `value` on (in the units of the data) this colour.
struct PaletteColour {
    double value = 0;
    std::uint8_t red = 0, green = 0, blue = 0, alpha = 255;
};

/// A colour for each value of a one-channel layer: that of the greatest entry not above it (below the first
/// entry: the first's), or between two entries where it is continuous.
struct Palette {
    std::vector<PaletteColour> colours; // by rising value
    bool rgb_continuous = false, alpha_continuous = false;
    bool no_alpha = false; // three channels out instead of four
};

PaletteColour colour_at(Palette const& palette, double value);

/// A published style. Without a palette it shows the values as they are: colours as colours, 16 bits as their
/// upper 8, float as grey.
struct Style {
    std::string identifier, title, abstract;
    std::optional<Palette> palette;
};

/// The style that changes nothing, under the name that ROK4 gave it: "normal".
Style const& normal_style();
/// Heights in metres (lowlands green, hills brown, summits white): for float layers, which would be grey
/// otherwise.
Style const& elevation_style();
/// All of these: what a layer's description may name.
std::span<Style const* const> known_styles();

/// Reads ROK4's style file: identifier, title, abstract, palette. Throws Failure naming the wrong field.
Style parse_style(JsonReader const& json);

/// Whether the style can be applied to a layer of that many channels.
bool fits(Style const& style, std::int32_t channels);

/// The picture of `values`: 8 bits, 1, 3 or 4 channels; a fourth channel is alpha. Validity is kept, and
/// nothing is drawn where it is 0.
MaskedRaster apply(Style const& style, MaskedRaster values);

} // namespace ardoise
