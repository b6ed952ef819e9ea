// SPDX-License-Identifier: Apache-2.0
#include "server/catalog/catalog.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/base/log.hpp"
#include "pyramid/store/checksums.hpp"
#include "server/catalog/catalog_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include <sys/stat.h>

namespace ardoise {

namespace fs = std::filesystem;

namespace {

/// Sets that every layer is offered in beside its own, and systems that every layer is offered in where it
/// makes sense: Lambert-93, the conformal conic of Nantes, Web Mercator, geographic.
constexpr char const* further_sets[] = {"WebMercatorQuad", "PM"};
constexpr char const* further_crs[] = {"EPSG:3857", "EPSG:4326", "CRS:84", "EPSG:2154", "EPSG:3947"};

Offer offer_to_all(TileMatrixSetLibrary const& sets)
{
    Offer offer;
    for (auto const* id : further_sets)
        offer.sets.push_back(sets.get(id));
    for (auto const* code : further_crs)
        offer.crs.push_back(Crs::from_definition(code));
    return offer;
}

/// Where the pixels lie, which the descriptor leaves to the set: its file may change alone.
std::string facts_of_grid(Pyramid const& pyramid)
{
    auto facts = pyramid.set->crs.definition();
    for (auto const& level : pyramid.levels) {
        auto const& matrix = pyramid.matrix(level);
        facts += fmt::format(" {} {} {} {}x{}", matrix.cell_size, matrix.origin_x, matrix.origin_y,
                             matrix.tile_width, matrix.tile_height);
    }
    return facts;
}

struct stat status_of(fs::path const& file)
{
    struct stat status {};
    ::stat(file.c_str(), &status);
    return status;
}

std::string time_of(struct stat const& status)
{
    return fmt::format("{} {}", status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
}

/// Two pyramids with the same fingerprint have the same tiles in the same places: the descriptor's text, the
/// set's grid and the slabs' checksums; without these (ROK4's own) the time to the nanosecond stands for
/// them.
std::uint64_t fingerprint_of(std::string const& descriptor, struct stat const& status, Pyramid const& pyramid)
{
    auto facts = descriptor + facts_of_grid(pyramid);
    auto const checksums = pyramid.folder / checksums_file_name;
    if (std::error_code ignored; fs::exists(checksums, ignored))
        facts += read_text(checksums, std::size_t{4} << 30);
    else
        facts += time_of(status);
    return hash_of(as_bytes(facts));
}

/// The folder that the slabs lie in, and the descriptor's time, by which a repair says that some of them are
/// other files.
std::uint64_t files_of(struct stat const& descriptor, Pyramid const& pyramid)
{
    auto const folder = status_of(pyramid.finest().directory);
    auto const facts = fmt::format("{} {} {}", folder.st_dev, folder.st_ino, time_of(descriptor));
    return hash_of(as_bytes(facts));
}

/// What a file came to: a layer, or why it is none; neither where it describes no pyramid (a style, a note),
/// which is no mistake.
struct Reading {
    std::shared_ptr<Layer const> layer;
    std::string trouble;
};

Reading read_layer(fs::path const& file, TileMatrixSetLibrary const& sets, Offer const& further,
                   Layer const* before)
try {
    auto const status = status_of(file); // first: what changes from here on makes another one
    auto const text = read_text(file);
    auto const json = parse_json(text, file.string());
    if (!json.find("tile_matrix_set"))
        return {};
    auto pyramid = read_pyramid(json, file, sets);
    Origin const origin{.modified = std::chrono::system_clock::from_time_t(status.st_mtim.tv_sec),
                        .fingerprint = fingerprint_of(text, status, pyramid),
                        .files = files_of(status, pyramid)};
    return {make_layer(std::move(pyramid), origin, further, before), {}};
} catch (std::exception const& failure) {
    return {nullptr, failure.what()};
}

/// Calls `task` with each number below `count`, on `threads` threads at the most. It must not throw.
template <typename Task>
void share_out(std::size_t count, std::size_t threads, Task const& task)
{
    std::atomic<std::size_t> next = 0;
    auto const work = [&] {
        for (auto number = next++; number < count; number = next++)
            task(number);
    };
    std::vector<std::jthread> others;
    while (others.size() + 1 < threads)
        others.emplace_back(work);
    work();
}

/// At the start nobody is served yet; later the cores belong to those who are. Each thread sets PROJ up for
/// itself, which is worth a hundred layers.
std::size_t threads_for(std::size_t layers, Catalog const* previous)
{
    if (previous)
        return 1;
    return std::min<std::size_t>(std::max(1U, std::thread::hardware_concurrency()), 1 + layers / 100);
}

} // namespace

Catalog::Catalog(CatalogOptions options, std::vector<std::shared_ptr<Layer const>> layers)
    : options_{std::move(options)}, layers_{std::move(layers)}
{
    for (auto const& layer : layers_) {
        by_name_.emplace(layer->name, layer);
        for (auto const& crs : layer->crs_list)
            add_names(crs);
    }
    common_crs_ = layers_.empty() ? std::vector<Crs>{} : layers_.front()->crs_list;
    std::erase_if(common_crs_, [&](Crs const& crs) {
        return crs.code().empty() || !std::all_of(layers_.begin(), layers_.end(), [&](auto const& layer) {
                   return std::find(layer->crs_list.begin(), layer->crs_list.end(), crs) !=
                          layer->crs_list.end();
               });
    });
}

void Catalog::add_names(Crs const& crs)
{
    if (crs.code().empty())
        return;
    crs_by_name_.emplace(crs.code(), crs);
    crs_by_name_.emplace(crs.urn(), crs);
    if (crs.epsg() > 0)
        crs_by_name_.emplace(fmt::format("http://www.opengis.net/def/crs/EPSG/0/{}", crs.epsg()), crs);
    if (crs.code() == "CRS:84")
        crs_by_name_.emplace("http://www.opengis.net/def/crs/OGC/1.3/CRS84", crs);
    if (crs.epsg() == 2154)
        crs_by_name_.emplace("IGNF:LAMB93", crs);
    if (crs.epsg() == 3857)
        crs_by_name_.emplace("EPSG:900913", crs);
}

std::shared_ptr<Layer const> Catalog::find_layer(std::string_view name) const
{
    auto const found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : found->second;
}

Crs const* Catalog::find_crs(std::string_view name) const
{
    auto const found = crs_by_name_.find(name);
    return found == crs_by_name_.end() ? nullptr : &found->second;
}

std::shared_ptr<Catalog const> load_catalog(CatalogOptions const& options, Catalog const* previous,
                                            Reread reread)
{
    check_store(options);
    TileMatrixSetLibrary const sets{set_folders(options)};
    auto const further = offer_to_all(sets);
    auto const files = json_files(options.store);
    if (files.empty() && reread == Reread::changes && previous && !previous->layers().empty())
        fail("{}: all descriptors have gone at once, as when a disk is not mounted; if they were "
             "taken away, send SIGHUP",
             options.store.string());
    auto const published = [&](fs::path const& file) {
        return previous ? previous->find_layer(file.stem().string()) : nullptr;
    };
    std::vector<Reading> readings(files.size());
    share_out(files.size(), threads_for(files.size(), previous), [&](std::size_t number) {
        auto const& file = files[number];
        auto const before = reread == Reread::changes ? published(file) : nullptr;
        readings[number] = read_layer(file, sets, further, before.get());
    });

    std::vector<std::shared_ptr<Layer const>> layers;
    for (std::size_t i = 0; i < files.size(); ++i) {
        auto& [layer, trouble] = readings[i];
        if (!trouble.empty()) {
            layer = published(files[i]);
            log(LogLevel::warning, layer ? "layer stays as it was" : "layer left out",
                {{"file", files[i].string()}, {"reason", trouble}});
        }
        if (layer)
            layers.push_back(std::move(layer));
    }
    return std::make_shared<Catalog const>(options, std::move(layers));
}

} // namespace ardoise
