// SPDX-License-Identifier: Apache-2.0
#include "pyramid/sources/source_reader.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/sources/colour_table.hpp"
#include "pyramid/sources/dataset.hpp"
#include "pyramid/sources/edge_mask.hpp"
#include "pyramid/sources/nodata.hpp"
#include "pyramid/sources/tiff_file.hpp"

#include <algorithm>
#include <cstring>
#include <list>
#include <string_view>
#include <vector>

namespace ardoise {

namespace {

namespace fs = std::filesystem;

/// A source that is open, and what was found out about those of its bands that are read.
struct OpenSource {
    fs::path file;
    Dataset dataset;
    std::optional<TiffFile> plain;  // reads its pixels, if it is there
    std::vector<int> bands;         // the rest holds for these
    GDALRasterBand* mask = nullptr; // none: no mask and no alpha
    Nodata nodata;
    ColourTable colours;
    std::optional<EdgeMask> edge; // made when it is first needed

    OpenSource(fs::path path, Dataset opened) : file{std::move(path)}, dataset{std::move(opened)} {}

    bool all_data(SourceOptions const& options) const
    {
        return !mask && nodata.empty() && colours.opaque() && !options.nodata_edge;
    }
};

bool contains(std::span<int const> bands, int band)
{
    return std::find(bands.begin(), bands.end(), band) != bands.end();
}

bool is_tiff(GDALDataset& dataset)
{
    auto* const driver = dataset.GetDriver();
    return driver && std::string_view{driver->GetDescription()} == "GTiff";
}

int alpha_band(GDALDataset& dataset)
{
    for (int band = 1; band <= dataset.GetRasterCount(); ++band)
        if (dataset.GetRasterBand(band)->GetColorInterpretation() == GCI_AlphaBand)
            return band;
    return 0;
}

/// The band that says where there is data: a mask, or alpha unless it is asked for as data.
GDALRasterBand* mask_of(GDALDataset& dataset, std::span<int const> bands)
{
    auto* const first = dataset.GetRasterBand(bands.front());
    int const flags = first->GetMaskFlags();
    int const alpha = alpha_band(dataset);
    bool const for_this_band_alone = flags == 0;
    if ((flags & GMF_ALPHA) == 0 && (for_this_band_alone || (flags & GMF_PER_DATASET) != 0))
        return first->GetMaskBand();
    if (alpha == 0 || contains(bands, alpha))
        return nullptr;
    // GDAL scales alpha to 0..255, but passes it over when there is nodata as well.
    return (flags & GMF_ALPHA) != 0 ? first->GetMaskBand() : dataset.GetRasterBand(alpha);
}

/// The nodata of each band read, or nothing when one has none.
std::vector<double> nodata_of(GDALDataset& dataset, std::span<int const> bands, std::optional<double> stated)
{
    std::vector<double> values;
    for (int const number : bands) {
        int has_one = 0;
        double const value = dataset.GetRasterBand(number)->GetNoDataValue(&has_one);
        if (!stated && has_one == 0)
            return {};
        values.push_back(stated.value_or(value));
    }
    return values;
}

[[noreturn]] void fail_reading(Source const& source, char const* what, GdalMessages const& messages)
{
    fail("{}: {} cannot be read: {}", source.file.string(), what, messages.text());
}

Validity none_partial_or_full(MaskedRaster const& raster, PixelBox part)
{
    return validity_of(raster.view().crop(part));
}

void fill_validity(Raster& validity, PixelBox part, std::uint8_t value)
{
    for (std::int32_t row = part.y; row < part.y + part.height; ++row)
        std::memset(validity.row(row) + part.x, value, static_cast<std::size_t>(part.width));
}

} // namespace

struct SourceReader::Impl {
    static constexpr std::size_t most_open = 12; // a thread: each has two descriptors, libtiff's and GDAL's
    static constexpr std::uint64_t own_cache = 64 << 20;

    SourceOptions options;
    std::shared_ptr<BlockCache> blocks;
    std::list<OpenSource> open_sources; // most recently used first
    std::vector<std::uint8_t> mask_samples;
    std::vector<std::uint16_t> indices;

    OpenSource& open(Source const& source, std::span<int const> bands)
    {
        auto const found = std::find_if(open_sources.begin(), open_sources.end(),
                                        [&](OpenSource const& one) { return one.file == source.file; });
        if (found != open_sources.end()) {
            open_sources.splice(open_sources.begin(), open_sources, found);
        } else {
            if (open_sources.size() >= most_open)
                open_sources.pop_back();
            open_sources.emplace_front(source.file, open_dataset(source.file, options.variable));
        }
        auto& opened = open_sources.front();
        if (opened.dataset->GetRasterXSize() != source.width ||
            opened.dataset->GetRasterYSize() != source.height ||
            opened.dataset->GetRasterCount() != (source.palette ? 1 : source.bands))
            fail("{}: has changed since the build began", source.file.string());
        if (!std::equal(bands.begin(), bands.end(), opened.bands.begin(), opened.bands.end()))
            prepare(opened, source, bands);
        return opened;
    }

