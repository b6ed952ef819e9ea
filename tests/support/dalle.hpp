// SPDX-License-Identifier: Apache-2.0
// Small georeferenced sources, written by GDAL.
#pragma once

#include "pyramid/raster/raster.hpp"

#include <array>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ardoise::test {

using PaletteEntry = std::array<short, 4>; // red, green, blue, alpha

struct Dalle {
    double left = 0, top = 0, pixel = 0.05; // top-left corner and size of a pixel
    std::int32_t width = 256, height = 256, bands = 3;
    SampleType type = SampleType::uint8;
    std::string crs = "EPSG:2154"; // empty: none
    std::optional<double> nodata = std::nullopt;
    bool alpha = false; // the last band is alpha
    bool georeferenced = true;
    bool colours = true;      // bands say which colours they are, where three or more of them are bytes
    bool mask_beside = false; // the mask is a file of its own
    std::vector<PaletteEntry> palette = {}; // of the only band's indices
};

/// The value of band `band` (from 0) at a point of the ground: a function of the ground, so that neighbours
/// agree.
using Ground = std::function<double(double x, double y, int band)>;
/// Whether there is data at pixel (x, y); written as an internal mask.
using Holes = std::function<bool(std::int32_t x, std::int32_t y)>;

/// A smooth and unmistakable pattern with values from 20 to 220.
double hills(double x, double y, int band);

/// Writes a GeoTIFF (LZW), or a PNG or JPEG when the file is called so. Returns its path.
std::filesystem::path write_dalle(std::filesystem::path const& file, Dalle const& dalle,
                                  Ground const& ground = hills, Holes const& is_data = {});

} // namespace ardoise::test
