// SPDX-License-Identifier: Apache-2.0
// The blocks of a style file that give colours to values: palette, classes, tone. They throw Failure naming
// the wrong field.
#pragma once

#include "pyramid/base/handwritten_json.hpp"
#include "styles/style.hpp"

namespace ardoise {

/// A number of 0 to 255.
std::uint8_t read_byte(JsonReader const& json);

/// "palette": colours by value, as ROK4 has them, or those of a name spread over a range.
Palette read_palette(HandwrittenJson const& file, JsonReader const& json);

/// "classes": their colours and labels, into a style.
void read_classes(HandwrittenJson const& file, JsonReader const& json, Style& style);

/// "tone".
Tone read_tone(HandwrittenJson const& file, JsonReader const& json);

} // namespace ardoise
