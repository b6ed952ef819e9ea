// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/product_writer.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/base/number.hpp"
#include "pyramid/build/bake.hpp"
#include "pyramid/store/checksums.hpp"
#include "pyramid/store/slab_path.hpp"

#include <fmt/chrono.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <mutex>

#include <unistd.h>

namespace ardoise {

namespace fs = std::filesystem;

namespace {

constexpr int path_depth = 2; // folders below the level's, as ROK4's tools do

/// Now, or SOURCE_DATE_EPOCH for builds that must come out the same (reproducible-builds.org).
std::string creation_time()
{
    std::time_t seconds = std::time(nullptr);
    if (char const* fixed = std::getenv("SOURCE_DATE_EPOCH"))
        seconds = static_cast<std::time_t>(std::strtoll(fixed, nullptr, 10));
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(seconds));
}

std::vector<double> nodata_for(SampleType type, std::size_t channels, std::optional<double> stated)
{
    double const usual = type == SampleType::uint8 ? 255 : type == SampleType::uint16 ? 0 : -99999;
    return std::vector<double>(channels, stated.value_or(usual));
}

/// A set that we do not ship goes with the pyramid, so that every reader of the store finds it.
void publish_set(fs::path const& store, TileMatrixSet const& set)
{
    auto const shipped = TileMatrixSetLibrary::shipped();
    if (std::find(shipped.begin(), shipped.end(), set.id) == shipped.end())
        write_atomically(store / "tilematrixsets" / (set.id + ".json"), to_json(set).pretty_text());
}

/// What builds that were killed have left for this product.
void remove_leftovers(fs::path const& store, std::string const& name)
{
    auto const prefix = fmt::format(".{}.building-", name);
    std::error_code ignored;
    for (fs::directory_iterator it{store, ignored}, end; it != end; it.increment(ignored)) {
        auto const left = it->path().filename().string();
        auto const process = left.starts_with(prefix)
                                 ? parse_number<int>(std::string_view{left}.substr(prefix.size()))
                                 : std::nullopt;
        bool const is_dead = process && ::kill(*process, 0) != 0 && errno == ESRCH;
        if (is_dead)
            fs::remove_all(it->path(), ignored);
    }
}

} // namespace

TileFormat storage_format(Product const& product, SampleType type)
{
    auto const& format = product.format;
    std::string const family = format == "jpg" || format == "jpeg" ? "JPG"
                               : format == "png"                   ? "PNG"
                               : format == "webp"                  ? "WEBP"
                               : format == "zip"                   ? "ZIP"
                               : format == "lzw"                   ? "LZW"
                               : format == "pkb"                   ? "PKB"
                               : format == "raw"                   ? "RAW"
                                                                   : "";
    if (family.empty())
        fail("the format \"{}\" is not known; there are jpg, png, webp, zip, lzw, pkb and raw", format);
    auto const samples = type == SampleType::uint8    ? "UINT8"
                         : type == SampleType::uint16 ? "UINT16"
                                                      : "FLOAT32";
    auto const* found = find_tile_format(fmt::format("TIFF_{}_{}", family, samples));
    auto const channels = product.bands.size();
    bool const fits =
        (family != "JPG" || channels == 3 || channels == 1) && (family != "WEBP" || channels >= 3);
    if (!found || !fits)
        fail("the product {} cannot be stored as {}: {} bands of {} do not fit it; use zip", product.name,
             format, channels, samples);
    return *found;
}

struct ProductWriter::Impl {
    Product product;
    fs::path store, building;
    Pyramid pyramid;
    std::vector<int> channels; // of the product, among the bands that are read
    std::size_t source_count = 0;
    bool published = false, store_was_there = true;

    std::mutex mutex;
    std::vector<SlabChecksum> written;
    bool masked = false;

    fs::path folder() const { return store / product.name; }
    void write_file(char const* kind, Level const& level, TileIndex slab, ByteView bytes);
    std::string list() const;
    Json descriptor();
    void take_name();
    void give_name_back();
};

