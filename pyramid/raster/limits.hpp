// SPDX-License-Identifier: Apache-2.0
// How large an image may claim to be before anything is allocated for it.
#pragma once

#include "pyramid/raster/raster.hpp"

#include <cstdint>
#include <string_view>

namespace ardoise {

inline constexpr std::int64_t longest_side = 65'500;
inline constexpr std::int64_t most_pixels = 256'000'000;

/// Throws Failure, naming the format, where a side is 0 or too long or where there are too many pixels.
void check_size(std::string_view format, std::int64_t width, std::int64_t height);

/// Throws Failure where an encoder is given what its format cannot hold: too large, too many channels,
/// samples of another type.
void check_encodable(std::string_view format, RasterShape shape, bool channels_fit, bool type_fits);

} // namespace ardoise
