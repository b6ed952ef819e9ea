// SPDX-License-Identifier: Apache-2.0
// What a source says that the samples of a band mean: opacity, or classes.
#pragma once

#include "pyramid/base/json.hpp"
#include "pyramid/sources/source.hpp"

namespace ardoise {

/// Whether the band, from 1, says how opaque pixels are. Throws Failure when the file cannot be opened.
bool is_alpha(std::filesystem::path const& file, SourceOptions const& options, int band);

/// Of a source with a palette that is read as indices: `[{"value": 1, "colour": [0, 197, 255, 255], "label":
/// "Water"}]`, by the palette's colours and its band's categories; nodata has none, nor has what the palette
/// pads itself with: black entries without a category that follow the last one that is neither. Empty where
/// there is no palette. Throws as above.
Json classes_of(std::filesystem::path const& file, SourceOptions const& options);

} // namespace ardoise
