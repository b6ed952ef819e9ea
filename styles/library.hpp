// SPDX-License-Identifier: Apache-2.0
// The files of library/, carried inside the binary.
#pragma once

#include <string_view>

namespace ardoise {

extern std::string_view const elevation_style_file;

} // namespace ardoise
