// SPDX-License-Identifier: Apache-2.0
// The files of library/ and palettes/, carried inside the binary.
#pragma once

#include <span>
#include <string_view>

namespace ardoise {

struct LibraryFile {
    std::string_view name, text; // "elevation.json"
};

std::span<LibraryFile const> style_library();
std::span<LibraryFile const> palette_library(); // by name

} // namespace ardoise
