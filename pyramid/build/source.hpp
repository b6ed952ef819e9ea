// SPDX-License-Identifier: Apache-2.0
// Sources ("dalles"): what each says of itself, and windows of their pixels. GDAL is known here only.
#pragma once

#include "pyramid/grid/crs.hpp"
#include "pyramid/raster/raster.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
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
    int bands = 0;
    SampleType type = SampleType::uint8;
    bool palette = false; // samples are indices into a palette

    BoundingBox extent() const
    {
        return {left, top - pixel_height * static_cast<double>(height),
                left + pixel_width * static_cast<double>(width), top};
    }
};

/// What the command line says about all sources alike.
struct SourceOptions {
    std::string crs;              // overrides what the files say; empty: they say it
    std::optional<double> nodata; // overrides what the files say
};

/// Every raster named by `arguments`: files, folders (walked through), shell patterns with * and ?. Sorted by
/// path, each once. Throws Failure naming an argument that leads to nothing.
std::vector<std::filesystem::path> find_source_files(std::span<std::string const> arguments);

/// Opens a file and describes it. Throws Failure with file and remedy: not an image, no CRS, no georeference,
/// turned against north, a sample type that pyramids do not hold.
Source describe_source(std::filesystem::path const& file, SourceOptions const& options);

/// Reads windows. Keeps datasets open; one thread at a time, each worker has its own.
class SourceReader {
public:
    explicit SourceReader(SourceOptions options);
    ~SourceReader();
    SourceReader(SourceReader const&) = delete;
    SourceReader& operator=(SourceReader const&) = delete;

    /// `window` of the source (inside it), its bands numbered from 1, shrunk by `decimation` (mean of blocks)
    /// when that is above 1. Validity comes from an alpha band, a mask, or nodata (a pixel is nothing when
    /// all its bands are nodata); a band that is asked for as data is no alpha.
    MaskedRaster read(Source const& source, PixelBox window, std::span<int const> bands, int decimation = 1);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace ardoise
