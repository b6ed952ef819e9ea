// SPDX-License-Identifier: Apache-2.0
#include "server/services/ogcapi/resources.hpp"

#include "server/services/ogcapi/collections.hpp"
#include "server/services/ogcapi/maps.hpp"
#include "server/services/ogcapi/styles.hpp"
#include "server/services/ogcapi/tile_matrix_sets.hpp"
#include "server/services/ogcapi/tilesets.hpp"
#include "server/services/parameters.hpp"

namespace ardoise::ogcapi {

namespace {

constexpr PathParameter places[] = {
    {"collectionId", "A collection: the name of a layer.", &PathNames::collection},
    {"styleId", "One of the collection's styles.", &PathNames::style},
    {"tileMatrixSetId", "A tile matrix set that the collection is offered in.", &PathNames::set},
    {"tileMatrix", "The id of a matrix of the set.", &PathNames::matrix},
    {"tileRow", "The row in the matrix, from 0 at its top.", &PathNames::row},
    {"tileCol", "The column in the matrix, from 0 at its left.", &PathNames::col}};

using Parameters = std::vector<Parameter const*>;

Parameters map_parameters()
{
    return {&parameter::bbox,         &parameter::bbox_crs,
            &parameter::subset,       &parameter::subset_crs,
            &parameter::center,       &parameter::center_crs,
            &parameter::crs,          &parameter::width,
            &parameter::height,       &parameter::scale_denominator,
            &parameter::mm_per_pixel, &parameter::background,
            &parameter::transparent,  &parameter::datetime,
            &parameter::water_level,  &parameter::picture_format};
}

Parameters dataset_map_parameters()
{
    auto parameters = map_parameters();
    parameters.insert(parameters.begin(), &parameter::collections);
    return parameters;
}

/// The landing page and all else that is the same for everybody.
void add_common(std::vector<Resource>& all)
{
    Parameters const form{&parameter::document_format};
    auto const document = Content::document;
    all.push_back({"/", "getLandingPage", "Common", "The landing page", document, form, send_made_ahead});
    all.push_back(
        {"/conformance", "getConformance", "Common", "Conformance classes", document, form, send_made_ahead});
    all.push_back(
        {"/api", "getApi", "Common", "This definition", Content::api_definition, form, send_made_ahead});
    all.push_back({"/collections",
                   "getCollections",
                   "Common",
                   "The collections",
                   document,
                   {&parameter::bbox, &parameter::datetime, &parameter::limit, &parameter::offset,
                    &parameter::document_format},
                   answer_collections});
    all.push_back({"/collections/{collectionId}", "getCollection", "Common", "A collection", document, form,
                   answer_collection});
    all.push_back({"/tileMatrixSets", "getTileMatrixSets", "Tile matrix sets", "The tile matrix sets",
                   document, form, send_made_ahead});
    all.push_back({"/tileMatrixSets/{tileMatrixSetId}", "getTileMatrixSet", "Tile matrix sets",
                   "A tile matrix set", document, form, answer_tile_matrix_set});
    all.push_back(
        {"/styles", "getStyles", "Styles", "The styles of all collections", document, form, send_made_ahead});
    all.push_back({"/collections/{collectionId}/styles", "getCollectionStyles", "Styles",
                   "The styles of a collection", document, form, answer_collection_styles});
}

void add_maps(std::vector<Resource>& all)
{
    auto const map = Content::map;
    all.push_back({"/map", "getMap", "Maps", "A map of collections", map, dataset_map_parameters(),
                   answer_dataset_map});
    all.push_back({"/styles/{styleId}/map", "getStyledMap", "Maps", "A map of collections in a style", map,
                   dataset_map_parameters(), answer_dataset_map});
    all.push_back({"/collections/{collectionId}/map", "getCollectionMap", "Maps", "A map of a collection",
                   map, map_parameters(), answer_collection_map});
    all.push_back({"/collections/{collectionId}/styles/{styleId}/map", "getStyledCollectionMap", "Maps",
                   "A map of a collection in a style", map, map_parameters(), answer_collection_map});
}

void add_tiles(std::vector<Resource>& all)
{
    Parameters const form{&parameter::document_format};
    auto const document = Content::document;
    all.push_back({"/collections/{collectionId}/map/tiles", "getMapTilesets", "Map tiles",
                   "The map tilesets of a collection", document, form, answer_map_tilesets});
    all.push_back({"/collections/{collectionId}/map/tiles/{tileMatrixSetId}", "getMapTileset", "Map tiles",
                   "A map tileset of a collection", document, form, answer_map_tileset});
    all.push_back({"/collections/{collectionId}/map/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}",
                   "getMapTile",
                   "Map tiles",
                   "A map tile of a collection",
                   Content::map_tile,
                   {&parameter::datetime, &parameter::water_level, &parameter::picture_format},
                   answer_map_tile});
    all.push_back({"/collections/{collectionId}/styles/{styleId}/map/tiles", "getStyledMapTilesets",
                   "Map tiles", "The map tilesets of a collection in a style", document, form,
                   answer_map_tilesets});
    all.push_back({"/collections/{collectionId}/styles/{styleId}/map/tiles/{tileMatrixSetId}",
                   "getStyledMapTileset", "Map tiles", "A map tileset of a collection in a style", document,
                   form, answer_map_tileset});
    all.push_back({"/collections/{collectionId}/styles/{styleId}/map/tiles/{tileMatrixSetId}/{tileMatrix}/"
                   "{tileRow}/{tileCol}",
                   "getStyledMapTile",
                   "Map tiles",
                   "A map tile of a collection in a style",
                   Content::map_tile,
                   {&parameter::datetime, &parameter::water_level, &parameter::picture_format},
                   answer_map_tile});
    all.push_back({"/collections/{collectionId}/tiles", "getVectorTilesets", "Vector tiles",
                   "The vector tilesets of a collection", document, form, answer_vector_tilesets});
    all.push_back({"/collections/{collectionId}/tiles/{tileMatrixSetId}", "getVectorTileset", "Vector tiles",
                   "A vector tileset of a collection", document, form, answer_vector_tileset});
    all.push_back({"/collections/{collectionId}/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}",
                   "getVectorTile",
                   "Vector tiles",
                   "A vector tile of a collection",
                   Content::vector_tile,
                   {&parameter::datetime, &parameter::vector_format},
                   answer_vector_tile});
}

PathParameter const& place_of(std::string_view segment)
{
    for (auto const& place : places)
        if (segment.substr(1, segment.size() - 2) == place.name)
            return place;
    throw std::logic_error{fmt::format("{} is no place that an address has", segment)};
}

} // namespace

std::vector<Resource> const& resources()
{
    static auto const all = [] {
        std::vector<Resource> resources;
        add_common(resources);
        add_maps(resources);
        add_tiles(resources);
        return resources;
    }();
    return all;
}

std::span<PathParameter const> path_parameters()
{
    return places;
}

std::optional<PathNames> match(Resource const& resource, std::string_view path)
{
    PathNames names;
    auto form = resource.path;
    auto const pieces = count_pieces(form, '/');
    if (pieces != count_pieces(path, '/'))
        return std::nullopt;
    for (std::size_t i = 0; i < pieces; ++i) {
        auto const wanted = cut_piece(form, '/'), given = cut_piece(path, '/');
        if (wanted.starts_with('{') && !given.empty())
            names.*place_of(wanted).value = given;
        else if (wanted != given)
            return std::nullopt;
    }
    return names;
}

} // namespace ardoise::ogcapi
