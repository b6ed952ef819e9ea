// SPDX-License-Identifier: Apache-2.0
// Style files: ROK4's blocks by their French names, ours by English ones.
#include "styles/parse_colours.hpp"
#include "styles/style.hpp"

#include "pyramid/base/letter_case.hpp"
#include "pyramid/base/name.hpp"
#include "pyramid/base/number.hpp"
#include "pyramid/raster/flood.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace ardoise {

namespace {

/// Of text in a style of water, names of levels and colours with it: all of it is kept once a level.
constexpr std::size_t most_water_bytes = 32 << 10;

/// A style file as it is read, block by block.
class Parser {
public:
    explicit Parser(HandwrittenJson const& file) : file_{file} {}

    Style parse() const;

private:
    Slope slope(JsonReader const& json) const;
    Aspect aspect(JsonReader const& json) const;
    Hillshade hillshade(JsonReader const& json) const;
    Hillshade sun(JsonReader const& json) const;
    Shade shade(JsonReader const& json) const;
    Contours contours(JsonReader const& json) const;
    TerrainRgb terrain_rgb(JsonReader const& json) const;
    Colorize colorize(JsonReader const& json) const;
    BandOrder band_order(JsonReader const& json) const;
    Grey grey(JsonReader const& json) const;
    NormalisedDifference normalised_difference(JsonReader const& json) const;
    WaterScale water(JsonReader const& json) const;
    void read_gauge(JsonReader const& json, WaterScale& scale) const;
    void read_current(JsonReader const& json, WaterScale& scale) const;
    Treatment treatment() const;
    void check_legend(JsonReader const& json) const;

