// SPDX-License-Identifier: Apache-2.0
#include "server/catalog/catalog.hpp"

#include "pyramid/base/failure.hpp"
#include "server/catalog/catalog_files.hpp"
#include "server/catalog/crs_names.hpp"
#include "server/catalog/layer_files.hpp"
#include "server/catalog/offered_crs.hpp"
#include "server/catalog/series_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace ardoise {

namespace fs = std::filesystem;

namespace {

/// Sets that every layer is offered in beside its own.
constexpr char const* further_sets[] = {"WebMercatorQuad", "PM"};

Offer offer_to_all(TileMatrixSetLibrary const& sets)
{
    Offer offer{.sets = {}, .worldwide_crs = worldwide_crs(), .regional_crs = regional_crs()};
    for (auto const* id : further_sets)
        offer.sets.push_back(sets.get(id));
    return offer;
}

std::vector<Trouble> troubles_of(StyleLibrary const& styles)
{
    std::vector<Trouble> troubles;
    for (auto const& [file, reason, leaves_style_out] : styles.mistakes())
        troubles.push_back(
            {leaves_style_out ? "file of styles not used" : "level of today not read", file, reason});
    return troubles;
}

/// Descriptions whose pyramid is not there. `descriptors`: by name.
std::vector<fs::path> lone_descriptions(std::vector<fs::path> const& descriptions,
                                        std::vector<fs::path> const& descriptors, fs::path const& store)
{
    std::vector<fs::path> lone;
    for (auto const& file : descriptions)
        if (!std::binary_search(descriptors.begin(), descriptors.end(), store / file.filename()))
            lone.push_back(file);
    return lone;
}

/// Names of members that series keep out of lists.
std::set<std::string> hidden_names(std::vector<std::shared_ptr<Layer const>> const& layers)
{
    std::set<std::string> names;
    for (auto const& layer : layers)
        if (layer->series && layer->series->description.hides_members)
            for (auto const& member : layer->series->members)
                names.insert(member.layer->name);
    return names;
}

LayersByName by_name(std::vector<std::shared_ptr<Layer const>> const& layers)
{
    LayersByName names;
    for (auto const& layer : layers)
        names.emplace(layer->name, layer);
    return names;
}

/// Puts those of `more` among the others, by name.
void merge(std::vector<std::shared_ptr<Layer const>>& layers, std::vector<std::shared_ptr<Layer const>> more)
{
    std::move(more.begin(), more.end(), std::back_inserter(layers));
    std::stable_sort(layers.begin(), layers.end(),
                     [](auto const& a, auto const& b) { return a->name < b->name; });
}

/// Names in the order of layers that are no layer's.
std::vector<Trouble> vain_places(CatalogOptions const& options,
                                 std::vector<std::shared_ptr<Layer const>> const& layers)
{
    std::vector<Trouble> troubles;
    for (auto const& name : options.service.layer_order)
        if (std::none_of(layers.begin(), layers.end(),
                         [&](auto const& layer) { return layer->name == name; }))
            troubles.push_back(
                {"place in layer_order not used", options.store,
                 fmt::format("layer_order: there is no layer \"{}\" in {}", name, options.store.string())});
    return troubles;
}

/// Those that the service orders, then the others.
std::vector<std::shared_ptr<Layer const>> in_order(std::vector<std::shared_ptr<Layer const>> layers,
                                                   std::vector<std::string> const& order)
{
    std::stable_sort(layers.begin(), layers.end(), [&](auto const& a, auto const& b) {
        return std::find(order.begin(), order.end(), a->name) <
               std::find(order.begin(), order.end(), b->name);
    });
    return layers;
}

} // namespace