    /// Finds out what says where there is data.
    void prepare(OpenSource& opened, Source const& source, std::span<int const> bands) const
    {
        if (bands.size() > 4)
            fail(
                "{}: {} of its bands are asked for at once; a build reads at most 4, so build products apart",
                source.file.string(), bands.size());
        auto& dataset = *opened.dataset;
        opened.bands.assign(bands.begin(), bands.end());
        if (source.palette) {
            std::vector<int> const only{1};
            opened.mask = mask_of(dataset, only);
            auto const nodata = nodata_of(dataset, only, options.nodata);
            auto& band = *dataset.GetRasterBand(1);
            auto const type = band.GetRasterDataType() == GDT_Byte ? SampleType::uint8 : SampleType::uint16;
            if (!band.GetColorTable())
                fail("{}: has changed since the build began", source.file.string());
            opened.colours = ColourTable{*band.GetColorTable(), type, bands,
                                         nodata.empty() ? std::nullopt : std::optional{nodata.front()}};
        } else {
            opened.mask = mask_of(dataset, bands);
            opened.nodata = Nodata{nodata_of(dataset, bands, options.nodata), source.type};
        }
        // Where a band is the mask, GDAL decodes its blocks anyway.
        bool const alpha_masks = opened.mask && alpha_band(dataset) != 0;
        opened.plain = is_tiff(dataset) && !alpha_masks ? TiffFile::open(source, blocks) : std::nullopt;
    }

    static void read_pixels(OpenSource& opened, Source const& source, PixelBox window, Raster& into,
                            std::int32_t x, std::int32_t y)
    {
        if (opened.plain && opened.plain->read(window, opened.bands, into, x, y))
            return;
        auto const& shape = into.shape();
        auto const pixel = shape.bytes_per_pixel();
        GdalMessages const messages;
        auto const result = opened.dataset->RasterIO(
            GF_Read, window.x, window.y, window.width, window.height,
            into.row<std::byte>(y) + static_cast<std::size_t>(x) * pixel, window.width, window.height,
            gdal_type(shape.type), shape.channels, opened.bands.data(), static_cast<GSpacing>(pixel),
            static_cast<GSpacing>(shape.bytes_per_row()), static_cast<GSpacing>(bytes_per_sample(shape.type)),
            nullptr);
        if (result != CE_None || messages.any())
            fail_reading(source, "it", messages);
    }

    Validity read_palette(OpenSource& opened, Source const& source, PixelBox window, MaskedRaster& into,
                          std::int32_t x, std::int32_t y)
    {
        indices.resize(static_cast<std::size_t>(window.width) * static_cast<std::size_t>(window.height));
        GdalMessages const messages;
        if (opened.dataset->GetRasterBand(1)->RasterIO(GF_Read, window.x, window.y, window.width,
                                                       window.height, indices.data(), window.width,
                                                       window.height, GDT_UInt16, 0, 0, nullptr) != CE_None ||
            messages.any())
            fail_reading(source, "it", messages);
        opened.colours.expand(indices, window.width, into, x, y);
        PixelBox const part{x, y, window.width, window.height};
        return opened.colours.opaque() ? Validity::full : none_partial_or_full(into, part);
    }

    /// The mask takes its share of what is valid so far.
    void apply_mask(OpenSource& opened, Source const& source, PixelBox window, Raster& validity,
                    std::int32_t x, std::int32_t y)
    {
        mask_samples.resize(static_cast<std::size_t>(window.width) * static_cast<std::size_t>(window.height));
        GdalMessages const messages;
        if (opened.mask->RasterIO(GF_Read, window.x, window.y, window.width, window.height,
                                  mask_samples.data(), window.width, window.height, GDT_Byte, 0, 0,
                                  nullptr) != CE_None ||
            messages.any())
            fail_reading(source, "its mask", messages);
        auto const* mask = mask_samples.data();
        for (std::int32_t row = 0; row < window.height; ++row, mask += window.width) {
            auto* const valid = validity.row(y + row) + x;
            std::transform(valid, valid + window.width, mask, valid,
                           [](std::uint8_t a, std::uint8_t b) { return std::min(a, b); });
        }
    }

    void apply_edge(OpenSource& opened, Source const& source, PixelBox window, Raster& validity,
                    std::int32_t x, std::int32_t y) const
    {
        if (!opened.edge)
            opened.edge.emplace(*opened.dataset, source,
                                EdgeValue{*options.nodata_edge, options.nodata_edge_near});
        opened.edge->clear_edge(window, validity, x, y);
    }
};

SourceReader::SourceReader(SourceOptions options, std::shared_ptr<BlockCache> blocks)
    : impl_{std::make_unique<Impl>()}
{
    impl_->options = std::move(options);
    impl_->blocks = blocks ? std::move(blocks) : std::make_shared<BlockCache>(Impl::own_cache);
}

SourceReader::~SourceReader() = default;

Validity SourceReader::read(Source const& source, PixelBox window, std::span<int const> bands,
                            MaskedRaster& into, std::int32_t x, std::int32_t y)
{
    auto& opened = impl_->open(source, bands);
    PixelBox const part{x, y, window.width, window.height};
    Validity found = Validity::full;
    if (source.palette) {
        found = impl_->read_palette(opened, source, window, into, x, y);
    } else {
        Impl::read_pixels(opened, source, window, into.pixels, x, y);
        if (opened.nodata.empty())
            fill_validity(into.validity, part, 255);
        else
            found = opened.nodata.mark(into, part);
    }
    if (!opened.mask && !impl_->options.nodata_edge)
        return found;
    if (opened.mask)
        impl_->apply_mask(opened, source, window, into.validity, x, y);
    if (impl_->options.nodata_edge)
        impl_->apply_edge(opened, source, window, into.validity, x, y);
    return none_partial_or_full(into, part);
}

MaskedRaster SourceReader::read(Source const& source, PixelBox window, std::span<int const> bands)
{
    MaskedRaster result{{window.width, window.height, static_cast<std::int32_t>(bands.size()), source.type}};
    read(source, window, bands, result, 0, 0);
    return result;
}

bool SourceReader::is_all_data(Source const& source, std::span<int const> bands)
{
    return impl_->open(source, bands).all_data(impl_->options);
}

void limit_gdal_cache(std::uint64_t bytes)
{
    GDALSetCacheMax64(static_cast<GIntBig>(bytes));
}

} // namespace ardoise