ProductWriter::ProductWriter(Product const& product, PreparedBuild const& prepared)
    : impl_{std::make_unique<Impl>()}
{
    auto& self = *impl_;
    self.product = product;
    self.store = prepared.options.store;
    self.building = self.store / fmt::format(".{}.building-{}", product.name, ::getpid());
    std::error_code ignored;
    self.store_was_there = fs::exists(self.store, ignored);
    remove_leftovers(self.store, product.name);
    self.source_count = prepared.source_count;
    for (int const band : product.bands)
        self.channels.push_back(static_cast<int>(
            std::find(prepared.bands.begin(), prepared.bands.end(), band) - prepared.bands.begin()));

    auto& pyramid = self.pyramid;
    pyramid.name = product.name;
    pyramid.set = prepared.plan.set;
    pyramid.format = storage_format(product, prepared.type);
    pyramid.channels = static_cast<std::int32_t>(product.bands.size());
    pyramid.nodata = nodata_for(prepared.type, product.bands.size(), prepared.options.source.nodata);
    pyramid.photometric = pyramid.channels < 3 ? "gray" : "rgb";
    pyramid.interpolation = rok4_name(prepared.options.resampling);
    for (auto const& planned : prepared.plan.levels) {
        Level level;
        level.id = pyramid.set->matrices[planned.matrix].id;
        level.matrix = planned.matrix;
        level.tiles_per_width = prepared.plan.slab_width;
        level.tiles_per_height = prepared.plan.slab_height;
        level.limits = planned.limits;
        level.path_depth = path_depth;
        pyramid.levels.push_back(std::move(level));
    }
}

ProductWriter::ProductWriter(ProductWriter&&) noexcept = default;

ProductWriter::~ProductWriter()
{
    if (!impl_ || impl_->published)
        return;
    std::error_code ignored;
    fs::remove_all(impl_->building, ignored);
    fs::remove(impl_->store / (impl_->product.name + ".list"), ignored);
    if (!impl_->store_was_there)
        fs::remove(impl_->store, ignored); // does nothing where another has put something
}

SlabLayout ProductWriter::layout(std::size_t level, TileIndex slab) const
{
    return impl_->pyramid.layout(impl_->pyramid.levels[level], slab);
}

void ProductWriter::Impl::write_file(char const* kind, Level const& level, TileIndex slab, ByteView bytes)
{
    auto const name = fs::path{kind} / level.id / slab_path(slab, path_depth);
    AtomicFile file{building / name};
    file.write(bytes);
    file.publish();
    std::scoped_lock const lock{mutex};
    written.push_back({name.string(), hash_of(bytes), bytes.size()});
}

void ProductWriter::write(std::size_t number, TileIndex slab, MaskedView pixels)
{
    auto const& level = impl_->pyramid.levels[number];
    auto const files = encode_slab(pixels, layout(number, slab), impl_->channels, impl_->pyramid.nodata,
                                   impl_->product.quality);
    if (files.data)
        impl_->write_file("DATA", level, slab, *files.data);
    if (files.mask) {
        impl_->write_file("MASK", level, slab, *files.mask);
        std::scoped_lock const lock{impl_->mutex};
        impl_->masked = true;
    }
}

std::string ProductWriter::Impl::list() const
{
    auto text = fmt::format("0={}\n#\n", fs::absolute(folder()).lexically_normal().string());
    for (auto const& file : written)
        text += fmt::format("0/{}\n", file.slab);
    return text;
}

Json ProductWriter::Impl::descriptor()
{
    if (masked)
        for (auto& level : pyramid.levels)
            level.mask_directory = folder() / "MASK" / level.id;
    auto bands = Json::array();
    for (int const band : product.bands)
        bands.add(band);
    return to_json(pyramid,
                   Json::object({{"revision", 1},
                                 {"created", creation_time()},
                                 {"sources", static_cast<std::int64_t>(source_count)},
                                 {"bands", bands},
                                 {"checksums", fmt::format("{}/{}", product.name, checksums_file_name)}}));
}

void ProductWriter::Impl::take_name()
{
    // A folder without a descriptor is what a build left that was killed just here.
    std::error_code trouble;
    if (fs::exists(folder() / checksums_file_name, trouble))
        fs::remove_all(folder(), trouble);
    fs::rename(building, folder(), trouble);
    if (trouble)
        fail("{}: cannot take its name: {}", folder().string(), trouble.message());
}

void ProductWriter::Impl::give_name_back()
{
    std::error_code ignored;
    fs::rename(folder(), building, ignored);
}

std::pair<std::size_t, std::uint64_t> ProductWriter::publish()
{
    auto& self = *impl_;
    if (self.written.empty())
        fail("the sources hold no data at all: nothing was built for {}", self.product.name);
    std::sort(self.written.begin(), self.written.end(),
              [](auto const& a, auto const& b) { return a.slab < b.slab; });
    write_checksums(self.building / checksums_file_name, self.written);
    publish_set(self.store, *self.pyramid.set);
    write_atomically(self.store / (self.product.name + ".list"), self.list());
    self.take_name();
    try {
        write_atomically(self.store / (self.product.name + ".json"), self.descriptor().pretty_text());
    } catch (...) {
        self.give_name_back();
        throw;
    }
    self.published = true;
    std::uint64_t bytes = 0;
    for (auto const& file : self.written)
        bytes += file.bytes;
    return {self.written.size(), bytes};
}

} // namespace ardoise
