// SPDX-License-Identifier: Apache-2.0
#include "server/catalog/catalog.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/letter_case.hpp"
#include "pyramid/base/log.hpp"
#include "pyramid/store/checksums.hpp"
#include "server/catalog/catalog_files.hpp"

#include <fmt/format.h>

#include <algorithm>

#include <sys/stat.h>

namespace ardoise {

namespace fs = std::filesystem;

namespace {

/// Sets that every layer is offered in beside its own, and systems that every layer is offered in where it
/// makes sense: Lambert-93, the conformal conic of Nantes, Web Mercator, geographic.
constexpr char const* further_sets[] = {"WebMercatorQuad", "PM"};
constexpr char const* further_crs[] = {"EPSG:3857", "EPSG:4326", "CRS:84", "EPSG:2154", "EPSG:3947"};

/// A JSON file that describes no pyramid (a style, a note) is no layer, and no mistake either.
bool is_descriptor(fs::path const& file)
{
    return read_json(file).find("tile_matrix_set") != nullptr;
}

/// Where the pixels lie, which the descriptor leaves to the set: its file may change alone.
std::string facts_of_grid(Pyramid const& pyramid)
{
    auto facts = pyramid.set->crs.definition();
    for (auto const& level : pyramid.levels) {
        auto const& matrix = pyramid.matrix(level);
        facts += fmt::format(" {} {} {}", matrix.cell_size, matrix.origin_x, matrix.origin_y);
    }
    return facts;
}

/// Two pyramids with the same fingerprint have the same tiles in the same places: the descriptor's text, the
/// set's grid and the slabs' checksums; without these (ROK4's own) the time to the nanosecond stands for
/// them.
Origin origin_of(fs::path const& descriptor, Pyramid const& pyramid)
{
    auto facts = read_text(descriptor) + facts_of_grid(pyramid);
    struct stat status {};
    ::stat(descriptor.c_str(), &status);
    auto const checksums = pyramid.folder / checksums_file_name;
    if (std::error_code ignored; fs::exists(checksums, ignored))
        facts += read_text(checksums, std::size_t{4} << 30);
    else
        facts += fmt::format("{} {}", status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
    return {std::chrono::system_clock::from_time_t(status.st_mtim.tv_sec), hash_of(as_bytes(facts))};
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
    crs_by_name_.emplace(upper_case(crs.code()), crs);
    crs_by_name_.emplace(upper_case(crs.urn()), crs);
    if (crs.epsg() > 0)
        crs_by_name_.emplace(fmt::format("HTTP://WWW.OPENGIS.NET/DEF/CRS/EPSG/0/{}", crs.epsg()), crs);
    if (crs.code() == "CRS:84")
        crs_by_name_.emplace("HTTP://WWW.OPENGIS.NET/DEF/CRS/OGC/1.3/CRS84", crs);
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
    constexpr std::size_t longest_name = 80;
    if (name.size() > longest_name)
        return nullptr;
    auto const found = crs_by_name_.find(upper_case(name));
    return found == crs_by_name_.end() ? nullptr : &found->second;
}

std::shared_ptr<Catalog const> load_catalog(CatalogOptions const& options, Catalog const* previous)
{
    check_store(options);
    TileMatrixSetLibrary const sets{set_folders(options)};

    std::vector<std::shared_ptr<TileMatrixSet const>> offered_sets;
    for (auto const* id : further_sets)
        offered_sets.push_back(sets.get(id));
    std::vector<Crs> offered_crs;
    for (auto const* code : further_crs)
        offered_crs.push_back(Crs::from_definition(code));

    std::vector<std::shared_ptr<Layer const>> layers;
    for (auto const& file : json_files(options.store))
        try {
            if (is_descriptor(file)) {
                auto pyramid = read_pyramid(file, sets);
                auto const origin = origin_of(file, pyramid);
                layers.push_back(make_layer(std::move(pyramid), origin, offered_sets, offered_crs));
            }
        } catch (std::exception const& failure) {
            auto const served = previous ? previous->find_layer(file.stem().string()) : nullptr;
            if (served)
                layers.push_back(served);
            log(LogLevel::warning, served ? "layer stays as it was" : "layer left out",
                {{"file", file.string()}, {"reason", failure.what()}});
        }
    return std::make_shared<Catalog const>(options, std::move(layers));
}

} // namespace ardoise
