// SPDX-License-Identifier: Apache-2.0
#include "server/services/wms.hpp"

#include "pyramid/base/letter_case.hpp"
#include "server/catalog/water_levels.hpp"
#include "server/services/acceptable.hpp"
#include "server/services/dimensions.hpp"
#include "server/services/feature_info.hpp"
#include "server/services/language.hpp"
#include "server/services/legend.hpp"
#include "server/services/maps.hpp"
#include "server/services/parameters.hpp"
#include "server/services/styled_layers.hpp"
#include "server/services/update_sequence.hpp"
#include "server/services/wms_exceptions.hpp"

#include <fmt/format.h>

#include <functional>

namespace ardoise {

namespace {

Reply capabilities(WmsVersion version, Site const& site, std::shared_ptr<Layer const> const& only)
{
    if (!only)
        return version == WmsVersion::v1_3_0 ? site.wms_130_capabilities : site.wms_111_capabilities;
    auto const base = "/" + url_encode(only->name);
    if (version == WmsVersion::v1_3_0)
        return site.layer_documents.find_or_make("WMS 1.3.0 " + only->name, [&site, only, base] {
            return document("text/xml", wms_130_capabilities(*site.catalog, {only}, base));
        });
    return site.layer_documents.find_or_make("WMS 1.1.1 " + only->name, [&site, only, base] {
        return document("application/vnd.ogc.wms_xml", wms_111_capabilities(*site.catalog, {only}, base));
    });
}

Reply get_capabilities(Request const& request, WmsVersion version, Site const& site,
                       std::shared_ptr<Layer const> const& only)
{
    switch (compare_update_sequence(request.query, *site.catalog)) {
    case UpdateSequence::current:
        return wms_exception(version, {"CurrentUpdateSequence", "UPDATESEQUENCE",
                                       "The capabilities have not changed since that update sequence."});
    case UpdateSequence::higher:
        return wms_exception(version, invalid_update_sequence(*site.catalog));
    case UpdateSequence::unstated_or_lower:
        break;
    }
    return if_acceptable(request, capabilities(version, site, only));
}

OgcError too_many_layers()
{
    return {"InvalidParameterValue", "LAYERS", fmt::format("A map has at most {} layers.", most_map_layers)};
}

Result<std::vector<StyledLayer>> styled_layers(Query const& query, Site const& site,
                                               std::shared_ptr<Layer const> const& only)
{
    auto const names = required(query, "LAYERS");
    if (!names)
        return names.error();
    auto const count = count_pieces(*names, ',');
    if (count > most_map_layers)
        return too_many_layers();
    auto styles = query.find("STYLES").value_or("");
    bool const all_default = styles.empty();
    if (!all_default && count_pieces(styles, ',') != count)
        return OgcError{"StyleNotDefined", "STYLES", "STYLES must name one style a layer, or none at all."};
    std::vector<StyledLayer> found;
    found.reserve(count);
    auto rest = *names;
    for (std::size_t i = 0; i < count; ++i) {
        auto const name = cut_piece(rest, ','), style = cut_piece(styles, ',');
        if (auto mistake = add_named(found, name, style, site, only))
            return *std::move(mistake);
    }
    if (found.size() > most_map_layers)
        return too_many_layers();
    return found;
}

Result<Crs const*> map_crs(Query const& query, WmsVersion version, Catalog const& catalog)
{
    char const* const name = version == WmsVersion::v1_3_0 ? "CRS" : "SRS";
    auto const text = required(query, name);
    if (!text)
        return text.error();
    auto const* crs = catalog.find_crs(*text);
    if (!crs)
        return OgcError{version == WmsVersion::v1_3_0 ? "InvalidCRS" : "InvalidSRS", name,
                        fmt::format("Maps are not offered in \"{}\".", *text)};
    return crs;
}

/// The box with x to the east, whatever the order of the axes in the request.
Result<BoundingBox> map_box(Query const& query, WmsVersion version, Crs const& crs)
{
    auto const stated = box(query, "BBOX");
    if (!stated)
        return stated;
    auto const& b = *stated;
    auto const turned = version == WmsVersion::v1_3_0 && crs.northing_first()
                            ? BoundingBox{b.min_y, b.min_x, b.max_y, b.max_x}
                            : b;
    return sound_box(turned, "BBOX");
}

/// What maps and values are asked for alike: the ground, and its pixels.
Result<MapFrame> map_frame(Query const& query, WmsVersion version, Catalog const& catalog)
{
    auto const crs = map_crs(query, version, catalog);
    if (!crs)
        return crs.error();
    auto const ground = map_box(query, version, **crs);
    if (!ground)
        return ground.error();
    auto const width = integer(query, "WIDTH", 1, largest_map_side);
    if (!width)
        return width.error();
    auto const height = integer(query, "HEIGHT", 1, largest_map_side);
    if (!height)
        return height.error();
    return MapFrame{**crs, *ground, static_cast<std::int32_t>(*width), static_cast<std::int32_t>(*height)};
}

OgcError no_such_format(std::string_view name)
{
    std::string known;
    for (auto const& row : format_names())
        if (row.use == FormatName::Use::advertised)
            known += (known.empty() ? "" : ", ") + std::string{row.name};
    return {"InvalidFormat", "FORMAT",
            fmt::format("Maps are not offered as \"{}\", but as {}.", name, known)};
}

/// What keeps the layers' values from a format that holds values of `type`, if anything does.
std::optional<OgcError> check_values(std::vector<StyledLayer> const& layers, SampleType type)
{
    if (layers.size() > 1)
        return OgcError{"InvalidFormat", "FORMAT", "Values (image/x-bil) are those of one layer."};
    auto const& layer = *layers.front().layer;
    auto const own = layer.pyramid.format.type;
    if (own == type)
        return std::nullopt;
    return OgcError{"InvalidFormat", "FORMAT",
                    fmt::format("\"{0}\" has values of {1} bits: ask for image/x-bil;bits={1}.", layer.name,
                                8 * bytes_per_sample(own))};
}

OgcError values_would_be_lost(std::string_view name)
{
    return {
        "InvalidFormat", "FORMAT",
        fmt::format("The style's colours are heights, which \"{}\" would change: ask for image/png.", name)};
}

Result<PictureFormat> map_format(Query const& query, std::vector<StyledLayer> const& layers, bool transparent)
{
    auto const name = required(query, "FORMAT");
    if (!name)
        return name.error();
    auto const format = parse_map_format(*name);
    if (!format)
        return no_such_format(*name);
    if (encodes_values(layers)) {
        if (!can_be_exact(*format))
            return values_would_be_lost(*name);
        return *format;
    }
    bool const is_jpeg = *format == PictureFormat::jpeg_or_png && !transparent; // all is opaque then
    return is_jpeg ? PictureFormat::jpeg : *format;
}

Result<MapRequest> parse_get_map(Query const& query, WmsVersion version, Site const& site,
                                 std::shared_ptr<Layer const> const& only)
{
    auto layers = styled_layers(query, site, only);
    if (!layers)
        return layers.error();
    auto frame = map_frame(query, version, *site.catalog);
    if (!frame)
        return frame.error();
    auto const behind = backdrop(query);
    if (!behind)
        return behind.error();
    auto const format = map_format(query, *layers, behind->transparent);
    if (!format)
        return format.error();
    return MapRequest{.layers = std::move(*layers),
                      .crs = std::move(frame->crs),
                      .box = frame->box,
                      .width = frame->width,
                      .height = frame->height,
                      .format = *format,
                      .transparent = behind->transparent,
                      .background = behind->colour};
}

/// A map comes under the name that it was asked by (OGC 06-042 6.6): the names of JPEG or PNG are not those
/// of the bytes.
std::optional<std::string_view> name_of_either(Query const& query)
{
    auto const asked = query.find("FORMAT").value_or("");
    for (auto const& row : format_names())
        if (row.format == PictureFormat::jpeg_or_png && equal_ignoring_case(row.name, asked))
            return row.name;
    return std::nullopt;
}

Reply renamed(Reply reply, std::string_view media_type)
{
    return changed(std::move(reply), fmt::format("as {}", media_type), [media_type](Response& response) {
        if (response.status == 200)
            response.media_type = media_type;
    });
}

Reply map_or_exception(Request const& request, WmsVersion version, Site const& site, Caches& caches,
                       std::shared_ptr<Layer const> const& only)
{
    MapExceptions const exceptions{request.query, version};
    auto map = parse_get_map(request.query, version, site, only);
    if (!map)
        return exceptions.reply(map.error());
    auto const warnings = choose_members(map->layers, dimensions_of(request.query));
    if (!warnings)
        return exceptions.reply(warnings.error());
    if (auto const type = value_type(map->format))
        if (auto const mistake = check_values(map->layers, *type)) // of what is drawn, as a product may be
            return exceptions.reply(*mistake);
    auto const refuse = [exceptions](OgcError const& error) { return exceptions.response(error); };
    return with_warnings(get_map(request, *map, {exceptions.key(), refuse}, caches), *warnings);
}

Reply get_map(Request const& request, WmsVersion version, Site const& site, Caches& caches,
              std::shared_ptr<Layer const> const& only)
{
    auto reply = map_or_exception(request, version, site, caches, only);
    auto const name = name_of_either(request.query);
    return name ? renamed(std::move(reply), *name) : reply;
}

/// The style that STYLES names for a layer of LAYERS; of one that is not there the default.
std::string_view style_for(std::string_view name, Query const& query)
{
    auto layers = query.find("LAYERS").value_or(""), styles = query.find("STYLES").value_or("");
    while (!layers.empty() && !styles.empty()) {
        auto const layer = cut_piece(layers, ','), style = cut_piece(styles, ',');
        if (layer == name)
            return style;
    }
    return {};
}

bool tells_values(StyledLayer const& styled)
{
    return styled.layer->is_queryable();
}

OgcError tells_no_values(std::string_view name)
{
    return {"LayerNotQueryable", "QUERY_LAYERS", fmt::format("The values of \"{}\" are not told.", name)};
}

/// What one name stands for; of a group the layers that can be asked, of a series the member, of a style that
/// is a product its layer, if that can be asked, too.
Result<std::vector<StyledLayer>> queried_by(std::string_view name, Query const& query, Site const& site,
                                            std::shared_ptr<Layer const> const& only)
{
    std::vector<StyledLayer> layers;
    if (auto mistake = add_named(layers, name, style_for(name, query), site, only)) {
        mistake->locator = mistake->code == "StyleNotDefined" ? "STYLES" : "QUERY_LAYERS";
        return *std::move(mistake);
    }
    std::erase_if(layers, std::not_fn(tells_values));
    if (layers.empty())
        return tells_no_values(name);
    for (auto& styled : layers)
        if (auto const* water = find_water_style(*styled.layer)) // depths are told whatever the map shows
            styled.style = water;
    if (auto const chosen = choose_members(layers, dimensions_of(query)); !chosen)
        return chosen.error();
    std::erase_if(layers,
                  [](StyledLayer const& styled) { return styled.style->shown && !tells_values(styled); });
    if (layers.empty())
        return tells_no_values(name);
    return layers;
}

Result<std::vector<StyledLayer>> queried_layers(Query const& query, Site const& site,
                                                std::shared_ptr<Layer const> const& only)
{
    auto const names = required(query, "QUERY_LAYERS");
    if (!names)
        return names.error();
    std::vector<StyledLayer> layers;
    auto const count = count_pieces(*names, ',');
    auto rest = *names;
    for (std::size_t i = 0; i < count && layers.size() <= most_map_layers; ++i) {
        auto const found = queried_by(cut_piece(rest, ','), query, site, only);
        if (!found)
            return found.error();
        layers.insert(layers.end(), found->begin(), found->end());
    }
    if (layers.size() > most_map_layers)
        return OgcError{"InvalidParameterValue", "QUERY_LAYERS",
                        fmt::format("At most {} layers are asked at a time.", most_map_layers)};
    return layers;
}

/// I and J of a pixel, which 1.1.1 calls X and Y.
Result<PixelIndex> queried_pixel(Query const& query, WmsVersion version, MapFrame const& frame)
{
    auto const number = [&](char const* name, std::int32_t end) {
        auto found = integer(query, name, 0, end - 1);
        if (!found && found.error().code == "InvalidParameterValue")
            found = OgcError{"InvalidPoint", name, found.error().text};
        return found;
    };
    auto const i = number(version == WmsVersion::v1_3_0 ? "I" : "X", frame.width);
    if (!i)
        return i.error();
    auto const j = number(version == WmsVersion::v1_3_0 ? "J" : "Y", frame.height);
    if (!j)
        return j.error();
    return PixelIndex{static_cast<std::int32_t>(*i), static_cast<std::int32_t>(*j)};
}

Result<InfoRequest> parse_get_feature_info(Query const& query, WmsVersion version, Site const& site,
                                           std::shared_ptr<Layer const> const& only)
{
    auto layers = queried_layers(query, site, only);
    if (!layers)
        return layers.error();
    auto frame = map_frame(query, version, *site.catalog);
    if (!frame)
        return frame.error();
    auto const pixel = queried_pixel(query, version, *frame);
    if (!pixel)
        return pixel.error();
    auto const name = query.find("INFO_FORMAT").value_or("");
    auto const format = name.empty() ? info_formats.front().media_type : find_info_format(name);
    if (!format)
        return OgcError{"InvalidFormat", "INFO_FORMAT", no_info_format(name)};
    return InfoRequest{std::move(*layers), std::move(*frame), *pixel, *format,
                       wanted_language(query, site.catalog->options().service)};
}

Reply get_feature_info(Query const& query, WmsVersion version, Site const& site, Caches& caches,
                       std::shared_ptr<Layer const> const& only)
{
    auto wanted = parse_get_feature_info(query, version, site, only);
    if (!wanted)
        return wms_exception(version, wanted.error());
    return feature_info(std::move(*wanted), caches);
}

} // namespace

Reply wms_kvp(Request const& request, Site const& site, Caches& caches,
              std::shared_ptr<Layer const> const& only)
{
    auto const& query = request.query;
    auto const version = negotiate(query);
    auto const operation = required(query, "REQUEST");
    if (!operation)
        return wms_exception(version, operation.error());
    if (auto const service = query.find("SERVICE");
        service && !service->empty() && !equal_ignoring_case(*service, "WMS"))
        return wms_exception(
            version, {"InvalidParameterValue", "SERVICE", fmt::format("This is WMS, not \"{}\".", *service)});
    auto const is_asked = [&](char const* name, char const* before_1_1_0) {
        return equal_ignoring_case(*operation, name) || equal_ignoring_case(*operation, before_1_1_0);
    };
    if (is_asked("GetCapabilities", "capabilities"))
        return get_capabilities(request, version, site, only);
    if (equal_ignoring_case(*operation, "GetLegendGraphic"))
        return get_legend_graphic(request, version, site, caches, only);
    bool const is_map = is_asked("GetMap", "map"), is_info = is_asked("GetFeatureInfo", "feature_info");
    if (!is_map && !is_info)
        return wms_exception(version, {"OperationNotSupported", "REQUEST",
                                       fmt::format("There is no request \"{}\".", *operation)});
    auto const stated = stated_version(query);
    if (!stated)
        return wms_exception(version, stated.error());
    return is_map ? get_map(request, version, site, caches, only)
                  : get_feature_info(query, version, site, caches, only);
}

} // namespace ardoise
