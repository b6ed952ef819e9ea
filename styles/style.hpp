// SPDX-License-Identifier: Apache-2.0
// Styles: how the values of a layer become colours. Named and published, never an expression from a client.
#pragma once

#include "pyramid/base/handwritten_json.hpp"
#include "pyramid/store/pyramid.hpp"
#include "styles/bands.hpp"
#include "styles/colorize.hpp"
#include "styles/contours.hpp"
#include "styles/multilingual_text.hpp"
#include "styles/pair_colours.hpp"
#include "styles/palette.hpp"
#include "styles/relief.hpp"
#include "styles/shade.hpp"
#include "styles/terrain_rgb.hpp"
#include "styles/tone.hpp"
#include "styles/water.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ardoise {

/// Values are shown as they are: colours as colours, 16 bits as their upper 8, float as grey.
struct AsStored {};

/// What is made of values before they are coloured.
using Treatment = std::variant<AsStored, BandOrder, Grey, NormalisedDifference, Slope, Aspect, Hillshade,
                               TerrainRgb, Colorize, WaterSurface>;

/// What a value of a classified layer stands for.
struct ClassLabel {
    double value = 0;
    MultilingualText text = {};
};

/// A published style.
struct Style {
    std::string identifier;
    MultilingualText title, abstract;
    std::vector<std::string> keywords;
    Treatment treatment;
    std::optional<Tone> tone;         // of what is a picture then
    std::optional<Palette> palette;   // of the one channel that there is then
    std::vector<ClassLabel> labels;   // of the palette's values, where they are classes
    std::optional<Shade> shade;       // over these colours, or those of a picture that is draped
    std::optional<Contours> contours; // on top of it all
    std::optional<WaterScale> water;  // of a WaterSurface: the others that can be asked for
    /// Of a difference of bands and its palette: what both make of bands of 8 bits.
    std::shared_ptr<PairColours const> pairs = nullptr;
    std::string definition; // the text of all of it: two styles of the same one draw the same

    /// Whether its colours are numbers for programs, which must lose nothing on their way.
    bool encodes_values() const { return std::holds_alternative<TerrainRgb>(treatment); }
    /// Whether nothing is done to values that can be shown as they are.
    bool shows_values() const
    {
        return std::holds_alternative<AsStored>(treatment) && !tone && !palette && !shade && !contours;
    }
    /// Whether values are classes, which have no mean: between two of them lies none.
    bool shows_classes() const { return palette && palette->is_exact; }
};

/// The style that changes nothing, under the name that ROK4 gave it: "normal".
Style const& normal_style();
/// Heights in metres (lowlands green, hills brown, summits white): for float layers, which would be grey
/// otherwise.
Style const& elevation_style();
/// All that the program carries with it.
std::span<Style const> shipped_styles();

/// Reads a style file, as ROK4 has them or with what we add (styles/README.md). Throws Failure naming the
/// wrong field.
Style parse_style(HandwrittenJson const& file);

/// A style's identifier: clients name it in lists and in addresses, where "default" means a layer's first
/// style. Throws Failure on any other.
std::string read_style_identifier(JsonReader const& json);

/// Why the style cannot be applied to data of that shape, or nothing if it can.
std::optional<std::string> misfit(Style const& style, std::int32_t channels, SampleType type);

/// The same of a pyramid, which must also hold values as they were delivered where the style is of water.
std::optional<std::string> misfit(Style const& style, Pyramid const& pyramid);

/// A style of water at one of its levels, stated as its scale states them: there are no others then.
void set_level(Style& style, double level);

/// Whether values may be blended where a map has other pixels than the data: classes, and levels at which
/// water gets somewhere, have no mean.
bool may_be_blended(Style const& style);
/// What the value stands for, in a language where there are several; empty where it has no label.
std::string_view label_of(Style const& style, double value, std::string_view language = {});

/// Whether the style must see what the layer holds before it is applied.
bool wants_sample(Style const& style);
/// Fixes what follows from a layer's values: where percentiles lie. `sample` stands for all of them.
void settle(Style& style, MaskedRaster sample);

/// How many pixels around each one the style looks at: 0 or 1, where neighbours are next to one another.
int reach(Style const& style);

/// The picture of `values`, as much smaller than these as the ground's margin says: 8 bits, 1, 3 or 4
/// channels; a fourth channel is alpha. Validity is kept, save where values are no numbers: there it is 0 as
/// well. Nothing is drawn where it is 0.
MaskedRaster apply(Style const& style, MaskedRaster values, Ground const& ground = {});

/// Whether the style has light for another picture: a shade, or a hillshade and no palette.
bool lights_pictures(Style const& style);

/// Another picture of the same ground, smaller than `heights` by the margin, with the style's light on it and
/// its contour lines.
MaskedRaster drape(Style const& style, MaskedView heights, Ground const& ground, MaskedRaster picture);

} // namespace ardoise
