// SPDX-License-Identifier: Apache-2.0
// The formats in which maps and rendered tiles leave.
#pragma once

#include "pyramid/raster/codec.hpp"

#include <optional>
#include <string_view>

namespace ardoise {

enum class PictureFormat { jpeg, png, webp };

std::string_view media_type(PictureFormat format);
bool has_alpha(PictureFormat format);
/// By media type ("image/jpeg", parameters after ';' and case ignored) or extension ("jpg").
std::optional<PictureFormat> parse_picture_format(std::string_view name);

/// 8 bits, 1, 3 or 4 channels (the fourth is alpha, left out by JPEG). Where colours are few PNG has a
/// palette of them, and WebP loses nothing.
Bytes encode(RasterView picture, PictureFormat format);
/// As JPEG.
Bytes encode(jpeg::Planes const& picture);

} // namespace ardoise
