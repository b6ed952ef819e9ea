// SPDX-License-Identifier: Apache-2.0
#include "server/catalog/catalog.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/store/checksums.hpp"
#include "server/catalog/catalog_files.hpp"
#include "server/catalog/crs_names.hpp"
#include "server/catalog/ground.hpp"
#include "server/catalog/offered_crs.hpp"
#include "server/catalog/own_addresses.hpp"
#include "server/catalog/series_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include <sys/stat.h>

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

/// Where the pixels lie, which the descriptor leaves to the set and to the layer's description: their files
/// may change alone.
std::string facts_of_grid(Pyramid const& pyramid)
{
    auto facts = pyramid.set->crs.definition();
    for (auto const& level : pyramid.levels) {
        auto const& matrix = pyramid.matrix(level);
        auto const& [first, last] = level.limits;
        facts +=
            fmt::format(" {} {} {} {}x{} {} {} {} {}", matrix.cell_size, matrix.origin_x, matrix.origin_y,
                        matrix.tile_width, matrix.tile_height, first.col, first.row, last.col, last.row);
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

/// What a file came to: a layer, or troubles why it is none; neither where it describes no pyramid (a style,
/// a note), which is no mistake.
struct Reading {
    std::shared_ptr<Layer const> layer;
    std::vector<Trouble> troubles;
    std::vector<std::string> waits_for = {}; // it is to be read again when these layers are known
};

/// What all layers are read with.
struct Surroundings {
    fs::path description_folder;
    std::vector<fs::path> descriptions; // the files in it, by name
    TileMatrixSetLibrary const& sets;
    StyleLibrary const& styles;
    Offer further;
    Catalog const* previous;
    Reread reread;
    LayersByName const* layers = nullptr; // that descriptions may name; null: they are not known yet
    std::string circle = {};              // in which the layer is shown by one that it shows: "a, b, a"

    std::shared_ptr<Layer const> published(fs::path const& file) const
    {
        return previous ? previous->find_layer(file.stem().string()) : nullptr;
    }
};

/// What is said of a layer; where that cannot be read, what was said of it before. Nothing yet where it
/// names layers that are not known.
std::optional<LayerDescription> describe(Pyramid const& pyramid, Layer const* published,
                                         Surroundings const& around, Reading& reading)
{
    auto const file = around.description_folder / (pyramid.name + ".json");
    if (!std::binary_search(around.descriptions.begin(), around.descriptions.end(), file))
        return LayerDescription{};
    try {
        HandwrittenJson const json{file};
        refuse_series(json, pyramid.name);
        reading.waits_for = around.layers ? std::vector<std::string>{} : named_layers(json);
        if (!reading.waits_for.empty())
            return std::nullopt;
        if (!around.circle.empty())
            fail("{}: styles: layers that show one another in a circle ({}) show nothing: take one of these "
                 "styles away",
                 file.string(), around.circle);
        LayersByName const none;
        return parse_layer_description(json, pyramid,
                                       {around.sets, around.styles, around.layers ? *around.layers : none});
    } catch (std::exception const& failure) {
        reading.troubles.push_back(
            {published ? "layer stays described as it was" : "layer is not described", file, failure.what()});
        return published ? published->description : LayerDescription{};
    }
}

/// Throws Failure where the service itself has the layer's addresses.
void check_name(fs::path const& descriptor)
{
    auto const name = descriptor.stem().string();
    if (auto const conflict = conflict_with_own_address(name))
        fail("{}: no layer can be called \"{}\", as {}, by `ardoise build --name`", descriptor.string(), name,
             *conflict);
}

Reading read_layer(fs::path const& file, Surroundings const& around)
{
    auto const published = around.published(file);
    Reading reading;
    try {
        auto const status = status_of(file); // first: what changes from here on makes another one
        auto const text = read_text(file);
        auto const json = parse_json(text, file.string());
        if (!json.find("tile_matrix_set"))
            return {};
        check_name(file);
        auto pyramid = read_pyramid(json, file, around.sets);
        auto description = describe(pyramid, published.get(), around, reading);
        if (!description)
            return reading;
        if (description->bbox)
            pyramid = cut_to(std::move(pyramid), *description->bbox);
        Origin const origin{.modified = std::chrono::system_clock::from_time_t(status.st_mtim.tv_sec),
                            .fingerprint = fingerprint_of(text, status, pyramid),
                            .files = files_of(status, pyramid)};
        auto const* before = around.reread == Reread::changes ? published.get() : nullptr;
        reading.layer =
            make_layer(std::move(pyramid), *std::move(description), origin, around.further, before);
    } catch (std::exception const& failure) {
        reading.troubles.push_back(
            {published ? "layer stays as it was" : "layer left out", file, failure.what()});
        reading.layer = published;
    }
    return reading;
}

/// Layers that name others, until these are known.
class Waiting {
public:
    Waiting(std::vector<Reading>& readings, std::vector<fs::path> const& files, Surroundings around)
        : readings_{readings}, files_{files}, around_{std::move(around)}
    {
        for (std::size_t i = 0; i < readings.size(); ++i)
            if (!readings[i].waits_for.empty())
                waiting_.emplace(files[i].stem().string(), i);
            else if (readings[i].layer)
                known_.emplace(readings[i].layer->name, readings[i].layer);
        around_.layers = &known_;
    }

    /// Reads each once more when those that it names are known, or there is none of such a name; those that
    /// name one another in a circle at last.
    void read_all()
    {
        while (!waiting_.empty()) {
            auto const ready = std::find_if(waiting_.begin(), waiting_.end(),
                                            [&](auto const& one) { return !awaited(one.second); });
            if (ready != waiting_.end())
                read(ready->first);
            else
                break_circle();
        }
    }

private:
    /// The first that it names and that waits itself; null: none does.
    std::string const* awaited(std::size_t number) const
    {
        auto const& names = readings_[number].waits_for;
        auto const found = std::find_if(names.begin(), names.end(),
                                        [&](auto const& name) { return waiting_.contains(name); });
        return found == names.end() ? nullptr : &*found;
    }

    void read(std::string const& name)
    {
        auto const number = waiting_.extract(name).mapped();
        readings_[number] = read_layer(files_[number], around_);
        if (auto const& layer = readings_[number].layer)
            known_.emplace(layer->name, layer);
    }

    /// All wait for one that waits: whoever follows them comes by one for the second time. It is the first of
    /// the circle by name that shows none.
    void break_circle()
    {
        std::vector<std::string> way;
        auto name = waiting_.begin()->first;
        while (std::find(way.begin(), way.end(), name) == way.end()) {
            way.push_back(name);
            name = *awaited(waiting_.at(name));
        }
        way.erase(way.begin(), std::find(way.begin(), way.end(), name));
        std::rotate(way.begin(), std::min_element(way.begin(), way.end()), way.end());
        around_.circle = fmt::format("{}, {}", fmt::join(way, ", "), way.front());
        read(way.front());
        around_.circle.clear();
    }

    std::vector<Reading>& readings_;
    std::vector<fs::path> const& files_;
    Surroundings around_;
    LayersByName known_;
    std::map<std::string, std::size_t> waiting_; // their numbers, by name
};

std::vector<Trouble> troubles_of(StyleLibrary const& styles)
{
    std::vector<Trouble> troubles;
    for (auto const& [file, reason] : styles.mistakes())
        troubles.push_back({"file of styles not used", file, reason});
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
    Surroundings const around{folder, json_files(folder), sets, *styles, offer_to_all(sets), previous,
                              reread};
    auto const files = json_files(options.store);
    if (files.empty() && reread == Reread::changes && previous && !previous->layers().empty())
        fail("{}: all descriptors have gone at once, as when a disk is not mounted; if they were "
             "taken away, send SIGHUP",
             options.store.string());
    std::vector<Reading> readings(files.size());
    share_out(files.size(), threads_for(files.size(), previous),
              [&](std::size_t number) { readings[number] = read_layer(files[number], around); });
    Waiting{readings, files, around}.read_all();

    std::vector<std::shared_ptr<Layer const>> layers;
    auto troubles = troubles_of(*styles);
    for (auto& reading : readings) {
        std::move(reading.troubles.begin(), reading.troubles.end(), std::back_inserter(troubles));
        if (reading.layer)
            layers.push_back(std::move(reading.layer));
    }
    auto series = read_series(lone_descriptions(around.descriptions, files, options.store), options.store,
                              {by_name(layers), sets, *styles, around.further, previous, reread});
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
