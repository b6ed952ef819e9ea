// SPDX-License-Identifier: Apache-2.0
#include "pyramid/sources/dataset.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/base/name.hpp"

#include <cpl_conv.h>
#include <cpl_http.h>

#include <algorithm>
#include <mutex>
#include <string_view>
#include <vector>

namespace ardoise {

namespace {

namespace fs = std::filesystem;

/// Whoever delivers a file may give an address for its system, which GDAL would fetch from anywhere.
CPLHTTPResult* refuse_to_fetch(char const*, CSLConstList, GDALProgressFunc, void*, CPLHTTPFetchWriteFunc,
                               void*, void*)
{
    auto* const refused = static_cast<CPLHTTPResult*>(CPLCalloc(1, sizeof(CPLHTTPResult))); // GDAL frees it
    refused->nStatus = 1;
    refused->pszErrBuf = CPLStrdup("nothing is fetched from the network");
    return refused;
}

void register_drivers()
{
    static std::once_flag once;
    std::call_once(once, [] {
        GDALAllRegister();
        CPLSetErrorHandler(CPLQuietErrorHandler);
        CPLSetConfigOption("CPL_VSIL_CURL_ALLOWED_EXTENSIONS", ".none"); // nor does a VRT reach the network
        CPLHTTPSetFetchCallback(refuse_to_fetch, nullptr);
        // Sidecars are asked for by name: to list a folder of 20,000 dalles for each of them takes minutes.
        CPLSetConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", "TRUE");
        // libtiff 4.5 ends the program when the disk fails while it reads the places of blocks one by one.
        CPLSetConfigOption("GTIFF_USE_DEFER_STRILE_LOADING", "NO");
    });
}

/// Drivers that follow what a file says to other files or to the network: a file that somebody delivers must
/// not decide what is read.
bool follows_references(std::string_view driver)
{
    static constexpr std::string_view names[] = {
        "VRT",  "WMS",   "WMTS",     "WCS",      "HTTP", "OGCAPI",        "STACTA",  "STACIT", "DAAS",
        "EEDA", "EEDAI", "PLMOSAIC", "PLScenes", "NGW",  "PostGISRaster", "DERIVED", "GTI",    "TileDB"};
    return std::find(std::begin(names), std::end(names), driver) != std::end(names);
}

/// Every driver that follows no references, with the null at the end that GDAL wants.
std::vector<char const*> const& safe_drivers()
{
    static std::vector<char const*> const safe = [] {
        std::vector<char const*> found;
        auto* const manager = GetGDALDriverManager();
        for (int i = 0; i < manager->GetDriverCount(); ++i)
            if (char const* const name = manager->GetDriver(i)->GetDescription(); !follows_references(name))
                found.push_back(name);
        found.push_back(nullptr);
        return found;
    }();
    return safe;
}

GDALDataset* open_with(fs::path const& file, char const* const* drivers)
{
    return GDALDataset::FromHandle(GDALOpenEx(
        file.c_str(), GDAL_OF_RASTER | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR, drivers, nullptr, nullptr));
}

/// GDAL names it in a text, in which a quote would end the path.
Dataset open_variable(fs::path const& file, std::string const& variable)
{
    static constexpr char const* netcdf[] = {"netCDF", nullptr};
    if (!is_plain_name(variable))
        fail("{}: \"{}\" is no name of a variable that can be asked for", file.string(), variable);
    if (file.string().find('"') != std::string::npos)
        fail("{}: has a quote in its name, with which no variable can be asked for; rename it",
             file.string());
    GdalMessages const messages;
    Dataset dataset{open_with(fmt::format("NETCDF:\"{}\":{}", file.string(), variable), netcdf)};
    if (!dataset)
        fail("{}: its variable {} cannot be opened: {}", file.string(), variable, messages.text());
    return dataset;
}

} // namespace

void GdalMessages::keep(CPLErr severity, CPLErrorNum, char const* message)
{
    auto& self = *static_cast<GdalMessages*>(CPLGetErrorHandlerUserData());
    if (severity >= CE_Warning && self.first_.empty())
        self.first_ = message;
}

bool is_vrt(fs::path const& file)
{
    return file.extension() == ".vrt";
}

Dataset open_dataset(fs::path const& file, std::string const& variable)
{
    register_drivers();
    if (std::error_code ignored; !fs::is_regular_file(file, ignored))
        fail("{}: is no file that can be read", file.string());
    if (!variable.empty())
        return open_variable(file, variable);
    static constexpr char const* vrt[] = {"VRT", nullptr};
    static constexpr char const* geotiff[] = {"GTiff", nullptr};
    GdalMessages const messages;
    Dataset dataset;
    if (is_vrt(file))
        dataset.reset(open_with(file, vrt));
    else if (file.extension() == ".tif") // nearly always what it is called: not every driver need be asked
        dataset.reset(open_with(file, geotiff));
    if (!dataset && !is_vrt(file))
        dataset.reset(open_with(file, safe_drivers().data()));
    if (!dataset)
        fail("{}: cannot be opened as an image: {}", file.string(), messages.text());
    return dataset;
}

Dataset open_vector_dataset(fs::path const& file)
{
    register_drivers();
    static constexpr char const* drivers[] = {"GeoJSON", "GPKG",         "ESRI Shapefile", "FlatGeobuf",
                                              "KML",     "MapInfo File", nullptr};
    if (std::error_code ignored; !fs::is_regular_file(file, ignored))
        fail("{}: is no file that can be read", file.string());
    GdalMessages const messages;
    Dataset dataset{GDALDataset::FromHandle(GDALOpenEx(
        file.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR, drivers, nullptr, nullptr))};
    if (!dataset)
        fail("{}: cannot be opened as points, lines or polygons (GeoJSON, GeoPackage, Shapefile, FlatGeobuf, "
             "KML, MapInfo): {}",
             file.string(), messages.text());
    return dataset;
}

bool points_elsewhere(fs::path const& file)
{
    register_drivers();
    GdalMessages const quiet;
    auto* const driver =
        GDALDriver::FromHandle(GDALIdentifyDriverEx(file.c_str(), GDAL_OF_RASTER, nullptr, nullptr));
    return driver && follows_references(driver->GetDescription());
}

GDALDataType gdal_type(SampleType type)
{
    return type == SampleType::uint8 ? GDT_Byte : type == SampleType::uint16 ? GDT_UInt16 : GDT_Float32;
}

} // namespace ardoise
