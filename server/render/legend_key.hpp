// SPDX-License-Identifier: Apache-2.0
// What the colours of a layer mean, wherever on a legend that will stand.
#pragma once

#include "server/render/map.hpp"
#include "server/render/ramp.hpp"

#include <limits>

namespace ardoise {

/// A colour of its own, and the values that have it.
struct LegendClass {
    PaletteColour colour; // its value is the least that has it
    std::string label;
    double upper = std::numeric_limits<double>::infinity(); // the next one's least
};

/// A ramp, or classes by rising value (all of them, those that cannot be seen as well), or a ramp with
/// classes of what is beside it. Neither: colours mean themselves, and are shown by a picture.
struct LegendKey {
    std::optional<Ramp> ramp;
    std::vector<LegendClass> classes;
    bool is_exact = false; // classes are single values, not all of them up to the next one

    bool is_picture() const { return !ramp && classes.empty(); }
};

/// Of the layer that is drawn: of a product's style its own (choose_members()).
LegendKey legend_key(StyledLayer const& styled, Language language);

} // namespace ardoise
