// SPDX-License-Identifier: Apache-2.0
// Points, lines and polygons, as pixels.
#pragma once

#include "pyramid/grid/crs.hpp"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace ardoise {

/// Square pixels on the ground: the upper left corner and the size of a pixel in units of the CRS. Less than
/// 2^32 of them, and less than 2^31 a side.
struct PixelGrid {
    Crs crs;
    double left = 0, top = 0, cell_size = 1;
    std::int64_t width = 0, height = 0;
};

/// Every pixel that a geometry of the file touches, in whatever layer: numbers row by row from the upper
/// left, rising. The file is one of GeoJSON, GeoPackage, Shapefile, FlatGeobuf, KML or MapInfo, in its own
/// CRS. Throws Failure naming the file: it cannot be read, a layer has no CRS, or nothing in it lies on the
/// grid.
std::vector<std::uint32_t> pixels_touched(std::filesystem::path const& file, PixelGrid const& grid);

} // namespace ardoise
