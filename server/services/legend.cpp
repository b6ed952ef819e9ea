// SPDX-License-Identifier: Apache-2.0
#include "server/services/legend.hpp"

#include "pyramid/base/json.hpp"
#include "pyramid/base/letter_case.hpp"
#include "pyramid/base/number.hpp"
#include "server/render/legend_key.hpp"
#include "server/services/dimensions.hpp"
#include "server/services/language.hpp"
#include "server/services/legend_svg.hpp"
#include "server/services/parameters.hpp"
#include "server/services/styled_layers.hpp"
#include "server/services/wms_exceptions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

namespace ardoise {

namespace {

constexpr char const* legend_cache_control = "public, max-age=3600";
constexpr double least_dpi = 45, most_dpi = 600;
constexpr std::int32_t largest_swatch = 512;

/// What clients have come to call it; empty: they do not say.
std::string_view dpi_text(Query const& query)
{
    for (auto const* name : {"DPI", "MAP_RESOLUTION"})
        if (auto const dpi = query.find(name); dpi && !dpi->empty())
            return *dpi;
    auto options = query.find("FORMAT_OPTIONS").value_or("");
    while (!options.empty())
        if (auto option = cut_piece(options, ';'); equal_ignoring_case(option.substr(0, 4), "dpi:"))
            return option.substr(4);
    return {};
}

/// How large lengths are, where 1 is a pixel of 0.28 mm.
Result<double> scale_of(Query const& query)
{
    constexpr double inch = 25.4, pixel = 0.28; // millimetres
    auto const text = dpi_text(query);
    if (text.empty())
        return 1.0;
    auto const dpi = parse_number<double>(text);
    if (!dpi || *dpi <= 0)
        return OgcError{"InvalidParameterValue", "DPI",
                        fmt::format("DPI must be a number of dots an inch, not \"{}\".", text)};
    return std::clamp(*dpi, least_dpi, most_dpi) * pixel / inch;
}

/// A hint: what is out of bounds is cut to them.
Result<std::optional<std::int32_t>> swatch_side(Query const& query, char const* name)
{
    auto const text = query.find(name).value_or("");
    if (text.empty())
        return std::optional<std::int32_t>{};
    auto const side = parse_number<std::int64_t>(text);
    if (!side || *side < 1)
        return OgcError{"InvalidParameterValue", name,
                        fmt::format("{} must be a number of pixels above 0, not \"{}\".", name, text)};
    return std::optional{static_cast<std::int32_t>(std::min<std::int64_t>(*side, largest_swatch))};
}

std::optional<std::string_view> find_legend_format(Query const& query)
{
    auto const name = query.find("FORMAT").value_or("");
    if (name.empty())
        return legend_formats.front();
    auto const plain = name.substr(0, name.find(';'));
    auto const found =
        std::find_if(legend_formats.begin(), legend_formats.end(),
                     [plain](std::string_view known) { return equal_ignoring_case(plain, known); });
    return found == legend_formats.end() ? std::nullopt : std::optional{*found};
}

Language wanted_words(Query const& query, ServiceDescription const& service)
{
    auto const wanted = find_language(query.find("LANGUAGE").value_or(""));
    return wanted ? *wanted : spoken_language(language_of(service));
}

/// What a request asks for; `format` is one of legend_formats.
struct WantedLegend {
    LegendRequest legend;
    std::string_view format;
};

Result<std::vector<StyledLayer>> legend_layers(Query const& query, Site const& site,
                                               std::shared_ptr<Layer const> const& only)
{
    auto const name = required(query, "LAYER");
    if (!name)
        return name.error();
    std::vector<StyledLayer> layers;
    if (auto mistake = add_named(layers, *name, query.find("STYLE").value_or(""), site, only)) {
        mistake->locator = mistake->code == "LayerNotDefined" ? "LAYER" : "STYLE";
        return *std::move(mistake);
    }
    if (layers.size() > most_map_layers)
        return OgcError{"InvalidParameterValue", "LAYER",
                        fmt::format("A legend has at most {} layers.", most_map_layers)};
    if (auto const chosen = choose_members(layers, dimensions_of(query)); !chosen)
        return chosen.error();
    return layers;
}

Result<WantedLegend> parse(Query const& query, Site const& site, std::shared_ptr<Layer const> const& only)
{
    auto layers = legend_layers(query, site, only);
    if (!layers)
        return layers.error();
    auto const format = find_legend_format(query);
    if (!format)
        return OgcError{"InvalidFormat", "FORMAT",
                        fmt::format("Legends are not offered as \"{}\", but as {}.",
                                    query.find("FORMAT").value_or(""), fmt::join(legend_formats, ", "))};
    auto const scale = scale_of(query);
    if (!scale)
        return scale.error();
    auto const width = swatch_side(query, "WIDTH");
    if (!width)
        return width.error();
    auto const height = swatch_side(query, "HEIGHT");
    if (!height)
        return height.error();
    auto const behind = backdrop(query);
    if (!behind)
        return behind.error();
    return WantedLegend{{.layers = *std::move(layers),
                         .language = wanted_words(query, site.catalog->options().service),
                         .scale = *scale,
                         .swatch_width = *width,
                         .swatch_height = *height,
                         .format = parse_picture_format(*format).value_or(PictureFormat::png),
                         .transparent = behind->transparent,
                         .background = behind->colour},
                        *format};
}

Json entry_json(PaletteColour const& colour, double quantity, std::string label)
{
    return Json::object(
        {{"label", std::move(label)},
         {"quantity", std::isfinite(quantity) ? fmt::format("{}", quantity) : std::string{"Infinity"}},
         {"color", fmt::format("#{:02X}{:02X}{:02X}", colour.red, colour.green, colour.blue)},
         {"opacity", fmt::format("{}", std::round(colour.alpha / 2.55) / 100)}});
}

/// The colours of a ramp from the highest value down, as they stand on it.
Json ramp_json(Ramp const& ramp, Language language)
{
    auto entries = Json::array();
    for (auto i = ramp.colours.size(); i-- > 0;)
        entries.add(entry_json(ramp.colours[i], ramp.colours[i].value,
                               with_unit(value_text(ramp.colours, i, language), ramp.unit, language)));
    auto json = Json::object({{"type", "ramp"}, {"entries", std::move(entries)}});
    if (!ramp.unit.empty())
        json.set("unit", ramp.unit);
    return json;
}

/// As in GeoServer's styles the quantity of an interval is where it ends, and the next one begins.
Json classes_json(LegendKey const& key)
{
    auto entries = Json::array();
    for (auto const& entry : key.classes)
        entries.add(entry_json(entry.colour, key.is_exact ? entry.colour.value : entry.upper, entry.label));
    return Json::object({{"type", key.is_exact ? "values" : "intervals"}, {"entries", std::move(entries)}});
}

/// A layer of pictures has a rule without symbolizers.
Json symbolizers_json(LegendKey const& key, Language language)
{
    auto symbolizers = Json::array();
    if (!key.is_picture())
        symbolizers.add(Json::object(
            {{"Raster",
              Json::object({{"colormap", key.ramp ? ramp_json(*key.ramp, language) : classes_json(key)},
                            {"opacity", "1.0"}})}}));
    return symbolizers;
}

Json legend_json(LegendRequest const& legend)
{
    auto legends = Json::array();
    for (auto const& styled : legend.layers) {
        auto const& style = *styled.style;
        auto symbolizers = symbolizers_json(legend_key(styled, legend.language), legend.language);
        legends.add(Json::object(
            {{"layerName", styled.layer->name},
             {"title", styled.layer->title()},
             {"rules", Json::array({Json::object({{"name", style.identifier},
                                                  {"title", style.title.in(code_of(legend.language))},
                                                  {"symbolizers", std::move(symbolizers)}})})}}));
    }
    return Json::object({{"Legend", std::move(legends)}});
}

StyledLayer as_drawn(StyledLayer const& styled)
{
    std::vector<StyledLayer> drawn{styled};
    std::ignore = choose_members(drawn, {}); // every series has a default
    return std::move(drawn.front());
}

Response json_response(LegendRequest const& legend)
{
    auto response = document("application/json", legend_json(legend).text());
    response.cache_control = legend_cache_control;
    return response;
}

} // namespace

Reply get_legend_graphic(Request const& request, WmsVersion version, Site const& site, Caches& caches,
                         std::shared_ptr<Layer const> const& only)
{
    auto const wanted = parse(request.query, site, only);
    if (!wanted)
        return wms_exception(version, wanted.error());
    auto const& legend = wanted->legend;
    if (wanted->format == "application/json")
        return json_response(legend);
    if (auto const [width, height] = size_of(legend); std::max(width, height) > largest_map_side)
        return wms_exception(version, {"InvalidParameterValue", "WIDTH",
                                       fmt::format("The legend would have {} x {} pixels; ask for smaller "
                                                   "swatches or fewer dots an inch.",
                                                   width, height)});
    Response const known{
        .media_type = wanted->format,
        .body = {},
        .etag = tag_of(hash_of(as_bytes(fmt::format("{} {}", facts_of(legend), wanted->format)))),
        .cache_control = legend_cache_control};
    if (is_known_to(request, known))
        return known;
    auto draw = [legend, known, &caches] {
        auto response = known;
        response.body = known.media_type == svg_media_type ? SharedBytes::owning(legend_svg(legend, caches))
                                                           : SharedBytes::of(render_legend(legend, caches));
        return response;
    };
    return Work{std::move(draw), "legend " + known.etag};
}

std::string legend_address(std::string const& address, StyledLayer const& styled)
{
    return fmt::format("{}SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER={}&STYLE={}&FORMAT={}",
                       address, url_encode(styled.layer->name), url_encode(styled.style->identifier),
                       url_encode(legend_formats.front()));
}

bool explains_colours(StyledLayer const& styled)
{
    return !legend_key(as_drawn(styled), Language::english).is_picture();
}

LegendLink legend_link(std::string const& address, StyledLayer const& styled, std::string_view language)
{
    return {legend_address(address, styled),
            size_of({.layers = {as_drawn(styled)}, .language = spoken_language(language)})};
}

} // namespace ardoise
