// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/source.hpp"

#include "pyramid/base/failure.hpp"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <gdal_priv.h>
#include <ogr_spatialref.h>

#include <glob.h>

#include <algorithm>
#include <cmath>
#include <list>
#include <mutex>

namespace ardoise {

namespace {

namespace fs = std::filesystem;

void register_drivers()
{
    static std::once_flag once;
    std::call_once(once, [] {
        GDALAllRegister();
        CPLSetErrorHandler(CPLQuietErrorHandler);
        CPLSetConfigOption("CPL_VSIL_CURL_ALLOWED_EXTENSIONS", ".none"); // nor does a VRT reach the network
        GDALSetCacheMax64(std::int64_t{256} << 20);
    });
}

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
    static void CPL_STDCALL keep(CPLErr severity, CPLErrorNum, char const* message)
    {
        auto& self = *static_cast<GdalMessages*>(CPLGetErrorHandlerUserData());
        if (severity >= CE_Warning && self.first_.empty())
            self.first_ = message;
    }

    std::string first_;
};

struct DatasetCloser {
    void operator()(GDALDataset* dataset) const { GDALClose(dataset); }
};
using Dataset = std::unique_ptr<GDALDataset, DatasetCloser>;

/// Drivers that follow what a file says to other files or to the network: a file that somebody delivers must
/// not decide what is read.
bool follows_references(std::string_view driver)
{
    static constexpr std::string_view names[] = {
        "VRT",  "WMS",   "WMTS",     "WCS",      "HTTP", "OGCAPI",        "STACTA",  "STACIT", "DAAS",
        "EEDA", "EEDAI", "PLMOSAIC", "PLScenes", "NGW",  "PostGISRaster", "DERIVED", "GTI",    "TileDB"};
    return std::find(std::begin(names), std::end(names), driver) != std::end(names);
}

/// Names of the drivers that may open `file`. A VRT is one that is called so.
std::vector<char const*> drivers_for(fs::path const& file)
{
    if (file.extension() == ".vrt")
        return {"VRT", nullptr};
    static std::vector<std::string> const safe = [] {
        std::vector<std::string> found;
        auto* const manager = GetGDALDriverManager();
        for (int i = 0; i < manager->GetDriverCount(); ++i)
            if (std::string const name = manager->GetDriver(i)->GetDescription(); !follows_references(name))
                found.push_back(name);
        return found;
    }();
    std::vector<char const*> names;
    for (auto const& name : safe)
        names.push_back(name.c_str());
    names.push_back(nullptr);
    return names;
}

Dataset open(fs::path const& file)
{
    register_drivers();
    if (std::error_code ignored; !fs::is_regular_file(file, ignored))
        fail("{}: is no file that can be read", file.string());
    GdalMessages const messages;
    auto* const handle = GDALOpenEx(file.c_str(), GDAL_OF_RASTER | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR,
                                    drivers_for(file).data(), nullptr, nullptr);
    if (!handle)
        fail("{}: cannot be opened as an image: {}", file.string(), messages.text());
    return Dataset{GDALDataset::FromHandle(handle)};
}

SampleType sample_type(GDALDataset& dataset, fs::path const& file)
{
    auto const type = dataset.GetRasterBand(1)->GetRasterDataType();
    for (int band = 2; band <= dataset.GetRasterCount(); ++band)
        if (dataset.GetRasterBand(band)->GetRasterDataType() != type)
            fail("{}: its bands have different sample types", file.string());
    switch (type) {
    case GDT_Byte:
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
    return Crs::from_definition(wkt.get());
}

GDALDataType gdal_type(SampleType type)
{
    return type == SampleType::uint8 ? GDT_Byte : type == SampleType::uint16 ? GDT_UInt16 : GDT_Float32;
}

bool is_pattern(std::string_view argument)
{
    return argument.find_first_of("*?[") != std::string_view::npos;
}

/// What GDAL, QGIS and others leave beside images.
bool is_sidecar(fs::path const& file)
{
    static constexpr std::string_view endings[] = {
        ".xml", ".ovr",     ".msk",  ".json", ".txt", ".md",  ".tfw", ".jgw",  ".pgw",
        ".wld", ".j2w",     ".prj",  ".tab",  ".qml", ".csv", ".pdf", ".html", ".md5",
        ".vrt", ".geojson", ".list", ".shp",  ".shx", ".dbf", ".cpg", ".gpkg"};
    auto ending = file.extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    return ending.empty() || file.filename().string().starts_with('.') ||
           std::find(std::begin(endings), std::end(endings), ending) != std::end(endings);
}

void add_folder(fs::path const& folder, std::vector<fs::path>& files)
{
    auto const before = files.size();
    for (auto const& entry : fs::recursive_directory_iterator{folder})
        if (entry.is_regular_file() && !is_sidecar(entry.path()))
            files.push_back(entry.path());
    if (files.size() == before)
        fail("{}: there is no image in this folder", folder.string());
}

void add_pattern(std::string const& pattern, std::vector<fs::path>& files)
{
    glob_t found{};
    int const result = ::glob(pattern.c_str(), 0, nullptr, &found);
    for (std::size_t i = 0; result == 0 && i < found.gl_pathc; ++i)
        files.emplace_back(found.gl_pathv[i]);
    ::globfree(&found);
    if (result != 0)
        fail("{}: no file is called like that", pattern);
}

/// Validity from values: 255 where any band differs from its nodata.
template <typename Sample>
void mark_nodata(Raster const& pixels, std::span<double const> nodata, Raster& validity)
{
    auto const shape = pixels.shape();
    std::vector<Sample> nothing;
    for (double const value : nodata)
        nothing.push_back(static_cast<Sample>(value));
    for (std::int32_t y = 0; y < shape.height; ++y) {
        auto const* samples = pixels.row<Sample>(y);
        auto* valid = validity.row(y);
        for (std::int32_t x = 0; x < shape.width; ++x, samples += shape.channels) {
            bool const same = std::equal(nothing.begin(), nothing.end(), samples, [](Sample a, Sample b) {
                return a == b || (a != a && b != b); // NaN is a nodata of its own
            });
            if (same)
                valid[x] = 0;
        }
    }
}

} // namespace

std::vector<fs::path> find_source_files(std::span<std::string const> arguments)
{
    std::vector<fs::path> files;
    for (auto const& argument : arguments) {
        std::error_code ignored;
        if (fs::is_directory(argument, ignored))
            add_folder(argument, files);
        else if (fs::exists(argument, ignored))
            files.emplace_back(argument);
        else if (is_pattern(argument))
            add_pattern(argument, files);
        else
            fail("{}: there is no such file or folder", argument);
    }
    std::sort(files.begin(), files.end());
    files.erase(std::unique(files.begin(), files.end()), files.end());
    return files;
}

Source describe_source(fs::path const& file, SourceOptions const& options)
{
    auto const dataset = open(file);
    if (dataset->GetRasterCount() == 0)
        fail("{}: has no bands", file.string());
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
    source.bands = dataset->GetRasterCount();
    source.type = sample_type(*dataset, file);
    source.palette = dataset->GetRasterBand(1)->GetColorTable() != nullptr;
    return source;
}

struct SourceReader::Impl {
    static constexpr std::size_t most_open = 24;

