// SPDX-License-Identifier: Apache-2.0
// Palettes that the field knows by name (palettes/, carried inside the binary): where each is from, and by
// what licence, stands in palettes/README.md.
#pragma once

#include "styles/palette.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ardoise {

/// Colours from the low end to the high one, at equal distances, without values. None: there is no palette of
/// that name; names are written as their authors do (viridis, RdYlGn).
std::vector<PaletteColour> named_colours(std::string_view name);

/// All names, by the alphabet: "Blues, BrBG".
std::string palette_names();

} // namespace ardoise
