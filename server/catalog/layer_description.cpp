// SPDX-License-Identifier: Apache-2.0
#include "server/catalog/layer_description.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/base/name.hpp"
#include "server/catalog/ground.hpp"
#include "server/catalog/layer.hpp"
#include "server/catalog/own_addresses.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ardoise {

namespace {

/// A description as it is read, member by member.
class Parser {
public:
    Parser(HandwrittenJson const& file, Pyramid const& pyramid, DescriptionSources const& sources)
        : file_{file}, pyramid_{pyramid}, sources_{sources}, ground_{geographic_extent(pyramid)}
    {
    }

    LayerDescription parse();

private:
    Attribution attribution(JsonReader const& json) const;
    Logo logo(JsonReader const& json) const;
    Authority authority(JsonReader const& json) const;
    DocumentLink metadata(JsonReader const& json) const;
    DocumentLink data(JsonReader const& json) const;
    BoundingBox bbox(JsonReader const& json) const;
    Crs crs(JsonReader const& json) const;
    std::shared_ptr<TileMatrixSet const> set(JsonReader const& json) const;
    std::vector<std::shared_ptr<TileMatrixSet const>> sets_of(JsonReader const& json,
                                                              std::vector<LayerStyle> const& styles) const;
    void check_use(JsonReader const& json, Crs const& crs) const;
    void check_pyramids(JsonReader const& json) const;

    HandwrittenJson const& file_;
    Pyramid const& pyramid_;
    DescriptionSources const& sources_;
    BoundingBox ground_; // that is published, in degrees
};

std::string read_media_type(JsonReader const& json)
{
    auto const& type = json.string();
    auto const slash = type.find('/');
    bool const is_one_word = type.find_first_of(" \t\r\n") == std::string::npos;
    if (!is_one_word || slash == std::string::npos || slash == 0 || slash + 1 == type.size())
        json.refuse(fmt::format("expected a media type like text/html, not \"{}\"", type));
    return type;
}

/// What XML Schema calls an NMTOKEN, as WMS wants it.
std::string read_word(JsonReader const& json)
{
    auto const& word = json.string();
    auto without_colons = word;
    std::erase(without_colons, ':');
    if (!is_plain_name(without_colons))
        json.refuse(fmt::format("expected one word like ISO19115:2003, not \"{}\"", word));
    return word;
}

/// Clients name layers in lists and addresses.
std::string read_harmonised_name(JsonReader const& json)
{
    if (!is_plain_name(json.string()))
        json.refuse(fmt::format("expected a name like OI.OrthoimageCoverage, not \"{}\"", json.string()));
    return json.string();
}

double read_scale(JsonReader const& json)
{
    double const scale = json.number();
    if (scale <= 0)
        json.refuse("expected a scale denominator above 0, as 25000 for 1:25000");
    return scale;
}

/// Titles of groups stand in addresses as names of layers do.
void check_titles(JsonReader const& json, std::string_view path)
{
    for (std::size_t begin = 0, end = 0; end != std::string_view::npos; begin = end + 1) {
        end = path.find('/', begin);
        auto const title = path.substr(begin, end - begin);
        if (title == "." || title == ".." || title.find_first_not_of(' ') == std::string_view::npos)
            json.refuse(
                fmt::format("no group can be called \"{}\": clients cut that out of addresses", title));
        if (auto const conflict = conflict_with_own_address(title))
            json.refuse(fmt::format("no group can be called \"{}\", as {}", title, *conflict));
    }
}

/// Clients name groups in LAYERS, where a comma would end the name.
std::string read_group(JsonReader const& json)
{
    constexpr std::size_t longest = 200; // bytes: documents repeat it, and nest as deep
    auto const& path = json.string();
    if (path.size() > longest)
        json.refuse(fmt::format("is longer than {} bytes", longest));
    auto const framed = "/" + path + "/";
    if (framed.find("//") != std::string::npos || path.find(',') != std::string::npos)
        json.refuse(fmt::format("expected titles with slashes between them and no commas, as "
                                "\"Orthophotos/2022\", not \"{}\"",
                                path));
    check_titles(json, path);
    return path;
}

/// Stands beside numbers, in legends too.
std::string read_unit(JsonReader const& json)
{
    constexpr std::size_t longest = 32; // bytes
    auto const unit = read_words(json);
    bool const is_one_line =
        std::none_of(unit.begin(), unit.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; });
    if (unit.size() > longest || !is_one_line)
        json.refuse(
            fmt::format("expected a unit like m or mm/h, in {} bytes at most, not \"{}\"", longest, unit));
    return unit;
}

