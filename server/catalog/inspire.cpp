// SPDX-License-Identifier: Apache-2.0
#include "server/catalog/inspire.hpp"

#include "pyramid/base/handwritten_json.hpp"
#include "pyramid/base/iso_time.hpp"
#include "server/catalog/catalog.hpp"
#include "server/catalog/catalog_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace ardoise {

namespace {

/// What the schema common.xsd knows (euLanguageISO6392B): the Union's, and those of Iceland and Norway.
constexpr std::string_view languages[] = {"bul", "cze", "dan", "dut", "eng", "est", "fin", "fre", "ger",
                                          "gle", "gre", "hrv", "hun", "ice", "ita", "lav", "lit", "mlt",
                                          "nor", "pol", "por", "rum", "slo", "slv", "spa", "swe"};

constexpr std::string_view degrees_of_conformity[] = {"conformant", "notConformant", "notEvaluated"};

template <typename Words>
std::string read_one_of(JsonReader const& json, Words const& words)
{
    auto const& word = json.string();
    if (std::find(std::begin(words), std::end(words), word) == std::end(words))
        json.refuse(fmt::format("expected one of {}, not \"{}\"", fmt::join(words, ", "), word));
    return word;
}

std::string read_day(JsonReader const& json)
{
    auto const& day = json.string();
    auto const span = parse_time(day);
    constexpr auto length = std::string_view{"yyyy-MM-dd"}.size();
    if (!span || day.size() != length || format_time(*span) != day)
        json.refuse(fmt::format("expected a day like 2022-06-15, not \"{}\"", day));
    return day;
}

/// What the guidance asks of every layer (4.2.3.3.4), and of WMS's elements the description says.
std::vector<std::string_view> unsaid(LayerDescription const& description)
{
    std::vector<std::string_view> keys;
    auto const want = [&](char const* key, bool is_said) {
        if (!is_said)
            keys.emplace_back(key);
    };
    want("title", !description.title.empty());
    want("abstract", !description.abstract.empty());
    want("keywords", !description.keywords.empty());
    want("authority", description.authority.has_value());
    want("identifier", !description.identifier.empty());
    want("metadata", !description.metadata.empty());
    return keys;
}

} // namespace

InspireDescription parse_inspire_description(HandwrittenJson const& file, JsonReader const& json)
{
    file.check_names(json, {"language", "metadata_url", "metadata_date", "publication_date", "conformity"});
    InspireDescription inspire{.language = read_one_of(json.at("language"), languages), .metadata_url = {}};
    if (auto const url = json.find("metadata_url")) {
        inspire.metadata_url = read_web_address(*url);
        for (auto const* key : {"metadata_date", "publication_date", "conformity"})
            if (auto const found = json.find(key))
                found->refuse("is said by the record at metadata_url; leave out the one or the other");
        return inspire;
    }
    inspire.metadata_date = read_day(json.at("metadata_date"));
    inspire.publication_date = read_day(json.at("publication_date"));
    if (auto const degree = json.find("conformity"))
        inspire.conformity = read_one_of(*degree, degrees_of_conformity);
    return inspire;
}

std::vector<Trouble> inspire_troubles(CatalogOptions const& options,
                                      std::vector<std::shared_ptr<Layer const>> const& layers)
{
    std::map<std::string_view, Layer const*> taken;
    for (auto const& layer : layers)
        taken.emplace(layer->name, layer.get());
    std::vector<Trouble> troubles;
    for (auto const& layer : layers) {
        auto const& name = layer->description.inspire_name;
        if (name.empty())
            continue;
        auto const file = description_folder(options) / (layer->name + ".json");
        if (auto const* owner = taken.emplace(name, layer.get()).first->second; owner != layer.get())
            troubles.push_back({"harmonised name not used", file,
                                fmt::format("inspire_name: \"{}\" is {}'s already", name, owner->name)});
        else if (auto const keys = unsaid(layer->description); options.service.inspire && !keys.empty())
            troubles.push_back({"layer published with less than INSPIRE asks for", file,
                                fmt::format("say also {}", fmt::join(keys, ", "))});
    }
    return troubles;
}

} // namespace ardoise
