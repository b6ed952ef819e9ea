// SPDX-License-Identifier: Apache-2.0
#include "server/services/ogcapi/tilesets.hpp"

#include "pyramid/base/number.hpp"
#include "server/services/dimensions.hpp"
#include "server/services/ogcapi/collections.hpp"
#include "server/services/ogcapi/pictures.hpp"
#include "server/services/ogcapi/styles.hpp"
#include "server/services/ogcapi/tile_matrix_sets.hpp"
#include "server/services/ogcapi/time.hpp"
#include "server/services/parameters.hpp"
#include "server/services/tiles.hpp"

namespace ardoise::ogcapi {

namespace {

enum class Kind { map, vector };

/// All tilesets of a collection in one style, as one address has them.
struct Tilesets {
    Kind kind;
    std::shared_ptr<Layer const> layer;
    LayerStyle const* style;
    std::string path; // "/collections/ortho/map/tiles"

    std::string path_of(TileMatrixSet const& set) const { return path + "/" + url_encode(set.id); }
    std::string title(TileMatrixSet const& set) const
    {
        return fmt::format("{} ({})", layer->title(), set.id);
    }
};

Result<Tilesets> find_vector_tilesets(Asked const& asked)
{
    auto const layer = find_collection(asked);
    if (!layer)
        return layer.error();
    auto const path = ogcapi::path_of(**layer);
    if (!(*layer)->is_vector())
        return not_found(fmt::format("{} holds pixels: its map tiles are at {}/map/tiles.", (*layer)->name,
                                     address_of(*asked.site.catalog, path)));
    return Tilesets{Kind::vector, *layer, &(*layer)->styles.front(), path + "/tiles"};
}

/// Without a style in the address it is the default one.
Result<Tilesets> find_map_tilesets(Asked const& asked)
{
    auto const layer = find_mapped_collection(asked);
    if (!layer)
        return layer.error();
    auto const style = style_named(**layer, asked.names.style);
    if (!style)
        return style.error();
    auto path = ogcapi::path_of(**layer);
    if (!asked.names.style.empty())
        path += "/styles/" + url_encode(asked.names.style);
    return Tilesets{Kind::map, *layer, *style, path + "/map/tiles"};
}

Result<Tilesets> find_tilesets(Asked const& asked, Kind kind)
{
    return kind == Kind::map ? find_map_tilesets(asked) : find_vector_tilesets(asked);
}

Result<TileMatrixSetLink const*> find_link(Asked const& asked, Layer const& layer)
{
    auto const* link = layer.find_link(asked.names.set);
    if (!link)
        return not_found(fmt::format("{} is not offered in \"{}\".", layer.name, asked.names.set));
    return link;
}

std::string_view media_type_of(Tilesets const& tilesets)
{
    return tilesets.kind == Kind::vector ? vector_tile_type : published_format(*tilesets.layer);
}

Json limits_of(TileMatrixSetLink const& link)
{
    auto list = Json::array();
    for (std::size_t i = 0; i < link.limits.size(); ++i) {
        auto const& limits = link.limits[i];
        if (!limits.empty())
            list.add(Json::object({{"tileMatrix", link.set->matrices[i].id},
                                   {"minTileRow", limits.first.row},
                                   {"maxTileRow", limits.last.row - 1},
                                   {"minTileCol", limits.first.col},
                                   {"maxTileCol", limits.last.col - 1}}));
    }
    return list;
}

/// What a list says of a tileset, and its own document too.
Json summary_of(Catalog const& catalog, Tilesets const& tilesets, TileMatrixSet const& set)
{
    return Json::object({{"title", tilesets.title(set)},
                         {"dataType", tilesets.kind == Kind::vector ? "vector" : "map"},
                         {"crs", uri_of(set.crs)},
                         {"tileMatrixSetURI", uri_of(catalog, set)}});
}

Links links_of(Catalog const& catalog, Tilesets const& tilesets, TileMatrixSet const& set, Form form)
{
    Links links{catalog, tilesets.path_of(set), form};
    links.add(ogc_relation("tiling-scheme"), "application/json", ogcapi::path_of(set), "tile matrix set");
    return links;
}

Json tilesets_document(Catalog const& catalog, Tilesets const& tilesets, Form form)
{
    auto list = Json::array();
    for (auto const& link : tilesets.layer->links) {
        auto item = summary_of(catalog, tilesets, *link.set);
        item.set("links", links_of(catalog, tilesets, *link.set, form).json());
        list.add(std::move(item));
    }
    return Json::object({{"title", fmt::format("Tilesets of {}", tilesets.layer->title())},
                         {"tilesets", std::move(list)},
                         {"links", Links{catalog, tilesets.path, form}.json()}});
}

Json tileset_document(Catalog const& catalog, Tilesets const& tilesets, TileMatrixSetLink const& link,
                      Form form)
{
    auto const& layer = *tilesets.layer;
    auto const& set = *link.set;
    auto json = summary_of(catalog, tilesets, set);
    json.set("tileMatrixSetLimits", limits_of(link));
    json.set("boundingBox", bounding_box(layer.extent_in(set.crs), set.crs));
    if (tilesets.kind == Kind::map)
        json.set("style", Json::object({{"id", tilesets.style->identifier}}));
    json.set("attribution", attribution_of(catalog, layer).title);
    json.set("mediaTypes", Json::array({media_type_of(tilesets)}));
    auto links = links_of(catalog, tilesets, set, form);
    links.add(ogc_relation("geodata"), "application/json", ogcapi::path_of(layer), layer.title());
    auto const extension = tilesets.kind == Kind::vector ? "mvt" : published_extension(layer);
    links.add_template(
        media_type_of(tilesets),
        fmt::format("{}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}?f={}", tilesets.path_of(set), extension),
        "tiles");
    json.set("links", std::move(links).json());
    return json;
}

Reply answer_tilesets(Asked const& asked, Kind kind)
{
    auto const tilesets = find_tilesets(asked, kind);
    if (!tilesets)
        return refuse(tilesets.error());
    auto const& catalog = *asked.site.catalog;
    return send_kept(asked, [&catalog, tilesets = *tilesets](Form form) {
        return tilesets_document(catalog, tilesets, form);
    });
}

Reply answer_tileset(Asked const& asked, Kind kind)
{
    auto const tilesets = find_tilesets(asked, kind);
    if (!tilesets)
        return refuse(tilesets.error());
    auto const link = find_link(asked, *tilesets->layer);
    if (!link)
        return refuse(link.error());
    auto const& catalog = *asked.site.catalog;
    return send_kept(asked, [&catalog, tilesets = *tilesets, link = *link](Form form) {
        return tileset_document(catalog, tilesets, *link, form);
    });
}

Result<std::int64_t> tile_number(std::string_view text, std::string_view name)
{
    auto const value = parse_number<std::int64_t>(text);
    if (!value)
        return OgcError{"InvalidParameterValue", std::string{name},
                        fmt::format("{} must be an integer, not \"{}\".", name, text)};
    return *value;
}

/// Anywhere in the matrix: beside the layer's limits tiles are empty.
Result<TileIndex> tile_index(PathNames const& names, TileMatrix const& matrix)
{
    auto const row = tile_number(names.row, "tileRow");
    if (!row)
        return row.error();
    auto const col = tile_number(names.col, "tileCol");
    if (!col)
        return col.error();
    if (!matrix.range().contains({*col, *row}))
        return not_found(
            fmt::format("tileRow must be from 0 to {} and tileCol from 0 to {} in tileMatrix {}.",
                        matrix.matrix_height - 1, matrix.matrix_width - 1, matrix.id));
    return TileIndex{*col, *row};
}

Result<TileRequest> find_tile(Asked const& asked, Kind kind)
{
    auto const tilesets = find_tilesets(asked, kind);
    if (!tilesets)
        return tilesets.error();
    auto const link = find_link(asked, *tilesets->layer);
    if (!link)
        return link.error();
    auto const& set = *(*link)->set;
    auto const* matrix = set.find(asked.names.matrix);
    if (!matrix)
        return not_found(fmt::format("There is no tileMatrix \"{}\" in {}.", asked.names.matrix, set.id));
    auto const tile = tile_index(asked.names, *matrix);
    if (!tile)
        return tile.error();
    auto const time = stated_time(asked.request.query);
    if (!time)
        return time.error();
    TileRequest const place{tilesets->layer, tilesets->style, *link, set.index_of(*matrix), *tile, {}};
    auto wanted = tile_of_member(place, {time->text, {}, stated_water_level(asked.request.query)});
    if (!wanted)
        return invalid_dimension(wanted.error());
    auto const picture = wanted_tile_picture(asked.request, *wanted->layer, *wanted->style);
    if (!picture)
        return picture.error();
    wanted->picture = *picture;
    if (!is_offered(*wanted))
        return invalid(parameter::picture_format,
                       fmt::format("names the layer's values, which are offered in {} only",
                                   tilesets->layer->pyramid.set->id));
    return wanted;
}

Reply answer_tile(Asked const& asked, Kind kind)
{
    auto const wanted = find_tile(asked, kind);
    if (!wanted)
        return refuse(wanted.error());
    auto reply = get_tile(asked.request, *wanted, asked.caches);
    return kind == Kind::vector ? reply : negotiated(asked.request, std::move(reply));
}

} // namespace

Reply answer_map_tilesets(Asked const& asked)
{
    return answer_tilesets(asked, Kind::map);
}

Reply answer_map_tileset(Asked const& asked)
{
    return answer_tileset(asked, Kind::map);
}

Reply answer_map_tile(Asked const& asked)
{
    return answer_tile(asked, Kind::map);
}

Reply answer_vector_tilesets(Asked const& asked)
{
    return answer_tilesets(asked, Kind::vector);
}

Reply answer_vector_tileset(Asked const& asked)
{
    return answer_tileset(asked, Kind::vector);
}

Reply answer_vector_tile(Asked const& asked)
{
    return answer_tile(asked, Kind::vector);
}

} // namespace ardoise::ogcapi
