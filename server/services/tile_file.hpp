// SPDX-License-Identifier: Apache-2.0
// The last piece of a tile's address: "123@2x.jpg".
#pragma once

#include <string_view>

namespace ardoise {

/// Views into the piece. Without a dot the extension is empty, which is no format.
struct TileFile {
    std::string_view number, extension;
    int scale = 1; // 2: twice the pixels on the same ground, for screens with twice the dots
};

inline TileFile take_apart(std::string_view piece)
{
    TileFile file;
    auto const dot = piece.rfind('.');
    file.number = piece.substr(0, dot);
    if (dot != std::string_view::npos)
        file.extension = piece.substr(dot + 1);
    if (file.number.ends_with("@2x")) {
        file.number.remove_suffix(3);
        file.scale = 2;
    }
    return file;
}

} // namespace ardoise
