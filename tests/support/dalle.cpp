// SPDX-License-Identifier: Apache-2.0
#include "tests/support/dalle.hpp"

#include <cpl_conv.h>
#include <gdal_priv.h>
#include <ogr_spatialref.h>

#include <cmath>
#include <memory>
#include <stdexcept>
#include <vector>

namespace ardoise::test {

namespace {

GDALDataType gdal_type(SampleType type)
{
    return type == SampleType::uint8 ? GDT_Byte : type == SampleType::uint16 ? GDT_UInt16 : GDT_Float32;
}

void write_georeference(GDALDataset& dataset, Dalle const& dalle)
{
    double transform[6] = {dalle.left, dalle.pixel, 0, dalle.top, 0, -dalle.pixel};
    dataset.SetGeoTransform(transform);
    if (dalle.crs.empty())
        return;
    OGRSpatialReference reference;
    reference.SetFromUserInput(dalle.crs.c_str());
    dataset.SetSpatialRef(&reference);
}

void write_mask(GDALDataset& dataset, Dalle const& dalle, Holes const& is_data)
{
    CPLSetConfigOption("GDAL_TIFF_INTERNAL_MASK", dalle.mask_beside ? "NO" : "YES");
    dataset.CreateMaskBand(GMF_PER_DATASET);
    std::vector<std::uint8_t> row(static_cast<std::size_t>(dalle.width));
    for (std::int32_t y = 0; y < dalle.height; ++y) {
        for (std::int32_t x = 0; x < dalle.width; ++x)
            row[static_cast<std::size_t>(x)] = is_data(x, y) ? 255 : 0;
        if (dataset.GetRasterBand(1)->GetMaskBand()->RasterIO(GF_Write, 0, y, dalle.width, 1, row.data(),
                                                              dalle.width, 1, GDT_Byte, 0, 0,
                                                              nullptr) != CE_None)
            throw std::runtime_error{"a mask cannot be written"};
    }
}

void write_palette(GDALDataset& dataset, Dalle const& dalle)
{
    GDALColorTable colours;
    for (std::size_t i = 0; i < dalle.palette.size(); ++i) {
        auto const& [red, green, blue, alpha] = dalle.palette[i];
        GDALColorEntry const entry{red, green, blue, alpha};
        colours.SetColorEntry(static_cast<int>(i), &entry);
    }
    dataset.GetRasterBand(1)->SetColorTable(&colours);
}

/// Of formats that cannot be written piece by piece; none for a GeoTIFF.
char const* format_of_copy(std::filesystem::path const& file)
{
    return file.extension() == ".png" ? "PNG" : file.extension() == ".jpg" ? "JPEG" : nullptr;
}

std::unique_ptr<GDALDataset> create(std::filesystem::path const& file, Dalle const& dalle)
{
    GDALAllRegister();
    bool const in_memory = format_of_copy(file) != nullptr;
    std::vector<char const*> options;
    if (!in_memory)
        options = {"COMPRESS=LZW", dalle.alpha ? "ALPHA=YES" : "ALPHA=NO",
                   dalle.colours ? nullptr : "PHOTOMETRIC=MINISBLACK"};
    options.push_back(nullptr);
    auto* const driver = GetGDALDriverManager()->GetDriverByName(in_memory ? "MEM" : "GTiff");
    std::unique_ptr<GDALDataset> dataset{driver->Create(in_memory ? "" : file.c_str(), dalle.width,
                                                        dalle.height, dalle.bands, gdal_type(dalle.type),
                                                        const_cast<char**>(options.data()))};
    if (!dataset)
        throw std::runtime_error{"a dalle cannot be written"};
    return dataset;
}

} // namespace

double hills(double x, double y, int band)
{
    return 120 + 60 * std::sin(x / 1.7 + band) + 40 * std::cos(y / 2.3 - 2 * band);
}

std::filesystem::path write_dalle(std::filesystem::path const& file, Dalle const& dalle, Ground const& ground,
                                  Holes const& is_data)
{
    auto const dataset = create(file, dalle);
    if (dalle.georeferenced)
        write_georeference(*dataset, dalle);
    if (!dalle.palette.empty())
        write_palette(*dataset, dalle);
    std::vector<double> row(static_cast<std::size_t>(dalle.width));
    for (int band = 0; band < dalle.bands; ++band) {
        auto* const out = dataset->GetRasterBand(band + 1);
        if (dalle.nodata)
            out->SetNoDataValue(*dalle.nodata);
        for (std::int32_t y = 0; y < dalle.height; ++y) {
            for (std::int32_t x = 0; x < dalle.width; ++x)
                row[static_cast<std::size_t>(x)] =
                    ground(dalle.left + (x + 0.5) * dalle.pixel, dalle.top - (y + 0.5) * dalle.pixel, band);
            if (out->RasterIO(GF_Write, 0, y, dalle.width, 1, row.data(), dalle.width, 1, GDT_Float64, 0, 0,
                              nullptr) != CE_None)
                throw std::runtime_error{"a dalle cannot be written"};
        }
    }
    if (is_data)
        write_mask(*dataset, dalle, is_data);
    if (auto const* const format = format_of_copy(file))
        std::unique_ptr<GDALDataset>{GetGDALDriverManager()->GetDriverByName(format)->CreateCopy(
            file.c_str(), dataset.get(), FALSE, nullptr, nullptr, nullptr)};
    return file;
}

} // namespace ardoise::test
