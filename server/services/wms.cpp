// SPDX-License-Identifier: Apache-2.0
#include "server/services/wms.hpp"

#include "pyramid/base/letter_case.hpp"
#include "server/services/acceptable.hpp"
#include "server/services/feature_info.hpp"
#include "server/services/legend.hpp"
#include "server/services/parameters.hpp"
#include "server/services/styled_layers.hpp"
#include "server/services/tiles.hpp"
#include "server/services/update_sequence.hpp"
#include "server/services/wms_exceptions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ardoise {

namespace {

Response capabilities(WmsVersion version, Site const& site, std::shared_ptr<Layer const> const& only)
{
    if (!only)
        return version == WmsVersion::v1_3_0 ? site.wms_130_capabilities : site.wms_111_capabilities;
    auto const base = "/" + url_encode(only->name);
    if (version == WmsVersion::v1_3_0)
        return site.layer_documents.get("WMS 1.3.0 " + only->name, [&] {
            return document("text/xml", wms_130_capabilities(*site.catalog, {only}, base));
        });
    return site.layer_documents.get("WMS 1.1.1 " + only->name, [&] {
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
    if (turned.empty())
        return OgcError{"InvalidParameterValue", "BBOX",
                        "BBOX must have its minimum below its maximum on both axes."};
    constexpr double farthest = 1e12; // beyond any ground, and safe to multiply
    if (std::max({std::abs(b.min_x), std::abs(b.min_y), std::abs(b.max_x), std::abs(b.max_y)}) > farthest)
        return OgcError{"InvalidParameterValue", "BBOX", "BBOX lies outside of every coordinate system."};
    return turned;
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

Result<PictureFormat> map_format(Query const& query, std::vector<StyledLayer> const& layers, bool transparent)
{
    auto const name = required(query, "FORMAT");
    if (!name)
        return name.error();
    auto const format = parse_map_format(*name);
    if (!format)
        return no_such_format(*name);
    if (auto const type = value_type(*format))
        if (auto mistake = check_values(layers, *type))
            return *std::move(mistake);
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
    auto const transparent = flag(query, "TRANSPARENT");
    if (!transparent)
        return transparent.error();
    auto const format = map_format(query, *layers, *transparent);
    if (!format)
        return format.error();
    auto const background = colour(query, "BGCOLOR");
    if (!background)
        return background.error();
    return MapRequest{std::move(*layers), std::move(frame->crs),
                      frame->box,         frame->width,
                      frame->height,      *format,
                      *transparent,       *background};
}

/// Whether the map looks as its layer's tiles do: one layer, in the format, with the colours, and on the
/// ground that they are stored with.
bool looks_as_stored(MapRequest const& map)
{
    if (map.layers.size() != 1 || map.background != Colour{})
        return false;
    auto const& [layer, style] = map.layers.front();
    auto const& pyramid = layer->pyramid;
    bool const stores_alpha = pyramid.channels == 2 || pyramid.channels == 4;
    bool const wants_alpha = map.transparent && has_alpha(map.format);
    bool const is_white_where_empty =
        std::all_of(pyramid.nodata.begin(), pyramid.nodata.end(), [](double value) { return value == 255; });
    return parse_picture_format(pyramid.format.media_type) == map.format && !style->palette &&
           stores_alpha == wants_alpha && (stores_alpha || is_white_where_empty) &&
           same_place(map.crs, pyramid.set->crs);
}

/// Whether the map has the size of the matrix's tiles, in pixels and (to a thousandth of one) on the ground.
bool has_tile_size(MapRequest const& map, TileMatrix const& matrix)
{
    double const near = 1e-3 * matrix.cell_size;
    return map.width == matrix.tile_width && map.height == matrix.tile_height &&
           std::abs(map.box.width() - matrix.cell_size * map.width) <= near &&
           std::abs(map.box.height() - matrix.cell_size * map.height) <= near;
}

/// The tile whose corner the box's is, to a thousandth of a pixel.
std::optional<TileIndex> find_tile(BoundingBox const& box, TileMatrix const& matrix)
{
    double const col = (box.min_x - matrix.origin_x) / matrix.cell_size / matrix.tile_width;
    double const row = (matrix.origin_y - box.max_y) / matrix.cell_size / matrix.tile_height;
    TileIndex const tile{std::llround(col), std::llround(row)};
    bool const on_grid = std::abs(col - static_cast<double>(tile.col)) * matrix.tile_width < 1e-3 &&
                         std::abs(row - static_cast<double>(tile.row)) * matrix.tile_height < 1e-3;
    return on_grid ? std::optional{tile} : std::nullopt;
}

/// The stored tile that the map is, if it is one: same ground, size, format and look.
std::optional<TileRequest> as_stored_tile(MapRequest const& map)
{
    if (!looks_as_stored(map))
        return std::nullopt;
    auto const& [layer, style] = map.layers.front();
    auto const& link = layer->links.front();
    for (auto i = link.stored.size(); i-- > 0;) { // most tiles are the finest level's
        auto const& matrix = link.set->matrices[i];
        if (!link.stored[i] || !has_tile_size(map, matrix))
            continue;
        if (auto const tile = find_tile(map.box, matrix); tile && link.limits[i].contains(*tile))
            return TileRequest{layer, style, &link, i, *tile, {std::nullopt, media_type(map.format)}, 1};
    }
    return std::nullopt;
}

Reply get_map(Request const& request, WmsVersion version, Site const& site, Caches& caches,
              std::shared_ptr<Layer const> const& only)
{
    MapExceptions const exceptions{request.query, version};
    auto const map = parse_get_map(request.query, version, site, only);
    if (!map)
        return exceptions.reply(map.error());
    if (auto const tile = as_stored_tile(*map))
        return get_tile(request, *tile, caches);
    Response const known{.media_type = media_type(map->format),
                         .body = {},
                         .etag = tag_of(hash_of(as_bytes(facts_of(*map)))),
                         .cache_control = "public, max-age=3600"};
    if (is_known_to(request, known))
        return known;
    auto draw = [map = *map, known, exceptions, &caches] {
        if (!is_affordable(map))
            return exceptions.response(
                {"InvalidParameterValue", "WIDTH",
                 "The map is too costly; ask for fewer layers, fewer pixels or a smaller box."});
        auto response = known;
        response.body = SharedBytes::of(render_map(map, caches));
        response.media_type = media_type(map.format, response.body.view);
        return response;
    };
    return Work{std::move(draw), fmt::format("{} {}", exceptions.key(), key_of(*map))};
}

/// What one name stands for; of a group the layers that can be asked.
Result<std::vector<StyledLayer>> queried_by(std::string_view name, Site const& site,
                                            std::shared_ptr<Layer const> const& only)
{
    std::vector<StyledLayer> layers;
    if (auto mistake = add_named(layers, name, {}, site, only)) {
        mistake->locator = "QUERY_LAYERS";
        return *std::move(mistake);
    }
    std::erase_if(layers, [](StyledLayer const& styled) { return !styled.layer->is_queryable(); });
    if (layers.empty())
        return OgcError{"LayerNotQueryable", "QUERY_LAYERS",
                        fmt::format("The values of \"{}\" are not told.", name)};
    return layers;
}

Result<std::vector<std::shared_ptr<Layer const>>> queried_layers(Query const& query, Site const& site,
                                                                 std::shared_ptr<Layer const> const& only)
{
    auto const names = required(query, "QUERY_LAYERS");
    if (!names)
        return names.error();
    std::vector<std::shared_ptr<Layer const>> layers;
    auto const count = count_pieces(*names, ',');
    auto rest = *names;
    for (std::size_t i = 0; i < count && layers.size() <= most_map_layers; ++i) {
        auto const found = queried_by(cut_piece(rest, ','), site, only);
        if (!found)
            return found.error();
        for (auto const& styled : *found)
            layers.push_back(styled.layer);
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
        return OgcError{"InvalidFormat", "INFO_FORMAT", fmt::format("Values are not told as \"{}\".", name)};
    return InfoRequest{std::move(*layers), std::move(*frame), *pixel, *format};
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