    SourceOptions options;
    std::list<std::pair<fs::path, Dataset>> open_datasets; // most recently used first

    GDALDataset& dataset(fs::path const& file)
    {
        auto found = std::find_if(open_datasets.begin(), open_datasets.end(),
                                  [&](auto const& one) { return one.first == file; });
        if (found == open_datasets.end()) {
            if (open_datasets.size() >= most_open)
                open_datasets.pop_back();
            open_datasets.emplace_front(file, open(file));
        } else {
            open_datasets.splice(open_datasets.begin(), open_datasets, found);
        }
        return *open_datasets.front().second;
    }

    /// The nodata of each band read, or nothing when one has none or one that its type cannot hold.
    std::vector<double> nodata_of(GDALDataset& dataset, std::span<int const> bands, SampleType type) const
    {
        std::vector<double> values;
        for (int const number : bands) {
            int stated = 0;
            double value = dataset.GetRasterBand(number)->GetNoDataValue(&stated);
            if (options.nodata) {
                value = *options.nodata;
                stated = 1;
            }
            if (!stated || !can_hold(type, value))
                return {};
            values.push_back(value);
        }
        return values;
    }

    void read_validity(GDALDataset& dataset, Source const& source, PixelBox window,
                       std::span<int const> bands, MaskedRaster& into) const
    {
        auto const shape = into.pixels.shape();
        std::fill(into.validity.bytes().begin(), into.validity.bytes().end(), std::byte{255});
        if (auto const nodata = nodata_of(dataset, bands, source.type); !nodata.empty()) {
            switch (source.type) {
            case SampleType::uint8:
                mark_nodata<std::uint8_t>(into.pixels, nodata, into.validity);
                break;
            case SampleType::uint16:
                mark_nodata<std::uint16_t>(into.pixels, nodata, into.validity);
                break;
            case SampleType::float32:
                mark_nodata<float>(into.pixels, nodata, into.validity);
                break;
            }
        }
        auto* const band = dataset.GetRasterBand(bands.front());
        int const flags = band->GetMaskFlags();
        bool const masked = (flags & GMF_PER_DATASET) != 0 && !alpha_is_data(dataset, bands, flags);
        if (!masked)
            return;
        GdalMessages const messages;
        GDALRasterIOExtraArg extra;
        INIT_RASTERIO_EXTRA_ARG(extra);
        extra.eResampleAlg = GRIORA_Average;
        Raster mask{{shape.width, shape.height, 1, SampleType::uint8}};
        if (band->GetMaskBand()->RasterIO(GF_Read, window.x, window.y, window.width, window.height,
                                          mask.row(0), shape.width, shape.height, GDT_Byte, 1, shape.width,
                                          &extra) != CE_None ||
            messages.any())
            fail("{}: its mask cannot be read: {}", source.file.string(), messages.text());
        auto const values = mask.bytes();
        auto validity = into.validity.bytes();
        for (std::size_t i = 0; i < values.size(); ++i)
            validity[i] = std::min(validity[i], values[i]);
    }

