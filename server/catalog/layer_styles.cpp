// SPDX-License-Identifier: Apache-2.0
#include "server/catalog/layer_styles.hpp"

#include "pyramid/store/sample.hpp"
#include "server/catalog/layer.hpp"
#include "server/catalog/water_levels.hpp"
#include "styles/class_style.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace ardoise {

namespace {

void check_light(JsonReader const& json, LayerStyle const& style)
{
    if (style.draped && !lights_pictures(style))
        json.refuse(
            fmt::format("the style {} has no light for what is draped: take one with \"estompage\" and "
                        "no palette, or with \"shade\"",
                        style.identifier));
    if (style.draped && style.draped->styles.front().draped)
        json.refuse(fmt::format("{} shows a layer that is draped itself: name that one", style.draped->name));
    if (style.shade && !style.palette && !style.draped)
        json.refuse(fmt::format("the style {} has a \"shade\" and no palette that it would fall on: say what "
                                "is \"draped\"",
                                style.identifier));
}

/// The list as it is read, item by item.
class Reader {
public:
    Reader(HandwrittenJson const& file, Pyramid const& pyramid, StyleSources const& sources)
        : file_{file}, pyramid_{pyramid}, sources_{sources}
    {
    }

    std::vector<LayerStyle> styles(JsonReader const& json) const;

private:
    LayerStyle style(JsonReader const& json) const;
    LayerStyle style_object(JsonReader const& json) const;
    Style style_file(JsonReader const& json, Pyramid const& data) const;
    std::shared_ptr<Layer const> other_layer(JsonReader const& json) const;

    HandwrittenJson const& file_;
    Pyramid const& pyramid_;
    StyleSources const& sources_;
};

std::vector<LayerStyle> Reader::styles(JsonReader const& json) const
{
    auto styles = read_each_once(json, [this](auto const& item) { return style(item); });
    std::set<std::string_view> identifiers;
    for (auto const& style : styles)
        if (!identifiers.insert(style.identifier).second)
            json.refuse(fmt::format("two styles are called \"{}\": give one another \"identifier\"",
                                    style.identifier));
    if (std::count_if(styles.begin(), styles.end(), [](auto const& style) { return style.water; }) > 1)
        json.refuse(
            "two styles are of water, and a layer has one dimension WATER_LEVEL: make one style of them");
    return styles;
}

/// A name; or one with what else is said of it.
LayerStyle Reader::style(JsonReader const& json) const
{
    auto style = json.json().as<std::string>() ? LayerStyle{style_file(json, pyramid_)} : style_object(json);
    auto const& data = style.shown ? style.shown->pyramid : pyramid_;
    if (auto const why = misfit(style, data))
        json.refuse(fmt::format("the style {} {}", style.identifier, *why));
    check_light(json, style);
    if (style.water) {
        style.abstract = with_names_of_levels(style.abstract, *style.water);
        style.levels = make_water_levels(style);
    }
    if (wants_sample(style))
        settle(style, sample_of(data));
    return style;
}

LayerStyle Reader::style_object(JsonReader const& json) const
{
    file_.check_names(json, {"style", "identifier", "title", "abstract", "layer", "draped"});
    auto const layer = json.find("layer");
    auto const shown = layer ? other_layer(*layer) : nullptr;
    LayerStyle style{style_file(json.at("style"), shown ? shown->pyramid : pyramid_)};
    style.shown = shown;
    if (auto const identifier = json.find("identifier"))
        style.identifier = read_style_identifier(*identifier);
    if (auto const title = json.find("title"))
        style.title = read_multilingual_text(*title);
    if (auto const abstract = json.find("abstract"))
        style.abstract = read_multilingual_text(*abstract);
    if (auto const draped = json.find("draped"))
        style.draped = other_layer(*draped);
    return style;
}

/// Of the pyramid whose values it shows.
Style Reader::style_file(JsonReader const& json, Pyramid const& data) const
{
    auto const* found = sources_.library.find(json.string());
    if (!found && json.string() == "classes" && !data.classes.empty())
        return class_style(data);
    if (!found && sources_.library.refuses(json.string()))
        json.refuse(fmt::format("the file of the style \"{}\" is not used, as something in it is wrong",
                                json.string()));
    if (!found)
        json.refuse(
            fmt::format("there is no style \"{}\"; there are {}", json.string(), sources_.library.names()));
    return *found;
}

/// A pyramid of pixels, in the same tile matrix set: its tiles lie where the layer's do.
std::shared_ptr<Layer const> Reader::other_layer(JsonReader const& json) const
{
    auto const found = sources_.layers.find(json.string());
    if (found == sources_.layers.end())
        json.refuse(fmt::format("there is no pyramid \"{}\"", json.string()));
    auto const& other = *found->second;
    if (other.is_vector())
        json.refuse("is one of vector tiles");
    if (other.pyramid.set->id != pyramid_.set->id)
        json.refuse(fmt::format("{} is cut by {}, this layer by {}", other.name, other.pyramid.set->id,
                                pyramid_.set->id));
    return found->second;
}

} // namespace

std::vector<LayerStyle> read_layer_styles(HandwrittenJson const& file, JsonReader const& json,
                                          Pyramid const& pyramid, StyleSources const& sources)
{
    return Reader{file, pyramid, sources}.styles(json);
}

std::vector<std::string> named_layers(HandwrittenJson const& file)
{
    std::vector<std::string> names;
    auto const styles = file.root().find("styles");
    auto const* list = styles ? styles->json().as<Json::Array>() : nullptr;
    if (!list)
        return names;
    for (auto const& style : *list)
        for (auto const* key : {"layer", "draped"})
            if (auto const* name = style.find(key); name && name->as<std::string>())
                names.push_back(*name->as<std::string>());
    return names;
}

} // namespace ardoise
