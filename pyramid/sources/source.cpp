// SPDX-License-Identifier: Apache-2.0
#include "pyramid/sources/source.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/sources/dataset.hpp"
#include "pyramid/sources/vrt.hpp"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <ogr_spatialref.h>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace ardoise {

namespace {

namespace fs = std::filesystem;

/// GDAL before 3.7 has no type for them.
bool is_signed(GDALDataset& dataset)
{
    char const* const type = dataset.GetRasterBand(1)->GetMetadataItem("PIXELTYPE", "IMAGE_STRUCTURE");
    return type && std::string_view{type} == "SIGNEDBYTE";
}

SampleType sample_type(GDALDataset& dataset, fs::path const& file)
{
    auto const type = dataset.GetRasterBand(1)->GetRasterDataType();
    for (int band = 2; band <= dataset.GetRasterCount(); ++band)
        if (dataset.GetRasterBand(band)->GetRasterDataType() != type)
            fail("{}: its bands have different sample types", file.string());
    switch (type) {
    case GDT_Byte:
        if (is_signed(dataset))
            fail("{}: has signed bytes, which are not supported; convert it with gdal_translate -ot Int16",
                 file.string());
        return SampleType::uint8;
    case GDT_UInt16:
        return SampleType::uint16;
    case GDT_Float32:
    case GDT_Float64:
    case GDT_Int16:
    case GDT_Int32:
    case GDT_UInt32:
        return SampleType::float32;
    default:
        fail("{}: samples of type {} are not supported; convert it with gdal_translate -ot", file.string(),
             GDALGetDataTypeName(type));
    }
}

Crs crs_of(GDALDataset& dataset, fs::path const& file, std::string const& stated)
{
    if (!stated.empty())
        return Crs::from_definition(stated);
    auto const* reference = dataset.GetSpatialRef();
    if (!reference)
        fail("{}: has no coordinate reference system; say which with --source-crs EPSG:...", file.string());
    char* text = nullptr;
    char const* const options[] = {"FORMAT=WKT2_2019", nullptr};
    reference->exportToWkt(&text, options);
    std::unique_ptr<char, decltype(&CPLFree)> const wkt{text, CPLFree};
    return Crs::from_definition(wkt.get()); // which keeps what it knows: thousands of dalles say the same
}

bool has_alpha(GDALColorTable const& colours)
{
    for (int i = 0; i < colours.GetColorEntryCount(); ++i)
        if (colours.GetColorEntry(i)->c4 != 255)
            return true;
    return false;
}

/// What can stand beside a number.
bool is_sound_unit(std::string_view unit)
{
    constexpr std::size_t longest = 32;
    return unit.size() <= longest &&
           std::all_of(unit.begin(), unit.end(),
                       [](char c) { return static_cast<unsigned char>(c) >= ' '; }) &&
           CPLIsUTF8(unit.data(), static_cast<int>(unit.size()));
}

/// Of samples that stand for other values it would be said of those.
std::string unit_of(GDALRasterBand& band)
{
    std::string const unit = band.GetUnitType();
    bool const is_scaled = band.GetScale() != 1 || band.GetOffset() != 0;
    return !is_scaled && is_sound_unit(unit) ? unit : std::string{};
}

/// Empty where bands differ.
std::string unit_of(GDALDataset& dataset)
{
    auto unit = unit_of(*dataset.GetRasterBand(1));
    for (int band = 2; band <= dataset.GetRasterCount(); ++band)
        if (unit_of(*dataset.GetRasterBand(band)) != unit)
            return {};
    return unit;
}

void describe_samples(GDALDataset& dataset, SourceOptions const& options, Source& source)
{
    source.bands = dataset.GetRasterCount();
    source.type = sample_type(dataset, source.file);
    if (options.nodata_edge && !can_hold(source.type, *options.nodata_edge))
        fail("{}: --nodata-edge {} is no value that its samples can have", source.file.string(),
             *options.nodata_edge);
    auto const* colours = dataset.GetRasterBand(1)->GetColorTable();
    if (!colours)
        source.unit = unit_of(dataset);
    if (!colours || options.palette == PaletteSamples::indices)
        return;
    if (source.bands > 1 || source.type == SampleType::float32)
        fail("{}: has a palette that is not alone; expand it with gdal_translate -expand rgb",
             source.file.string());
    if (options.nodata_edge_near > 0)
        fail("{}: has a palette, whose indices are not near to one another; leave --nodata-edge-near out",
             source.file.string());
    source.palette = true;
    source.bands = has_alpha(*colours) ? 4 : 3;
    source.type = SampleType::uint8;
}

/// GDAL opens the mask and the overviews beside an image as whatever they turn out to be.
void check_sidecars(fs::path const& file)
{
    for (char const* const ending : {".msk", ".ovr"}) {
        auto const sidecar = file.string() + ending;
        std::error_code ignored;
        if (!fs::exists(sidecar, ignored))
            continue;
        if (!fs::is_regular_file(sidecar, ignored))
            fail("{}: is no file that can be read; remove it", sidecar);
        if (points_elsewhere(sidecar))
            fail("{}: points to other files, which nothing beside an image may; remove it", sidecar);
    }
}

/// Where pixels cannot be told apart any more they have no grid.
void check_place(Source const& source)
{
    if (!has_a_place(source))
        fail("{}: its georeference (corner {}, {}, pixels of {} x {}) cannot be meant; put it right",
             source.file.string(), source.left, source.top, source.pixel_width, source.pixel_height);
}

std::vector<fs::path> files_of(GDALDataset& dataset)
{
    std::unique_ptr<char*, decltype(&CSLDestroy)> const list{dataset.GetFileList(), CSLDestroy};
    return {list.get(), list.get() + CSLCount(list.get())};
}

} // namespace

bool has_a_place(Source const& source)
{
    constexpr double farthest = 1e15; // pixels: what is counted in 64 bits
    return std::abs(source.left / source.pixel_width) < farthest &&
           std::abs(source.top / source.pixel_height) < farthest;
}

SourceWithFiles describe_with_files(fs::path const& file, SourceOptions const& options)
{
    if (std::error_code ignored; !fs::is_regular_file(file, ignored))
        fail("{}: is no file that can be read", file.string());
    if (is_vrt(file) && !options.allow_vrt)
        check_vrt(file);
    check_sidecars(file);
    auto const dataset = open_dataset(file, options.variable);
    if (dataset->GetRasterCount() == 0)
        fail("{}: has no bands; of a netCDF file with several variables say which with --variable",
             file.string());
    double transform[6];
    if (dataset->GetGeoTransform(transform) != CE_None)
        fail("{}: has no georeference (neither inside nor in a world file beside it)", file.string());
    if (transform[2] != 0 || transform[4] != 0 || transform[1] <= 0 || transform[5] >= 0)
        fail("{}: is turned against north; make it north-up with gdalwarp first", file.string());
    Source source{.file = file, .crs = crs_of(*dataset, file, options.crs)};
    source.left = transform[0];
    source.top = transform[3];
    source.pixel_width = transform[1];
    source.pixel_height = -transform[5];
    source.width = dataset->GetRasterXSize();
    source.height = dataset->GetRasterYSize();
    check_place(source);
    describe_samples(*dataset, options, source);
    return {std::move(source), files_of(*dataset)};
}

Source describe_source(fs::path const& file, SourceOptions const& options)
{
    return describe_with_files(file, options).source;
}

} // namespace ardoise
