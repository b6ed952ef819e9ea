// SPDX-License-Identifier: Apache-2.0
// Paths in JSON. A path is bytes, JSON is Unicode: old file shares have names that are no UTF-8.
#pragma once

#include "pyramid/base/json.hpp"

#include <filesystem>

namespace ardoise {

/// The path as text, or {"percent_encoded": "/data/ort%E9.tif"} where it is no UTF-8: then `%` and each byte
/// that belongs to no character stand as % and two hexadecimal digits.
Json path_json(std::filesystem::path const& path);
/// The same bytes again. Throws Failure on what path_json() does not write.
std::filesystem::path read_path(JsonReader const& json);

} // namespace ardoise
