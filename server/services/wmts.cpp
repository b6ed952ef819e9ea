// SPDX-License-Identifier: Apache-2.0
#include "server/services/wmts.hpp"

#include "pyramid/base/letter_case.hpp"
#include "pyramid/base/number.hpp"
#include "server/services/acceptable.hpp"
#include "server/services/dimensions.hpp"
#include "server/services/exceptions.hpp"
#include "server/services/feature_info.hpp"
#include "server/services/language.hpp"
#include "server/services/parameters.hpp"
#include "server/services/tile_file.hpp"
#include "server/services/tiles.hpp"
#include "server/services/update_sequence.hpp"
#include "server/services/wmts_capabilities.hpp"

#include <fmt/format.h>

namespace ardoise {

namespace {

/// What a GetTile names, as text, from KVP or REST alike.
struct TileNames {
    std::string_view layer, style, format, set, matrix, row, col;
    int scale = 1; // by REST alone: "{col}@2x.png"
    DimensionTexts dimensions = {};
};

OgcError invalid(std::string locator, std::string text)
{
    return {"InvalidParameterValue", std::move(locator), std::move(text)};
}

Result<std::int64_t> tile_number(std::string_view text, char const* name)
{
    auto const value = parse_number<std::int64_t>(text);
    if (!value)
        return invalid(name, fmt::format("{} must be an integer, not \"{}\".", name, text));
    return *value;
}

/// Beside the limits there is nothing, unless the layer has empty tiles there: then beside the matrix.
Result<TileIndex> tile_index(TileNames const& names, TileRange const& limits)
{
    auto const row = tile_number(names.row, "TileRow");
    if (!row)
        return row.error();
    auto const col = tile_number(names.col, "TileCol");
    if (!col)
        return col.error();
    auto const out_of_range = [](char const* name, std::int64_t first, std::int64_t last) {
        return OgcError{"TileOutOfRange", name,
                        last > first
                            ? fmt::format("{} must be from {} to {} in this matrix.", name, first, last - 1)
                            : std::string{"The layer has no tiles in this matrix."}};
    };
    if (*row < limits.first.row || *row >= limits.last.row)
        return out_of_range("TileRow", limits.first.row, limits.last.row);
    if (*col < limits.first.col || *col >= limits.last.col)
        return out_of_range("TileCol", limits.first.col, limits.last.col);
    return TileIndex{*col, *row};
}

/// All but the format; of a series its member. (Which tiles there are is said of the series, so it is asked.)
Result<TileRequest> resolve_place(TileNames const& names, Site const& site,
                                  std::shared_ptr<Layer const> const& only)
{
    TileRequest wanted;
    wanted.layer = find_layer(site, names.layer, only);
    if (!wanted.layer)
        return invalid("Layer", fmt::format("There is no layer \"{}\".", names.layer));
    auto const& layer = *wanted.layer;
    wanted.style = find_style(layer, names.style);
    if (!wanted.style)
        return invalid("Style", no_style(layer, names.style));
    wanted.link = layer.find_link(names.set);
    if (!wanted.link)
        return invalid("TileMatrixSet", fmt::format("The layer is not offered in \"{}\".", names.set));
    auto const* matrix = wanted.link->set->find(names.matrix);
    if (!matrix)
        return invalid("TileMatrix",
                       fmt::format("There is no matrix \"{}\" in {}.", names.matrix, names.set));
    wanted.matrix = wanted.link->set->index_of(*matrix);
    auto const tile = tile_index(
        names, layer.description.empty_outside_limits ? matrix->range() : wanted.link->limits[wanted.matrix]);
    if (!tile)
        return tile.error();
    wanted.tile = *tile;
    auto member = tile_of_member(std::move(wanted), names.dimensions);
    return member ? member : as_wmts(member.error());
}

Result<TileRequest> resolve(TileNames const& names, Site const& site,
                            std::shared_ptr<Layer const> const& only)
{
    auto wanted = resolve_place(names, site, only);
    if (!wanted)
        return wanted;
    auto const& layer = *wanted->layer;
    auto const picture = find_picture(layer, *wanted->style, names.format);
    if (!picture)
        return invalid("Format", fmt::format("The layer is not offered as \"{}\".", names.format));
    wanted->picture = *picture;
    wanted->scale = names.scale;
    if (!is_offered(*wanted))
        return invalid("Format",
                       fmt::format("The layer's values are offered in {} only.", layer.pyramid.set->id));
    return wanted;
}

/// `format_may_be_missing`: QGIS names none when it asks for values.
Result<TileNames> tile_names(Query const& query, bool format_may_be_missing = false)
{
    TileNames names;
    struct {
        char const* key;
        std::string_view TileNames::*into;
    } const wanted[] = {{"Layer", &TileNames::layer},       {"Style", &TileNames::style},
                        {"Format", &TileNames::format},     {"TileMatrixSet", &TileNames::set},
                        {"TileMatrix", &TileNames::matrix}, {"TileRow", &TileNames::row},
                        {"TileCol", &TileNames::col}};
    for (auto const& [key, into] : wanted) {
        // STYLE= is how a client asks for the default style; nothing else may be empty.
        bool const may_be_empty = into == &TileNames::style;
        auto const value = query.find(key);
        if (format_may_be_missing && into == &TileNames::format && (!value || value->empty()))
            continue;
        if (!value || (value->empty() && !may_be_empty))
            return OgcError{"MissingParameterValue", key, fmt::format("The parameter {} is missing.", key)};
        names.*into = *value;
    }
    names.dimensions = dimensions_of(query);
    return names;
}

bool accepts_version(std::string_view accept_versions)
{
    while (!accept_versions.empty())
        if (cut_piece(accept_versions, ',') == "1.0.0")
            return true;
    return false;
}

/// What a document is to hold.
struct Wanted {
    WmtsSections sections = {};
    std::optional<PublishedFormat> format = {};