    static bool alpha_is_data(GDALDataset& dataset, std::span<int const> bands, int flags)
    {
        return (flags & GMF_ALPHA) != 0 && std::any_of(bands.begin(), bands.end(), [&](int number) {
                   return dataset.GetRasterBand(number)->GetColorInterpretation() == GCI_AlphaBand;
               });
    }
};

SourceReader::SourceReader(SourceOptions options) : impl_{std::make_unique<Impl>()}
{
    impl_->options = std::move(options);
}

SourceReader::~SourceReader() = default;

MaskedRaster SourceReader::read(Source const& source, PixelBox window, std::span<int const> bands,
                                int decimation)
{
    auto& dataset = impl_->dataset(source.file);
    if (dataset.GetRasterXSize() != source.width || dataset.GetRasterYSize() != source.height)
        fail("{}: has changed since the build began", source.file.string());
    RasterShape const shape{(window.width + decimation - 1) / decimation,
                            (window.height + decimation - 1) / decimation,
                            static_cast<std::int32_t>(bands.size()), source.type};
    MaskedRaster result{shape};
    GDALRasterIOExtraArg extra;
    INIT_RASTERIO_EXTRA_ARG(extra);
    extra.eResampleAlg = decimation > 1 ? GRIORA_Average : GRIORA_NearestNeighbour;
    std::vector<int> numbers{bands.begin(), bands.end()};
    GdalMessages const messages;
    auto const pixel = static_cast<GSpacing>(shape.bytes_per_pixel());
    auto const result_code =
        dataset.RasterIO(GF_Read, window.x, window.y, window.width, window.height,
                         result.pixels.bytes().data(), shape.width, shape.height, gdal_type(source.type),
                         shape.channels, numbers.data(), pixel, static_cast<GSpacing>(shape.bytes_per_row()),
                         static_cast<GSpacing>(bytes_per_sample(shape.type)), &extra);
    if (result_code != CE_None || messages.any())
        fail("{}: cannot be read: {}", source.file.string(), messages.text());
    impl_->read_validity(dataset, source, window, bands, result);
    return result;
}

} // namespace ardoise