Catalog::Catalog(CatalogOptions options, std::vector<std::shared_ptr<Layer const>> layers,
                 std::vector<Trouble> troubles, std::int64_t update_sequence,
                 std::shared_ptr<StyleLibrary const> styles)
    : options_{std::move(options)}, layers_{std::move(layers)}, troubles_{std::move(troubles)},
      update_sequence_{update_sequence}, styles_{std::move(styles)}
{
    for (auto const& layer : layers_)
        by_name_.emplace(layer->name, layer);
    for (auto const& layer : layers_)
        if (auto const& name = layer->description.inspire_name; !name.empty())
            if (auto const owner = find_layer(name); !owner || owner == layer)
                by_inspire_name_.emplace(name, layer);
    name_systems();
    auto const hidden = hidden_names(layers_);
    std::erase_if(layers_, [&](auto const& layer) { return hidden.contains(layer->name); });
    groups_ = group_layers(in_order(layers_, options_.service.layer_order));
    common_crs_ = layers_.empty() ? std::vector<Crs>{} : layers_.front()->crs_list;
    std::erase_if(common_crs_, [&](Crs const& crs) {
        return crs.code().empty() || !std::all_of(layers_.begin(), layers_.end(), [&](auto const& layer) {
                   return std::find(layer->crs_list.begin(), layer->crs_list.end(), crs) !=
                          layer->crs_list.end();
               });
    });
}

Catalog Catalog::part(LayerGroup const& group, std::string public_url) const
{
    auto options = options_;
    options.public_url = std::move(public_url);
    std::vector<std::shared_ptr<Layer const>> layers;
    std::copy_if(layers_.begin(), layers_.end(), std::back_inserter(layers),
                 [&](auto const& layer) { return is_in_group(*layer, group.path); });
    Catalog part{std::move(options), std::move(layers), {}, update_sequence_};
    part.groups_ = LayerGroup{.path = {}, .layers = {}, .groups = {group}};
    std::erase_if(part.by_inspire_name_, [this](auto const& named) { // that means another one here
        return find_by_inspire_name(named.first) != named.second;
    });
    return part;
}

/// A code that is offered by itself means that system, not an equal one.
void Catalog::name_systems()
{
    std::vector<Crs> offered;
    for (auto const& layer : layers_)
        for (auto const& crs : layer->crs_list)
            if (!crs.code().empty() && crs_by_code_.emplace(crs.code(), crs).second)
                offered.push_back(crs);
    for (auto const& crs : offered)
        crs_by_code_.emplace(usual_code(crs.code()), crs);
}

std::shared_ptr<Layer const> Catalog::find_layer(std::string_view name) const
{
    auto const found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : found->second;
}

std::shared_ptr<Layer const> Catalog::find_by_inspire_name(std::string_view name) const
{
    auto const found = by_inspire_name_.find(name);
    return found == by_inspire_name_.end() ? nullptr : found->second;
}

Crs const* Catalog::find_crs(std::string_view name) const
{
    auto const code = code_in(name);
    auto found = crs_by_code_.find(code);
    if (found == crs_by_code_.end())
        found = crs_by_code_.find(usual_code(code));
    return found == crs_by_code_.end() ? nullptr : &found->second;
}

std::shared_ptr<Catalog const> load_catalog(CatalogOptions const& options, Catalog const* previous,
                                            Reread reread)
{
    check_store(options);
    auto const changed = newest_change(options); // first: what changes from here on makes another one
    TileMatrixSetLibrary const sets{set_folders(options)};
    auto const folder = description_folder(options);
    auto const styles = std::make_shared<StyleLibrary const>(json_files(style_folder(options)),
                                                             previous ? previous->styles() : nullptr);
    LayerSources const sources{folder, json_files(folder), sets, *styles, offer_to_all(sets), previous,
                               reread};
    auto const files = json_files(options.store);
    if (files.empty() && reread == Reread::changes && previous && !previous->layers().empty())
        fail("{}: all descriptors have gone at once, as when a disk is not mounted; if they were "
             "taken away, send SIGHUP",
             options.store.string());
    auto [layers, troubles] = read_layers(files, sources);
    auto const unread = troubles_of(*styles);
    troubles.insert(troubles.begin(), unread.begin(), unread.end());
    auto series = read_series(lone_descriptions(sources.descriptions, files, options.store), options.store,
                              {by_name(layers), sets, *styles, sources.further, previous, reread});
    troubles.insert(troubles.begin(), series.troubles.begin(), series.troubles.end());
    merge(layers, std::move(series.layers));
    auto const vain = vain_places(options, layers);
    troubles.insert(troubles.end(), vain.begin(), vain.end());
    auto const inspire = inspire_troubles(options, layers);
    troubles.insert(troubles.end(), inspire.begin(), inspire.end());
    auto const update_sequence = std::max(changed, previous ? previous->update_sequence() : 0);
    return std::make_shared<Catalog const>(options, std::move(layers), std::move(troubles), update_sequence,
                                           styles);
}

} // namespace ardoise
