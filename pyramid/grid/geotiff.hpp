// SPDX-License-Identifier: Apache-2.0
// What a TIFF file says of the ground beside its pixels: OGC GeoTIFF 1.1 (19-008r4), and GDAL's nodata.
#pragma once

#include "pyramid/grid/crs.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace ardoise::geotiff {

inline constexpr std::uint16_t pixel_scale_tag = 33550, tie_point_tag = 33922, key_directory_tag = 34735,
                               gdal_nodata_tag = 42113;

/// The EPSG number by which GeoTIFF names a system, or 0 where it cannot. Its axes are always x,y, so CRS:84
/// is EPSG:4326.
int epsg_of(Crs const& crs);

/// Width and height of a pixel, in units of the CRS.
std::array<double, 3> pixel_scale(double cell_width, double cell_height);
/// The upper left corner of the first pixel.
std::array<double, 6> tie_point(double left, double top);
/// The keys that name the system by its EPSG number, above 0, and say that pixels are areas.
std::vector<std::uint16_t> key_directory(int epsg, bool geographic);
/// With the NUL that ends it, and so long that it never lies within the tag itself.
std::string gdal_nodata(double value);

} // namespace ardoise::geotiff
