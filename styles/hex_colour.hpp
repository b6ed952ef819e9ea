// SPDX-License-Identifier: Apache-2.0
// Colours as the web writes them.
#pragma once

#include "pyramid/base/json.hpp"
#include "styles/palette.hpp"

namespace ardoise {

/// "#00c5ff", or with alpha "#00c5ff80". Throws Failure for anything else.
PaletteColour read_hex_colour(JsonReader const& json);

} // namespace ardoise