bool is_empty_outside_limits(JsonReader const& json)
{
    auto const& answer = json.string();
    if (answer != "empty" && answer != "error")
        json.refuse(fmt::format("expected \"error\", as WMTS has it, or \"empty\", not \"{}\"", answer));
    return answer == "empty";
}

/// What `look_up` finds; what it fails with is said of this place.
template <typename LookUp>
auto known_or_refused(JsonReader const& json, LookUp const& look_up) -> decltype(look_up())
try {
    return look_up();
} catch (Failure const& failure) {
    json.refuse(failure.what());
}

LayerDescription Parser::parse()
{
    auto const json = file_.root();
    file_.check_names(json, {"title",
                             "abstract",
                             "keywords",
                             "attribution",
                             "metadata",
                             "data",
                             "group",
                             "min_scale",
                             "max_scale",
                             "styles",
                             "bbox",
                             "extra_crs",
                             "extra_tilematrixsets",
                             "outside_limits",
                             "queryable",
                             "unit",
                             "pyramids",
                             "dimensions",
                             "alias",
                             "authority",
                             "identifier",
                             "inspire_name"});
    LayerDescription description;
    if (auto const title = json.find("title"))
        description.title = read_words(*title);
    if (auto const abstract = json.find("abstract"))
        description.abstract = read_words(*abstract);
    if (auto const keywords = json.find("keywords"))
        description.keywords = read_list_of_words(*keywords);
    if (auto const found = json.find("attribution"))
        description.attribution = attribution(*found);
    if (auto const found = json.find("authority"))
        description.authority = authority(*found);
    if (auto const identifier = json.find("identifier")) {
        description.identifier = read_words(*identifier);
        if (!description.authority)
            identifier->refuse("wants an \"authority\", {name, url}, that it is from");
    }
    if (auto const name = json.find("inspire_name"))
        description.inspire_name = read_harmonised_name(*name);
    if (auto const found = json.find("metadata"))
        description.metadata = read_each_once(*found, [&](auto const& item) { return metadata(item); });
    if (auto const found = json.find("data"))
        description.data = read_each_once(*found, [&](auto const& item) { return data(item); });
    if (auto const group = json.find("group"))
        description.group = read_group(*group);
    if (auto const scale = json.find("min_scale"))
        description.min_scale = read_scale(*scale);
    if (auto const scale = json.find("max_scale")) {
        description.max_scale = read_scale(*scale);
        if (description.min_scale && *description.max_scale <= *description.min_scale)
            scale->refuse("is not above min_scale; both are denominators");
    }
    if (auto const found = json.find("bbox")) {
        description.bbox = bbox(*found);
        ground_ = intersect(ground_, *description.bbox);
    }
    if (auto const styles = json.find("styles"))
        description.styles = read_layer_styles(file_, *styles, pyramid_, sources_.styles);
    if (auto const systems = json.find("extra_crs"))
        description.extra_crs = read_each_once(*systems, [&](auto const& item) { return crs(item); });
    if (auto const sets = json.find("extra_tilematrixsets"))
        description.extra_sets = sets_of(*sets, description.styles);
    if (auto const answer = json.find("outside_limits"))
        description.empty_outside_limits = is_empty_outside_limits(*answer);
    if (auto const queryable = json.find("queryable"))
        description.is_queryable = queryable->boolean();
    if (auto const unit = json.find("unit"))
        description.unit = read_unit(*unit);
    if (auto const pyramids = json.find("pyramids"))
        check_pyramids(*pyramids);
    return description;
}

Attribution Parser::attribution(JsonReader const& json) const
{
    file_.check_names(json, {"title", "url", "logo"});
    Attribution attribution{.title = read_words(json.at("title")), .url = {}, .logo = {}};
    if (auto const url = json.find("url"))
        attribution.url = read_web_address(*url);
    if (auto const found = json.find("logo"))
        attribution.logo = logo(*found);
    return attribution;
}

Logo Parser::logo(JsonReader const& json) const
{
    file_.check_names(json, {"width", "height", "format", "url"});
    constexpr std::int64_t largest_side = 10'000;
    return {.width = json.at("width").integer(1, largest_side),
            .height = json.at("height").integer(1, largest_side),
            .format = read_media_type(json.at("format")),
            .url = read_web_address(json.at("url"))};
}

Authority Parser::authority(JsonReader const& json) const
{
    file_.check_names(json, {"name", "url"});
    return {.name = read_word(json.at("name")), .url = read_web_address(json.at("url"))};
}

DocumentLink Parser::metadata(JsonReader const& json) const
{
    file_.check_names(json, {"type", "format", "url"});
    return {.type = read_word(json.at("type")),
            .format = read_media_type(json.at("format")),
            .url = read_web_address(json.at("url"))};
}