    HandwrittenJson const& file_;
};

double number(JsonReader const& json, char const* name, double unsaid)
{
    auto const value = json.find(name);
    return value ? value->number() : unsaid;
}

double number_within(JsonReader const& json, char const* name, double unsaid, double lowest, double highest)
{
    auto const said = number(json, name, unsaid);
    if (said < lowest || said > highest)
        json.at(name).refuse(fmt::format("expected {} to {}, not {}", lowest, highest, said));
    return said;
}

GradientMethod method(JsonReader const& json)
{
    auto const algo = json.find("algo");
    if (!algo || algo->string() == "H")
        return GradientMethod::horn;
    if (algo->string() != "Z")
        algo->refuse(fmt::format("expected \"H\" (Horn) or \"Z\" (Zevenbergen and Thorne), not \"{}\"",
                                 algo->string()));
    return GradientMethod::zevenbergen_thorne;
}

std::int32_t band(JsonReader const& json)
{
    return static_cast<std::int32_t>(json.integer(1, 4));
}

std::vector<std::uint8_t> colour(JsonReader const& json)
{
    std::vector<std::uint8_t> channels;
    for (auto const& channel : json.items())
        channels.push_back(read_byte(channel));
    if (channels.size() != 3 && channels.size() != 4)
        json.refuse("expected red, green, blue and perhaps alpha");
    return channels;
}

Slope Parser::slope(JsonReader const& json) const
{
    file_.check_names(json, {"algo", "unit", "interpolation", "image_nodata", "slope_nodata", "slope_max"});
    Slope slope{.method = method(json)};
    if (auto const unit = json.find("unit")) {
        slope.in_percent = unit->string() == "pourcent";
        if (!slope.in_percent && unit->string() != "degree")
            unit->refuse(fmt::format("expected \"degree\" or \"pourcent\", not \"{}\"", unit->string()));
    }
    slope.highest = number(json, "slope_max", slope.highest);
    slope.nodata = number(json, "image_nodata", slope.nodata);
    return slope;
}

Aspect Parser::aspect(JsonReader const& json) const
{
    file_.check_names(json, {"algo", "min_slope", "aspect_nodata", "image_nodata"});
    Aspect aspect{.method = method(json)};
    aspect.min_slope = number_within(json, "min_slope", aspect.min_slope, 0, 89);
    aspect.flat = number(json, "aspect_nodata", aspect.flat);
    aspect.nodata = number(json, "image_nodata", aspect.nodata);
    return aspect;
}

Hillshade Parser::hillshade(JsonReader const& json) const
{
    file_.check_names(json, {"algo", "zenith", "azimuth", "z_factor", "interpolation", "image_nodata",
                             "estompage_nodata", "multidirectional"});
    return sun(json);
}

Hillshade Parser::sun(JsonReader const& json) const
{
    auto const multidirectional = json.find("multidirectional");
    Hillshade hillshade{.method = method(json),
                        .multidirectional = multidirectional && multidirectional->boolean()};
    if (auto const azimuth = json.find("azimuth"); azimuth && hillshade.multidirectional)
        azimuth->refuse("says nothing where light is multidirectional: leave it out");
    hillshade.altitude = number_within(json, "zenith", hillshade.altitude, 0, 90);
    hillshade.azimuth = number_within(json, "azimuth", hillshade.azimuth, 0, 360);
    hillshade.z_factor = number(json, "z_factor", hillshade.z_factor);
    hillshade.nodata = number(json, "image_nodata", hillshade.nodata);
    return hillshade;
}

Shade Parser::shade(JsonReader const& json) const
{
    file_.check_names(
        json, {"algo", "zenith", "azimuth", "z_factor", "image_nodata", "multidirectional", "strength"});
    Shade const shade{sun(json), number_within(json, "strength", 1, 0, 1)};
    if (shade.hillshade.altitude == 0)
        json.at("zenith").refuse("must be above 0: level ground would have no light to keep its colour by");
    return shade;
}

Contours Parser::contours(JsonReader const& json) const
{
    file_.check_names(json, {"interval", "base", "index", "colour", "width", "image_nodata"});
    Contours contours;
    contours.interval = json.at("interval").number();
    if (contours.interval < 0.01)
        json.at("interval").refuse("expected metres, 0.01 or more");
    contours.base = number(json, "base", contours.base);
    if (auto const index = json.find("index"))
        contours.index = index->integer(0, 1000);
    if (auto const found = json.find("colour")) {
        auto const channels = colour(*found);
        std::copy(channels.begin(), channels.end(), contours.colour.begin());
    }
    contours.width = number_within(json, "width", contours.width, 0.25, 4);
    contours.nodata = number(json, "image_nodata", contours.nodata);
    return contours;
}

TerrainRgb Parser::terrain_rgb(JsonReader const& json) const
{
    file_.check_names(json, {"min_elevation", "step", "image_nodata"});
    TerrainRgb terrain;
    terrain.min_elevation = number(json, "min_elevation", terrain.min_elevation);
    terrain.step = number(json, "step", terrain.step);
    if (terrain.step <= 0)
        json.at("step").refuse("expected metres above 0");
    terrain.nodata = number(json, "image_nodata", terrain.nodata);
    return terrain;
}

Colorize Parser::colorize(JsonReader const& json) const
{
    file_.check_names(json, {"source", "destination", "tolerance"});
    Colorize colorize;
    if (auto const source = json.find("source"))
        colorize.source = colour(*source);
    if (auto const destination = json.find("destination"))
        colorize.destination = colour(*destination);
    if (auto const tolerance = json.find("tolerance"))
        colorize.tolerance = read_byte(*tolerance);
    return colorize;
}

BandOrder Parser::band_order(JsonReader const& json) const
{
    BandOrder order;
    for (auto const& item : json.items())
        order.bands.push_back(band(item));
    if (order.bands.size() != 1 && order.bands.size() != 3)
        json.refuse("expected one band, or three for red, green and blue");
    return order;
}

Grey Parser::grey(JsonReader const& json) const
{
    if (!json.members().empty())
        json.refuse("has no fields: it is {}");
    return {};
}

NormalisedDifference Parser::normalised_difference(JsonReader const& json) const
{
    file_.check_names(json, {"a", "b"});
    NormalisedDifference const bands{band(json.at("a")), band(json.at("b"))};
    if (bands.a == bands.b)
        json.at("b").refuse("expected another band than a");
    return bands;
}

/// Its heights are those above its zero, as everybody knows them; the scale may state them otherwise.
void Parser::read_gauge(JsonReader const& json, WaterScale& scale) const
{
    file_.check_names(json, {"name", "zero", "levels"});
    scale.gauge = read_words(json.at("name"));
    scale.zero = number(json, "zero", scale.zero);
    auto const levels = json.find("levels");
    if (!levels)
        return;
    for (auto const& level : levels->items()) {
        file_.check_names(level, {"name", "value"});
        NamedLevel named{read_words(level.at("name")), scale.level_of_reading(level.at("value").number())};
        if (named.name.find_first_of(",/") != std::string::npos || parse_number<double>(named.name) ||
            equal_ignoring_case(named.name, "current") || equal_ignoring_case(named.name, "default"))
            level.at("name").refuse("must be told from numbers, lists, \"current\" and \"default\"");
        auto const is_same = [&](NamedLevel const& other) {
            return equal_ignoring_case(other.name, named.name);
        };
        if (std::any_of(scale.named.begin(), scale.named.end(), is_same))
            level.at("name").refuse("stands there twice: levels are asked for by name, in any case");
        if (named.value < scale.lowest || named.value > scale.highest)
            level.at("value").refuse(fmt::format("lies beside the range, at {}", level_text(named.value)));
        scale.named.push_back(std::move(named));
    }
}

void Parser::read_current(JsonReader const& json, WaterScale& scale) const
{
    file_.check_names(json, {"file", "hours"});
    scale.current_file = json.at("file").string();
    if (!is_plain_name(scale.current_file) || !scale.current_file.ends_with(".txt"))
        json.at("file").refuse("expected the name of a file beside this one that ends in .txt");
    scale.current_hours = number(json, "hours", scale.current_hours);
    if (scale.current_hours <= 0)
        json.at("hours").refuse("expected hours above 0");
}

WaterScale Parser::water(JsonReader const& json) const
{
    file_.check_names(json, {"gauge", "range", "step", "datum", "default", "current"});
    WaterScale scale;
    if (auto const datum = json.find("datum")) {
        scale.above_zero = datum->string() == "gauge";
        if (!scale.above_zero && datum->string() != "NGF")
            datum->refuse(
                fmt::format("expected \"NGF\" (the heights' own) or \"gauge\", not \"{}\"", datum->string()));
    }
    auto const range = json.at("range").items();
    if (range.size() != 2 || range[0].number() > range[1].number())
        json.at("range").refuse("expected the lowest level and the highest");
    scale.lowest = range[0].number();
    scale.highest = range[1].number();
    scale.step = number(json, "step", scale.step);
    if (scale.step < 0.001 || (scale.highest - scale.lowest) / scale.step > most_water_levels)
        json.refuse(fmt::format("expected a step of 0.001 or more, and {} of them in the range at the most",
                                most_water_levels));
    scale.usual = number(json, "default", scale.lowest);
    if (scale.usual < scale.lowest || scale.usual > scale.highest)
        json.at("default").refuse("lies beside the range");
    if (auto const gauge = json.find("gauge"))
        read_gauge(*gauge, scale);
    else if (scale.above_zero)
        json.at("datum").refuse("is a gauge, and none is described");
    if (scale.height_of(scale.highest) >= never_flooded)
        json.at("range").refuse(
            fmt::format("reaches {} m, which stands for ground that no water reaches", never_flooded));
    if (auto const current = json.find("current"))
        read_current(*current, scale);
    return scale;
}

/// Exactly one block says what is made of values; none leaves them as they are.
Treatment Parser::treatment() const
{
    auto const root = file_.root();
    Treatment treatment;
    std::string taken;
    auto const read = [&](char const* name, auto const& parse) {
        auto const found = root.find(name);
        if (!found)
            return;
        if (!std::exchange(taken, name).empty())
            found->refuse(fmt::format("a style has one treatment, and this one has another"));
        treatment = parse(*found);
    };
    read("pente", [&](auto const& json) { return slope(json); });
    read("exposition", [&](auto const& json) { return aspect(json); });
    read("estompage", [&](auto const& json) { return hillshade(json); });
    read("terrainrgb", [&](auto const& json) { return terrain_rgb(json); });
    read("colorize", [&](auto const& json) { return colorize(json); });
    read("bands", [&](auto const& json) { return band_order(json); });
    read("grey", [&](auto const& json) { return grey(json); });
    read("normalised_difference", [&](auto const& json) { return normalised_difference(json); });
    read("water", [&](auto const& json) {
        auto const scale = water(json);
        return WaterSurface{scale.height_of(scale.usual)};
    });
    return treatment;
}

/// Whether there is a picture before anything is coloured: shades that may be lighter or darker.
bool makes_picture(Treatment const& treatment)
{
    return std::holds_alternative<AsStored>(treatment) || std::holds_alternative<BandOrder>(treatment) ||
           std::holds_alternative<Grey>(treatment);
}

/// ROK4's files have empty abstracts.
MultilingualText text_or_none(JsonReader const& json)
{
    auto const* text = json.json().as<std::string>();
    return text && text->empty() ? MultilingualText{} : read_multilingual_text(json);
}

/// ROK4 publishes it; ours are drawn from the style itself.
void Parser::check_legend(JsonReader const& json) const
{
    file_.check_names(json,
                      {"format", "url", "height", "width", "min_scale_denominator", "max_scale_denominator"});
}

Style Parser::parse() const
{
    auto const root = file_.root();
    file_.check_names(root, {"identifier", "title", "abstract", "keywords", "legend", "palette", "pente",
                             "exposition", "estompage", "terrainrgb", "colorize", "bands", "grey",
                             "normalised_difference", "tone", "classes", "shade", "contours", "water"});
    Style style;
    style.identifier = read_style_identifier(root.at("identifier"));
    style.title = read_multilingual_text(root.at("title"));
    if (auto const abstract = root.find("abstract"))
        style.abstract = text_or_none(*abstract);
    if (auto const keywords = root.find("keywords"))
        style.keywords = read_list_of_words(*keywords);
    if (auto const legend = root.find("legend"))
        check_legend(*legend);
    style.treatment = treatment();
    if (auto const found = root.find("water"))
        style.water = water(*found);
    if (auto const found = root.find("palette")) {
        bool const is_picture = std::holds_alternative<TerrainRgb>(style.treatment) ||
                                std::holds_alternative<Colorize>(style.treatment);
        if (is_picture)
            found->refuse("terrainrgb and colorize make colours: there is nothing to colour");
        style.palette = read_palette(file_, *found);
    }
    if (auto const found = root.find("classes")) {
        if (style.palette || !std::holds_alternative<AsStored>(style.treatment))
            found->refuse(
                "classes are values as they are stored: there is no palette or treatment beside them");
        read_classes(file_, *found, style);
    }
    if (auto const found = root.find("tone")) {
        if (style.palette || !makes_picture(style.treatment))
            found->refuse("is for pictures: the data as they are, bands or grey, without a palette");
        style.tone = read_tone(file_, *found);
    }
    if (auto const* bands = std::get_if<NormalisedDifference>(&style.treatment)) {
        if (!style.palette)
            root.refuse("normalised_difference needs a palette, of values from -1 to 1");
        style.pairs = std::make_shared<PairColours const>(*bands, *style.palette);
    }
    if (style.water && !style.palette)
        root.refuse("water needs a palette, of depths in metres");
    if (auto const found = root.find("shade"))
        style.shade = shade(*found);
    if (auto const found = root.find("contours")) {
        if (std::holds_alternative<TerrainRgb>(style.treatment))
            found->refuse("would be read as heights");
        style.contours = contours(*found);
    }
    style.definition = root.json().text();
    if (style.water && style.definition.size() > most_water_bytes)
        root.refuse(
            fmt::format("is kept once for each water level, and may have {} bytes at the most, not {}",
                        most_water_bytes, style.definition.size()));
    return style;
}

} // namespace

std::string read_style_identifier(JsonReader const& json)
{
    auto without_colons = json.string();
    std::erase(without_colons, ':');
    if (!is_plain_name(without_colons) || json.string() == "default")
        json.refuse(fmt::format("expected a name of letters, digits, '-', '_', '.' and ':', other than "
                                "\"default\", not \"{}\"",
                                json.string()));
    return json.string();
}

Style parse_style(HandwrittenJson const& file)
{
    return Parser{file}.parse();
}

} // namespace ardoise
