// SPDX-License-Identifier: Apache-2.0
// Sources ("dalles"): what each says of itself.
#pragma once

#include "pyramid/grid/crs.hpp"
#include "pyramid/raster/raster.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ardoise {

/// One georeferenced image, as far as a plan needs to know it. A value; nothing stays open.
struct Source {
    std::filesystem::path file;
    Crs crs;
    double left = 0, top = 0;                 // outer corner of the first pixel, CRS units
    double pixel_width = 0, pixel_height = 0; // both above 0: rows run south
    std::int64_t width = 0, height = 0;       // pixels
    int bands = 0;                            // of a palette: its colours, 3, or 4 with its alpha
    SampleType type = SampleType::uint8;
    bool palette = false;  // the file holds indices, which are read as colours
    std::string unit = {}; // of the samples of all bands, as the file calls it: "m"; empty: it does not say

    BoundingBox extent() const
    {
        return {left, top - pixel_height * static_cast<double>(height),
                left + pixel_width * static_cast<double>(width), top};
    }
    friend bool operator==(Source const&, Source const&) = default;
};

/// Whether its pixels can be counted from the origin of its CRS: no number is absurd, or none at all.
bool has_a_place(Source const& source);

/// What a source with a palette gives.
enum class PaletteSamples : std::uint8_t { colours, indices };

/// What the command line says about all sources alike. Values that mean no data are values as the file holds
/// them: of a palette, indices.
struct SourceOptions {
    std::string crs;                   // overrides what the files say; empty: they say it
    std::string variable;              // of netCDF files that hold several; empty: they hold one
    std::optional<double> nodata;      // overrides what the files say
    std::optional<double> nodata_edge; // no data where it reaches the image's border, and data inside
    double nodata_edge_near = 0;       // by how much samples of that edge may differ from it
    PaletteSamples palette = PaletteSamples::colours;
    bool allow_vrt = false; // a VRT may name any file, and what is no file
};

/// Opens a file and describes it. Throws Failure with file and remedy: not an image, no CRS, no georeference,
/// turned against north, a sample type that pyramids do not hold, a VRT that check_vrt refuses. Safe to call
/// from any thread.
Source describe_source(std::filesystem::path const& file, SourceOptions const& options);

/// A source, and all files that GDAL read to know it: its own, and what lies beside.
struct SourceWithFiles {
    Source source;
    std::vector<std::filesystem::path> files;
};
SourceWithFiles describe_with_files(std::filesystem::path const& file, SourceOptions const& options);

} // namespace ardoise