    bool is_usual() const { return sections.is_whole() && !format; }
    std::string key() const
    {
        return fmt::format("{} {}", key_of(sections), format ? format->extension : "");
    }
};

Reply capabilities(Request const& request, Site const& site, std::shared_ptr<Layer const> const& only,
                   Wanted const& wanted)
{
    if (!only && wanted.is_usual())
        return if_acceptable(request, site.wmts_capabilities);
    auto const name = only ? only->name : std::string{};
    auto write = [&site, only, name, wanted] {
        auto const& catalog = *site.catalog;
        return document("application/xml",
                        wmts_capabilities(catalog, only ? LayerList{only} : catalog.layers(),
                                          only ? "/" + url_encode(name) : "", wanted.sections,
                                          wanted.format));
    };
    return if_acceptable(request, site.layer_documents.find_or_make(
                                      fmt::format("WMTS {} {}", wanted.key(), name), std::move(write)));
}

Reply get_capabilities(Request const& request, Site const& site, std::shared_ptr<Layer const> const& only)
{
    if (auto const versions = request.query.find("AcceptVersions");
        versions && !versions->empty() && !accepts_version(*versions))
        return ows_exception({"VersionNegotiationFailed", "", "The version of this service is 1.0.0."});
    auto const sections = parse_sections(request.query);
    if (!sections)
        return ows_exception(sections.error());
    switch (compare_update_sequence(request.query, *site.catalog)) {
    case UpdateSequence::current:
        return capabilities(request, site, only, {.sections = WmtsSections::none()});
    case UpdateSequence::higher:
        return ows_exception(invalid_update_sequence(*site.catalog));
    case UpdateSequence::unstated_or_lower:
        break;
    }
    return capabilities(request, site, only, {*sections, chosen_format(request.query)});
}

Reply get_named_tile(Request const& request, Result<TileNames> const& names, Site const& site, Caches& caches,
                     std::shared_ptr<Layer const> const& only, int status_of_mistakes)
{
    if (!names)
        return ows_exception(names.error());
    auto const wanted = resolve(*names, site, only);
    if (!wanted)
        return ows_exception(wanted.error(),
                             wanted.error().code == "TileOutOfRange" ? 400 : status_of_mistakes);
    return get_tile(request, *wanted, caches);
}

/// What a GetFeatureInfo names beside a tile.
struct PixelNames {
    std::string_view i, j, format;
    std::string language;
};

/// TileOutOfRange is what the OGC's own suite wants of a pixel that is not in its tile.
Result<std::int32_t> pixel_number(std::string_view text, char const* name, std::int32_t end)
{
    auto const value = tile_number(text, name);
    if (!value)
        return value.error();
    if (*value < 0 || *value >= end)
        return OgcError{"TileOutOfRange", name, fmt::format("{} must be from 0 to {}.", name, end - 1)};
    return static_cast<std::int32_t>(*value);
}

Result<InfoRequest> resolve_pixel(TileRequest const& place, PixelNames const& names)
{
    if (!place.layer->is_queryable())
        return OgcError{"OperationNotSupported", "GetFeatureInfo", "The layer's values are not told."};
    auto const& set = *place.link->set;
    auto const& matrix = set.matrices[place.matrix];
    auto const i = pixel_number(names.i, "I", matrix.tile_width);
    if (!i)
        return i.error();
    auto const j = pixel_number(names.j, "J", matrix.tile_height);
    if (!j)
        return j.error();
    auto const format = find_info_format(names.format);
    if (!format)
        return invalid("InfoFormat", no_info_format(names.format));
    MapFrame const frame{set.crs, extent(matrix, place.tile), matrix.tile_width, matrix.tile_height};
    return InfoRequest{{{place.layer, place.style}}, frame, {*i, *j}, *format, names.language};
}

Reply get_named_pixel(Result<TileRequest> const& place, PixelNames const& names, Caches& caches,
                      int status_of_mistakes)
{
    auto wanted = place ? resolve_pixel(*place, names) : place.error();
    if (wanted)
        return feature_info(std::move(*wanted), caches);
    bool const is_address_sound =
        wanted.error().code == "TileOutOfRange" || wanted.error().code == "OperationNotSupported";
    return ows_exception(wanted.error(), is_address_sound ? 0 : status_of_mistakes);
}

Reply get_feature_info(Query const& query, Site const& site, Caches& caches,
                       std::shared_ptr<Layer const> const& only)
{
    auto const names = tile_names(query, true);
    if (!names)
        return ows_exception(names.error());
    PixelNames pixel{
        .i = {}, .j = {}, .format = {}, .language = wanted_language(query, site.catalog->options().service)};
    for (auto const& [key, into] :
         {std::pair{"I", &pixel.i}, {"J", &pixel.j}, {"InfoFormat", &pixel.format}}) {
        auto const value = required(query, key);
        if (!value)
            return ows_exception(value.error());
        *into = *value;
    }
    auto const place =
        names->format.empty() ? resolve_place(*names, site, only) : resolve(*names, site, only);
    return get_named_pixel(place, pixel, caches, 0);
}

/// Two pieces more than a tile's address: the pixel within it.
Reply rest_feature_info(Request const& request, std::string_view path, DimensionTexts dimensions,
                        Site const& site, Caches& caches, std::shared_ptr<Layer const> const& only)
{
    auto const pieces = split_exactly<8>(path, '/');
    auto const dot = pieces ? pieces->back().rfind('.') : std::string_view::npos;
    if (dot == std::string_view::npos)
        return ows_exception(
            invalid("request",
                    "A tile's address is {layer}/{style}/{tilematrixset}/{tilematrix}/{row}/{col}.{ext}, a "
                    "pixel's {layer}/{style}/{tilematrixset}/{tilematrix}/{row}/{col}/{j}/{i}.{ext}."),
            404);
    auto const& [layer, style, set, matrix, row, col, j, last] = *pieces;
    TileNames const names{.layer = layer,
                          .style = style,
                          .format = {},
                          .set = set,
                          .matrix = matrix,
                          .row = row,
                          .col = col,
                          .dimensions = std::move(dimensions)};
    return get_named_pixel(resolve_place(names, site, only),
                           {.i = last.substr(0, dot),
                            .j = j,
                            .format = last.substr(dot + 1),
                            .language = wanted_language(request.query, site.catalog->options().service)},
                           caches, 404);
}

/// Tiles of layers without dimensions, or of their defaults.
std::optional<TileNames> rest_tile(std::string_view path)
{
    auto const pieces = split_exactly<6>(path, '/');
    auto const file = pieces ? take_apart(pieces->back()) : TileFile{};
    if (file.extension.empty())
        return std::nullopt;
    auto const& [layer, style, set, matrix, row, last] = *pieces;
    return TileNames{.layer = layer,
                     .style = style,
                     .format = file.extension,
                     .set = set,
                     .matrix = matrix,
                     .row = row,
                     .col = file.number,
                     .scale = file.scale};
}

} // namespace

Reply wmts_kvp(Request const& request, Site const& site, Caches& caches,
               std::shared_ptr<Layer const> const& only)
{
    auto const& query = request.query;
    auto const operation = required(query, "Request");
    if (!operation)
        return ows_exception({"MissingParameterValue", "request", operation.error().text});
    auto const service = required(query, "Service");
    if (!service)
        return ows_exception({"MissingParameterValue", "service", service.error().text});
    if (!equal_ignoring_case(*service, "WMTS"))
        return ows_exception(invalid("service", fmt::format("This is WMTS, not \"{}\".", *service)));
    if (equal_ignoring_case(*operation, "GetCapabilities"))
        return get_capabilities(request, site, only);
    if (auto const version = query.find("Version"); version && !version->empty() && *version != "1.0.0")
        return ows_exception(invalid("version", "The version of this service is 1.0.0."));
    if (equal_ignoring_case(*operation, "GetTile"))
        return get_named_tile(request, tile_names(query), site, caches, only, 0);
    if (equal_ignoring_case(*operation, "GetFeatureInfo"))
        return get_feature_info(query, site, caches, only);
    return ows_exception(invalid("request", fmt::format("There is no request \"{}\".", *operation)));
}

Reply wmts_rest(Request const& request, std::string_view path, Site const& site, Caches& caches,
                std::shared_ptr<Layer const> const& only)
{
    if (auto const names = rest_tile(path)) // first: most are
        return get_named_tile(request, *names, site, caches, only, 404);
    if (path == "WMTSCapabilities.xml")
        return capabilities(request, site, only, {.format = chosen_format(request.query)});
    auto const layer = find_layer(site, path.substr(0, path.find('/')), only);
    auto const [place, dimensions] = cut_dimensions(path, layer.get());
    auto names = rest_tile(place);
    if (!names)
        return rest_feature_info(request, place, dimensions, site, caches, only);
    names->dimensions = dimensions;
    return get_named_tile(request, *names, site, caches, only, 404);
}

} // namespace ardoise
