// SPDX-License-Identifier: Apache-2.0
// Dalles as GeoTIFF files in Lambert-93 (EPSG:2154): the only place of the sample that knows GDAL.
#pragma once

#include "pyramid/raster/raster.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace ardoise::sample {

/// A raster's place: its upper left corner and the side of a pixel, in metres of Lambert-93.
struct Georeference {
    double left = 0, top = 0, pixel = 0.05;
};

/// An orthophoto of four bands (red, green, blue, near infrared), tiled and deflated. The file takes its name
/// on publish() and nothing stays of it otherwise; until then its compressed bytes are in memory. One owner,
/// one thread. Throws Failure naming the file.
class OrthoFile {
public:
    OrthoFile(std::filesystem::path file, std::int32_t side, Georeference const& place,
              std::string const& description);
    ~OrthoFile();
    OrthoFile(OrthoFile const&) = delete;
    OrthoFile& operator=(OrthoFile const&) = delete;

    /// The blocks that files are made of: windows handed to write() start at multiples of it.
    static constexpr std::int32_t block = 512;

    /// Rows from the top down, so that the same pixels make the same bytes.
    void write(RasterView pixels, std::int32_t x, std::int32_t y);
    /// One byte a pixel for all of the file, 255 where it is data: kept inside the file.
    void write_mask(RasterView mask);
    void publish();

private:
    struct Open;
    std::filesystem::path file_;
    std::unique_ptr<Open> open_;
};

/// Heights in metres; -99999 where nothing is known.
constexpr float no_height = -99999;
void write_terrain(std::filesystem::path const& file, RasterView heights, Georeference const& place);

} // namespace ardoise::sample
