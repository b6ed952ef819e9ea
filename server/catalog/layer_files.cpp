// SPDX-License-Identifier: Apache-2.0
#include "server/catalog/layer_files.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/store/checksums.hpp"
#include "server/catalog/ground.hpp"
#include "server/catalog/own_addresses.hpp"
#include "server/catalog/series_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

#include <sys/stat.h>

namespace ardoise {

namespace fs = std::filesystem;

namespace {

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

/// What one layer is read with.
struct Surroundings {
    LayerSources const& sources;
    LayersByName const* layers = nullptr; // that descriptions may name; null: they are not known yet
    std::string circle = {};              // in which the layer is shown by one that it shows: "a, b, a"

    std::shared_ptr<Layer const> published(fs::path const& file) const
    {
        return sources.published ? sources.published->find_layer(file.stem().string()) : nullptr;
    }
};

/// What is said of a layer; where that cannot be read, what was said of it before. Nothing yet where it
/// names layers that are not known.
std::optional<LayerDescription> describe(Pyramid const& pyramid, Layer const* published,
                                         Surroundings const& around, Reading& reading)
{
    auto const file = around.sources.description_folder / (pyramid.name + ".json");
    if (!std::binary_search(around.sources.descriptions.begin(), around.sources.descriptions.end(), file))
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
        return parse_layer_description(
            json, pyramid,
            {around.sources.sets, around.sources.styles, around.layers ? *around.layers : none});
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
        auto pyramid = read_pyramid(json, file, around.sources.sets);
        auto description = describe(pyramid, published.get(), around, reading);
        if (!description)
            return reading;
        if (description->bbox)
            pyramid = cut_to(std::move(pyramid), *description->bbox);
        Origin const origin{.modified = std::chrono::system_clock::from_time_t(status.st_mtim.tv_sec),
                            .fingerprint = fingerprint_of(text, status, pyramid),
                            .files = files_of(status, pyramid)};
        auto const* before = around.sources.reread == Reread::changes ? published.get() : nullptr;
        reading.layer =
            make_layer(std::move(pyramid), *std::move(description), origin, around.sources.further, before);
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
    Waiting(std::vector<Reading>& readings, std::vector<fs::path> const& files, LayerSources const& sources)
        : readings_{readings}, files_{files}, around_{sources}
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

LayerReading read_layers(std::vector<fs::path> const& files, LayerSources const& sources)
{
    std::vector<Reading> readings(files.size());
    Surroundings const around{sources};
    share_out(files.size(), threads_for(files.size(), sources.published),
              [&](std::size_t number) { readings[number] = read_layer(files[number], around); });
    Waiting{readings, files, sources}.read_all();
    LayerReading all;
    for (auto& reading : readings) {
        std::move(reading.troubles.begin(), reading.troubles.end(), std::back_inserter(all.troubles));
        if (reading.layer)
            all.layers.push_back(std::move(reading.layer));
    }
    return all;
}

} // namespace ardoise
