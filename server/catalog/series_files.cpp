// SPDX-License-Identifier: Apache-2.0
#include "server/catalog/series_files.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/base/name.hpp"
#include "server/catalog/own_addresses.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ardoise {

namespace fs = std::filesystem;

namespace {

/// A description on its way to a layer.
struct Draft {
    fs::path file;
    std::unique_ptr<HandwrittenJson> json; // null: it cannot be read, and is as it was
    SeriesDescription series;

    std::string name() const { return file.stem().string(); }
};

class Reader {
public:
    Reader(fs::path store, SeriesSources sources) : store_{std::move(store)}, sources_{std::move(sources)} {}

    SeriesReading read(std::vector<fs::path> const& descriptions);

private:
    std::optional<Draft> draft(fs::path const& file);
    std::optional<Draft> parse(fs::path const& file) const;
    void complete(Draft draft);
    LayerDescription describe(Draft const& draft, Pyramid const& pyramid);
    std::shared_ptr<Layer const> published(std::string const& name) const;
    void complain(std::string consequence, fs::path const& file, std::string reason)
    {
        reading_.troubles.push_back({std::move(consequence), file, std::move(reason)});
    }

    fs::path store_;
    SeriesSources sources_;
    SeriesReading reading_;
};

SeriesReading Reader::read(std::vector<fs::path> const& descriptions)
{
    std::vector<Draft> series;
    std::vector<Draft> aliases;
    for (auto const& file : descriptions)
        if (auto found = draft(file))
            (found->series.alias ? aliases : series).push_back(std::move(*found));
    for (auto* drafts : {&series, &aliases})
        for (auto& each : *drafts)
            complete(std::move(each));
    return std::move(reading_);
}

std::shared_ptr<Layer const> Reader::published(std::string const& name) const
{
    auto layer = sources_.published != nullptr ? sources_.published->find_layer(name) : nullptr;
    return layer && layer->series ? layer : nullptr;
}

std::optional<Draft> Reader::draft(fs::path const& file)
try {
    return parse(file);
} catch (std::exception const& failure) {
    auto const before = published(file.stem().string());
    complain(before ? "series stays described as it was" : "description not used", file, failure.what());
    if (!before)
        return std::nullopt;
    return Draft{file, nullptr, before->series->description};
}

std::optional<Draft> Reader::parse(fs::path const& file) const
{
    Draft draft{file, std::make_unique<HandwrittenJson>(file), {}};
    auto series = parse_series_description(*draft.json);
    if (!series)
        fail(R"({}: describes no layer, as there is no {}, nor "dimensions" or "alias" in it)", file.string(),
             (store_ / file.filename()).string());
    if (!is_plain_name(draft.name()))
        fail("{}: \"{}\" cannot be the name of a layer: give the file one of letters, digits, '-', '_' and "
             "'.'",
             file.string(), draft.name());
    if (auto const conflict = conflict_with_own_address(draft.name()))
        fail("{}: no layer can be called \"{}\", as {} for the file", file.string(), draft.name(), *conflict);
    draft.series = *std::move(series);
    return draft;
}

void Reader::complete(Draft draft)
try {
    auto const name = draft.name();
    auto const before = published(name);
    auto frame = frame_series(name, std::move(draft.series), sources_.layers);
    for (auto const& mistake : frame.mistakes)
        complain(mistake.consequence, draft.file, fmt::format("{}: {}", draft.file.string(), mistake.reason));
    auto description = describe(draft, frame.pyramid);
    auto const* same = sources_.reread == Reread::changes ? before.get() : nullptr;
    auto layer = make_series_layer(std::move(frame), std::move(description), sources_.further, same);
    if (!layer->series->is_alias())
        sources_.layers.emplace(name, layer);
    reading_.layers.push_back(std::move(layer));
} catch (std::exception const& failure) {
    complain("layer left out", draft.file, fmt::format("{}: {}", draft.file.string(), failure.what()));
}

LayerDescription Reader::describe(Draft const& draft, Pyramid const& pyramid)
{
    auto const before = published(draft.name());
    auto const as_before = [&] { return before ? before->description : LayerDescription{}; };
    if (!draft.json)
        return as_before();
    try {
        return parse_layer_description(*draft.json, pyramid,
                                       {sources_.sets, sources_.styles, sources_.layers});
    } catch (std::exception const& failure) {
        complain(before ? "layer stays described as it was" : "layer is not described", draft.file,
                 failure.what());
        return as_before();
    }
}

} // namespace

SeriesReading read_series(std::vector<fs::path> const& descriptions, fs::path const& store,
                          SeriesSources sources)
{
    return Reader{store, std::move(sources)}.read(descriptions);
}

void refuse_series(HandwrittenJson const& description, std::string const& name)
{
    auto const json = description.root();
    for (auto const* key : {"dimensions", "alias"})
        if (auto const found = json.find(key))
            found->refuse(
                fmt::format("{0}.json is a pyramid: a series or an alias has a name that no pyramid "
                            "has, as {0}-series.json",
                            name));
}

} // namespace ardoise
