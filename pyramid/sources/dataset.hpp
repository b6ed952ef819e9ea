// SPDX-License-Identifier: Apache-2.0
// GDAL's datasets: opened so that what was delivered decides nothing, and listened to. For this room only.
#pragma once

#include "pyramid/raster/raster.hpp"

#include <cpl_error.h>
#include <gdal_priv.h>

#include <filesystem>
#include <memory>
#include <string>

namespace ardoise {

/// Listens to GDAL on this thread while it lasts, and keeps the first thing that it says. A truncated JPEG is
/// only a warning to GDAL, which fills the rest with grey: whoever reads pixels asks whether anything was
/// said at all.
class GdalMessages {
public:
    GdalMessages() { CPLPushErrorHandlerEx(keep, this); }
    ~GdalMessages() { CPLPopErrorHandler(); }
    GdalMessages(GdalMessages const&) = delete;
    GdalMessages& operator=(GdalMessages const&) = delete;

    bool any() const { return !first_.empty(); }
    std::string text() const { return any() ? first_ : "GDAL gives no reason"; }

private:
    static void CPL_STDCALL keep(CPLErr severity, CPLErrorNum, char const* message);

    std::string first_;
};

struct DatasetCloser {
    void operator()(GDALDataset* dataset) const { GDALClose(dataset); }
};
/// Belongs to one thread at a time.
using Dataset = std::unique_ptr<GDALDataset, DatasetCloser>;

/// Opens a file for reading. A VRT is opened when it is called so (see check_vrt), and no other format that
/// points elsewhere, whatever the file is called. `variable`: one of a netCDF file; empty: the file itself.
/// Throws Failure naming the file.
Dataset open_dataset(std::filesystem::path const& file, std::string const& variable = {});

/// Opens a file of points, lines and polygons for reading: GeoJSON, GeoPackage, Shapefile, FlatGeobuf, KML or
/// MapInfo, none of which points elsewhere. Throws Failure naming the file.
Dataset open_vector_dataset(std::filesystem::path const& file);

/// Whether GDAL, left alone, would take `file` for a format that points to other files or to the network.
bool points_elsewhere(std::filesystem::path const& file);

/// Whether the file is called a VRT.
bool is_vrt(std::filesystem::path const& file);

/// GDAL's name for our samples.
GDALDataType gdal_type(SampleType type);

} // namespace ardoise
