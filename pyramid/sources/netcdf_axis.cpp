// SPDX-License-Identifier: Apache-2.0
#include "pyramid/sources/netcdf_axis.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/base/number.hpp"
#include "pyramid/sources/dataset.hpp"

#include <cpl_string.h>

namespace ardoise {

namespace {

namespace fs = std::filesystem;

std::string said(GDALMajorObject& object, std::string const& name)
{
    char const* const text = object.GetMetadataItem(name.c_str());
    return text != nullptr ? text : "";
}

/// Names of a container's variables, which GDAL calls NETCDF:"file":name.
std::string variables_of(GDALDataset& dataset)
{
    std::string names;
    char** const list = dataset.GetMetadata("SUBDATASETS");
    for (int i = 0; i < CSLCount(list); ++i) {
        std::string_view const line{list[i]};
        if (auto const colon = line.rfind(':');
            line.find("_NAME=") != std::string_view::npos && colon != std::string_view::npos)
            names += fmt::format("{}{}", names.empty() ? "" : ", ", line.substr(colon + 1));
    }
    return names;
}

void check_variable(GDALDataset& dataset, fs::path const& file)
{
    auto* const driver = dataset.GetDriver();
    if (driver == nullptr || std::string_view{driver->GetDescription()} != "netCDF")
        fail("{}: is no netCDF file, which --along wants", file.string());
    if (dataset.GetRasterCount() == 0)
        fail("{}: has several variables; say which with --variable, one of {}", file.string(),
             variables_of(dataset));
    for (int band = 1; band <= dataset.GetRasterCount(); ++band) {
        auto& values = *dataset.GetRasterBand(band);
        if (values.GetScale() != 1 || values.GetOffset() != 0)
            fail("{}: its values are packed (scale_factor, add_offset); unpack them with gdal_translate "
                 "-unscale "
                 "-ot Float32 -of netCDF",
                 file.string());
    }
}

/// GDAL lists dimensions beside those of the image as "{time,level}".
void check_dimension(GDALDataset& dataset, fs::path const& file, std::string const& dimension)
{
    auto const others = said(dataset, "NETCDF_DIM_EXTRA");
    if (others.empty())
        fail("{}: its variable lies along no dimension but those of the image; build it without --along",
             file.string());
    if (others != "{" + dimension + "}")
        fail("{}: its variable lies along the dimensions {}; --along wants {} to be the only one",
             file.string(), others, dimension);
}

} // namespace

NetcdfAxis read_netcdf_axis(fs::path const& file, std::string const& variable, std::string const& dimension)
{
    auto const dataset = open_dataset(file, variable);
    check_variable(*dataset, file);
    check_dimension(*dataset, file, dimension);
    NetcdfAxis axis{.values = {},
                    .units = said(*dataset, dimension + "#units"),
                    .calendar = said(*dataset, dimension + "#calendar"),
                    .title = {},
                    .unit = {}};
    auto& first = *dataset->GetRasterBand(1);
    for (auto const* name : {"long_name", "standard_name", "NETCDF_VARNAME"})
        if (axis.title.empty())
            axis.title = said(first, name);
    axis.unit = said(first, "units");
    for (int band = 1; band <= dataset->GetRasterCount(); ++band) {
        auto const text = said(*dataset->GetRasterBand(band), "NETCDF_DIM_" + dimension);
        auto const value = parse_number<double>(text);
        if (!value)
            fail("{}: does not say where along {} its step {} lies", file.string(), dimension, band);
        axis.values.push_back(*value);
    }
    return axis;
}

} // namespace ardoise
