// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/sample/dalle_writer.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"

#include <cpl_conv.h>
#include <cpl_vsi.h>
#include <gdal_priv.h>
#include <ogr_spatialref.h>

#include <atomic>
#include <mutex>
#include <vector>

namespace ardoise::sample {

namespace {

/// GDAL's messages go into our Failures rather than onto the terminal, in this thread and while this lives.
class QuietGdal {
public:
    QuietGdal() { CPLPushErrorHandler(CPLQuietErrorHandler); }
    ~QuietGdal() { CPLPopErrorHandler(); }
    QuietGdal(QuietGdal const&) = delete;
    QuietGdal& operator=(QuietGdal const&) = delete;
};

void check(bool good, std::filesystem::path const& file)
{
    if (!good)
        fail("{}: GDAL cannot write it: {}", file.string(), CPLGetLastErrorMsg());
}

GDALDriver& tiff_driver()
{
    static std::once_flag once; // GDAL's own registration is no matter for several threads
    std::call_once(once, GDALAllRegister);
    auto* const driver = GetGDALDriverManager()->GetDriverByName("GTiff");
    if (!driver)
        fail("GDAL has no GTiff driver");
    return *driver;
}

/// A file of GDAL's in memory, which becomes a file on disk by one write.
class MemoryFile {
public:
    MemoryFile()
    {
        static std::atomic<unsigned> counter{0};
        name_ = fmt::format("/vsimem/ardoise-sample-{}.tif", ++counter);
    }
    ~MemoryFile() { VSIUnlink(name_.c_str()); }
    MemoryFile(MemoryFile const&) = delete;
    MemoryFile& operator=(MemoryFile const&) = delete;

    std::string const& name() const { return name_; }
    void publish_as(std::filesystem::path const& file) const
    {
        vsi_l_offset size = 0;
        auto const* const bytes = VSIGetMemFileBuffer(name_.c_str(), &size, FALSE);
        check(bytes != nullptr, file);
        AtomicFile output{file};
        output.write({reinterpret_cast<std::byte const*>(bytes), static_cast<std::size_t>(size)});
        output.publish();
    }

private:
    std::string name_;
};

GDALDatasetUniquePtr create(std::filesystem::path const& file, std::string const& name,
                            RasterShape const& shape, GDALDataType type, std::vector<char const*> options,
                            Georeference const& place)
{
    options.push_back(nullptr);
    GDALDatasetUniquePtr dataset{tiff_driver().Create(name.c_str(), shape.width, shape.height, shape.channels,
                                                      type, const_cast<char**>(options.data()))};
    check(dataset != nullptr, file);
    double transform[] = {place.left, place.pixel, 0, place.top, 0, -place.pixel};
    OGRSpatialReference lambert93;
    check(lambert93.importFromEPSG(2154) == OGRERR_NONE, file);
    check(dataset->SetGeoTransform(transform) == CE_None, file);
    check(dataset->SetSpatialRef(&lambert93) == CE_None, file);
    return dataset;
}

/// Closing is where GDAL writes the last bytes; it reports only by its last error.
void close(GDALDatasetUniquePtr& dataset, std::filesystem::path const& file)
{
    dataset->FlushCache(true);
    CPLErrorReset();
    dataset.reset();
    check(CPLGetLastErrorType() < CE_Failure, file);
}

void* writable(std::byte const* bytes)
{
    return const_cast<std::byte*>(bytes); // RasterIO takes one pointer for both directions
}

} // namespace

struct OrthoFile::Open {
    MemoryFile memory;
    GDALDatasetUniquePtr dataset;
};

OrthoFile::OrthoFile(std::filesystem::path file, std::int32_t side, Georeference const& place,
                     std::string const& description)
    : file_{std::move(file)}, open_{std::make_unique<Open>()}
{
    QuietGdal const quiet;
    std::vector<char const*> const options{"TILED=YES",        "BLOCKXSIZE=512",   "BLOCKYSIZE=512",
                                           "COMPRESS=DEFLATE", "PREDICTOR=2",      "ZLEVEL=1",
                                           "PHOTOMETRIC=RGB",  "INTERLEAVE=PIXEL", "ALPHA=NO"};
    open_->dataset =
        create(file_, open_->memory.name(), {side, side, 4, SampleType::uint8}, GDT_Byte, options, place);
    open_->dataset->SetMetadataItem("TIFFTAG_IMAGEDESCRIPTION", description.c_str());
    static char const* const names[] = {"Red", "Green", "Blue", "Near infrared"};
    for (int band = 0; band < 4; ++band)
        open_->dataset->GetRasterBand(band + 1)->SetDescription(names[band]);
}

OrthoFile::~OrthoFile()
{
    QuietGdal const quiet;
    open_->dataset.reset();
}

void OrthoFile::write(RasterView pixels, std::int32_t x, std::int32_t y)
{
    QuietGdal const quiet;
    auto const result = open_->dataset->RasterIO(
        GF_Write, x, y, pixels.shape.width, pixels.shape.height, writable(pixels.first), pixels.shape.width,
        pixels.shape.height, GDT_Byte, 4, nullptr, 4, static_cast<GSpacing>(pixels.stride), 1, nullptr);
    check(result == CE_None, file_);
    CPLErrorReset();
    open_->dataset->FlushCache(false); // here and now, so that the order of blocks depends on nothing else
    check(CPLGetLastErrorType() < CE_Failure, file_);
}

void OrthoFile::write_mask(RasterView mask)
{
    QuietGdal const quiet;
    CPLConfigOptionSetter const internal{"GDAL_TIFF_INTERNAL_MASK", "YES", false};
    check(open_->dataset->CreateMaskBand(GMF_PER_DATASET) == CE_None, file_);
    auto* const band = open_->dataset->GetRasterBand(1)->GetMaskBand();
    auto const result = band->RasterIO(GF_Write, 0, 0, mask.shape.width, mask.shape.height,
                                       writable(mask.first), mask.shape.width, mask.shape.height, GDT_Byte, 1,
                                       static_cast<GSpacing>(mask.stride), nullptr);
    check(result == CE_None, file_);
}

void OrthoFile::publish()
{
    QuietGdal const quiet;
    close(open_->dataset, file_);
    open_->memory.publish_as(file_);
}

void write_terrain(std::filesystem::path const& file, RasterView heights, Georeference const& place)
{
    QuietGdal const quiet;
    MemoryFile const memory;
    auto dataset =
        create(file, memory.name(), heights.shape, GDT_Float32, {"COMPRESS=DEFLATE", "PREDICTOR=3"}, place);
    auto* const band = dataset->GetRasterBand(1);
    check(band->SetNoDataValue(static_cast<double>(no_height)) == CE_None, file);
    auto const result = band->RasterIO(GF_Write, 0, 0, heights.shape.width, heights.shape.height,
                                       writable(heights.first), heights.shape.width, heights.shape.height,
                                       GDT_Float32, 4, static_cast<GSpacing>(heights.stride), nullptr);
    check(result == CE_None, file);
    close(dataset, file);
    memory.publish_as(file);
}

} // namespace ardoise::sample
