// SPDX-License-Identifier: Apache-2.0
// Small pyramids painted on the spot, written with the store's own tools and no GDAL.
#pragma once

#include "pyramid/store/pyramid.hpp"

#include <array>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace ardoise::test {

/// The colour of a tile, or nothing where the pyramid holds none.
using Paint = std::function<std::optional<std::array<std::uint8_t, 3>>(std::size_t level, TileIndex tile)>;

struct PaintedPyramid {
    std::string name = "painted";
    std::string set = "PM";
    std::string format = "TIFF_PNG_UINT8";
    std::string top = "0", bottom = "3";
    TileRange bottom_tiles{{4, 3}, {7, 6}}; // of the bottom level
    std::int32_t tiles_per_width = 2, tiles_per_height = 2;
    int channels = 3;
    std::uint8_t fourth = 255; // what every pixel has in the channel beyond three
    /// Each pixel a little off the colour of its tile, so that a picture has many colours.
    bool grained = false;
    /// Every second tile is data within a disc alone; of the others those in even columns have a mask that
    /// says that they are whole, and those in odd ones none.
    bool masked = false;
    /// What the bottom level has of its tiles, where it does not reach as far as coarser ones.
    std::optional<TileRange> bottom_limits = {};
};

/// A colour that tells level and place apart.
std::array<std::uint8_t, 3> colour_of(std::size_t level, TileIndex tile);

/// Writes descriptor and slabs below `store` and reads the pyramid back. Without `paint` every tile within
/// the limits has its colour_of().
Pyramid paint_pyramid(std::filesystem::path const& store, PaintedPyramid const& wanted,
                      Paint const& paint = {});

} // namespace ardoise::test