DocumentLink Parser::data(JsonReader const& json) const
{
    file_.check_names(json, {"format", "url"});
    return {
        .type = {}, .format = read_media_type(json.at("format")), .url = read_web_address(json.at("url"))};
}

BoundingBox Parser::bbox(JsonReader const& json) const
{
    file_.check_names(json, {"west", "south", "east", "north"});
    BoundingBox const box{json.at("west").number(), json.at("south").number(), json.at("east").number(),
                          json.at("north").number()};
    if (box.empty())
        json.refuse("is empty: expected west below east and south below north");
    if (intersect(box, ground_).empty())
        json.refuse(
            fmt::format("lies beside the pyramid, which covers west {:.4f}, south {:.4f}, east {:.4f}, "
                        "north {:.4f}",
                        ground_.min_x, ground_.min_y, ground_.max_x, ground_.max_y));
    return box;
}

/// PROJ is asked at the operator's word, here; what clients say is looked up among what came of it.
Crs Parser::crs(JsonReader const& json) const
{
    auto const& code = json.string();
    auto const colon = code.find(':');
    if (colon == std::string::npos || !is_plain_name(code.substr(0, colon)) ||
        !is_plain_name(code.substr(colon + 1)))
        json.refuse(fmt::format("expected a code like EPSG:3035, not \"{}\"", code));
    auto crs = known_or_refused(json, [&] { return Crs::from_definition(code); });
    check_use(json, crs);
    return crs;
}

std::shared_ptr<TileMatrixSet const> Parser::set(JsonReader const& json) const
{
    if (pyramid_.format.compression == TileCompression::vector)
        json.refuse("vector tiles are offered in their own set only");
    if (!is_plain_name(json.string()))
        json.refuse(fmt::format("expected the id of a set, not \"{}\"", json.string()));
    auto set = known_or_refused(json, [&] { return sources_.sets.get(json.string()); });
    check_use(json, set->crs);
    auto const ground = transform_between(geographic_crs(), set->crs).apply(ground_);
    if (std::all_of(set->matrices.begin(), set->matrices.end(),
                    [&](TileMatrix const& matrix) { return tiles_covering(matrix, ground).empty(); }))
        json.refuse(fmt::format("{} has no tile on the ground that the layer covers", set->id));
    return set;
}

/// The layer's products are asked for in all of them, too.
std::vector<std::shared_ptr<TileMatrixSet const>> Parser::sets_of(JsonReader const& json,
                                                                  std::vector<LayerStyle> const& styles) const
{
    auto sets = read_each_once(json, [&](auto const& item) { return set(item); });
    for (auto const& set : sets)
        for (auto const& style : styles)
            if (style.shown && !style.shown->find_link(set->id))
                json.refuse(fmt::format("{}, which the style {} shows, is not offered in {}: name it in "
                                        "layers/{}.json as well",
                                        style.shown->name, style.identifier, set->id, style.shown->name));
    return sets;
}

void Parser::check_use(JsonReader const& json, Crs const& crs) const
{
    if (!is_meant_for(crs, ground_) || !has_room_for(crs, ground_))
        json.refuse(
            fmt::format("{} ({}) is not meant for the ground that the layer covers", crs.code(), crs.name()));
}

/// ROK4 puts layers together out of several pyramids, each with some of its levels.
void Parser::check_pyramids(JsonReader const& json) const
{
    auto const says = [](JsonReader const& part, char const* name, std::string const& expected) {
        auto const found = part.find(name);
        return !found || found->string() == expected;
    };
    auto const pyramids = json.items();
    for (auto const& part : pyramids)
        file_.check_names(part, {"path", "top_level", "bottom_level"});
    auto const is_itself = [&](JsonReader const& part) {
        return std::filesystem::path{part.at("path").string()}.filename() == pyramid_.name + ".json" &&
               says(part, "top_level", pyramid_.levels.front().id) &&
               says(part, "bottom_level", pyramid_.finest().id);
    };
    if (pyramids.size() != 1 || !is_itself(pyramids.front()))
        json.refuse(
            fmt::format("layers of several pyramids, or of some levels of one, are not supported yet: "
                        "leave it out, or name {}.json with its levels {} to {}",
                        pyramid_.name, pyramid_.levels.front().id, pyramid_.finest().id));
}

} // namespace

LayerDescription parse_layer_description(HandwrittenJson const& file, Pyramid const& pyramid,
                                         DescriptionSources const& sources)
{
    return Parser{file, pyramid, sources}.parse();
}

} // namespace ardoise
