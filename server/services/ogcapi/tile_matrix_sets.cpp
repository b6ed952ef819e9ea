// SPDX-License-Identifier: Apache-2.0
#include "server/services/ogcapi/tile_matrix_sets.hpp"

#include "server/services/parameters.hpp"

#include <algorithm>
#include <map>

namespace ardoise::ogcapi {

namespace {

bool is_registered(TileMatrixSet const& set)
{
    return set.id == "WebMercatorQuad" || set.id == "WorldCRS84Quad";
}

std::string title_of(TileMatrixSet const& set)
{
    return set.title.empty() ? set.id : set.title;
}

/// Null when no layer is offered in one of that id.
std::shared_ptr<TileMatrixSet const> find_set(Catalog const& catalog, std::string_view id)
{
    for (auto const& layer : catalog.layers())
        if (auto const* link = layer->find_link(id))
            return link->set;
    return nullptr;
}

Json matrix_json(TileMatrix const& matrix, Crs const& crs)
{
    return Json::object({{"id", matrix.id},
                         {"scaleDenominator", matrix.scale_denominator(crs)},
                         {"cellSize", matrix.cell_size},
                         {"cornerOfOrigin", "topLeft"},
                         {"pointOfOrigin", point_of(matrix.origin_x, matrix.origin_y, crs)},
                         {"tileWidth", matrix.tile_width},
                         {"tileHeight", matrix.tile_height},
                         {"matrixWidth", matrix.matrix_width},
                         {"matrixHeight", matrix.matrix_height}});
}

Json tile_matrix_set_document(Catalog const& catalog, TileMatrixSet const& set, Form form)
{
    auto json = Json::object({{"id", set.id}, {"title", title_of(set)}});
    if (is_registered(set))
        json.set("uri", uri_of(catalog, set));
    json.set("crs", uri_of(set.crs));
    json.set("orderedAxes", axes_of(set.crs));
    auto const& coarsest = set.matrices.front();
    json.set("boundingBox", bounding_box(extent(coarsest, coarsest.range()), set.crs));
    auto matrices = Json::array();
    for (auto const& matrix : set.matrices)
        matrices.add(matrix_json(matrix, set.crs));
    json.set("tileMatrices", std::move(matrices));
    json.set("links", Links{catalog, path_of(set), form}.json());
    return json;
}

} // namespace

std::string uri_of(Catalog const& catalog, TileMatrixSet const& set)
{
    return is_registered(set) ? "http://www.opengis.net/def/tilematrixset/OGC/1.0/" + set.id
                              : address_of(catalog, path_of(set));
}

std::string path_of(TileMatrixSet const& set)
{
    return "/tileMatrixSets/" + url_encode(set.id);
}

Json point_of(double x, double y, Crs const& crs)
{
    return crs.northing_first() ? Json::array({y, x}) : Json::array({x, y});
}

Json axes_of(Crs const& crs)
{
    auto const x = crs.geographic() ? "Lon" : "E", y = crs.geographic() ? "Lat" : "N";
    return crs.northing_first() ? Json::array({y, x}) : Json::array({x, y});
}

Json bounding_box(BoundingBox const& box, Crs const& crs)
{
    return Json::object({{"lowerLeft", point_of(box.min_x, box.min_y, crs)},
                         {"upperRight", point_of(box.max_x, box.max_y, crs)},
                         {"crs", uri_of(crs)},
                         {"orderedAxes", axes_of(crs)}});
}

Json tile_matrix_sets_document(Catalog const& catalog, Form form)
{
    std::map<std::string_view, TileMatrixSet const*> sets;
    for (auto const& layer : catalog.layers())
        for (auto const& link : layer->links)
            sets.emplace(link.set->id, link.set.get());
    auto list = Json::array();
    for (auto const& [id, set] : sets) {
        auto item = Json::object({{"id", id}, {"title", title_of(*set)}});
        if (is_registered(*set))
            item.set("uri", uri_of(catalog, *set));
        item.set("crs", uri_of(set->crs));
        item.set("links", Links{catalog, path_of(*set), form}.json());
        list.add(std::move(item));
    }
    return Json::object({{"title", "Tile matrix sets"},
                         {"tileMatrixSets", std::move(list)},
                         {"links", Links{catalog, "/tileMatrixSets", form}.json()}});
}

Reply answer_tile_matrix_set(Asked const& asked)
{
    auto const& catalog = *asked.site.catalog;
    auto const set = find_set(catalog, asked.names.set);
    if (!set)
        return refuse(not_found(fmt::format("There is no tile matrix set \"{}\".", asked.names.set)));
    return send_kept(asked,
                     [&catalog, set](Form form) { return tile_matrix_set_document(catalog, *set, form); });
}

} // namespace ardoise::ogcapi
