// SPDX-License-Identifier: Apache-2.0
#include "server/services/tile_of_map.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace ardoise {

namespace {

/// Whether the map looks as its layer's tiles do as they are stored: with their colours, and their ground.
bool looks_as_stored(MapRequest const& map)
{
    auto const& [layer, style] = map.layers.front();
    auto const& pyramid = layer->pyramid;
    bool const stores_alpha = pyramid.channels == 2 || pyramid.channels == 4;
    bool const wants_alpha = map.transparent && has_alpha(map.format);
    bool const is_white_where_empty =
        std::all_of(pyramid.nodata.begin(), pyramid.nodata.end(), [](double value) { return value == 255; });
    return style->shows_values() && map.background == Colour{} && stores_alpha == wants_alpha &&
           (stores_alpha || is_white_where_empty);
}

/// Whether it looks as tiles do that are drawn: nothing behind it, or white where the format knows no alpha.
bool looks_as_drawn(MapRequest const& map)
{
    return has_alpha(map.format) ? map.transparent : map.background == Colour{};
}

/// Whether the map has the size of the matrix's tiles, in pixels and (to a thousandth of one) on the ground.
bool has_tile_size(MapRequest const& map, TileMatrix const& matrix, int scale)
{
    double const near = 1e-3 * matrix.cell_size;
    return map.width == matrix.tile_width * scale && map.height == matrix.tile_height * scale &&
           std::abs(map.box.width() - matrix.cell_size * matrix.tile_width) <= near &&
           std::abs(map.box.height() - matrix.cell_size * matrix.tile_height) <= near;
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

/// The same ground among the tiles of one set.
std::optional<TileRequest> find_tile(MapRequest const& map, TileMatrixSetLink const& link,
                                     TilePicture const& picture)
{
    auto const& [layer, style] = map.layers.front();
    for (auto i = link.stored.size(); i-- > 0;) { // most tiles are the finest level's
        auto const& matrix = link.set->matrices[i];
        for (int const scale : {1, 2}) {
            if (!has_tile_size(map, matrix, scale))
                continue;
            bool const is_sent_as_stored = link.stored[i] && !picture.rendered && scale == 1;
            auto const tile = find_tile(map.box, matrix);
            if (tile && link.limits[i].contains(*tile) &&
                (is_sent_as_stored ? looks_as_stored(map) : looks_as_drawn(map)))
                return TileRequest{layer, style, &link, i, *tile, picture, scale};
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<TileRequest> find_tile(MapRequest const& map)
{
    bool const is_picture = parse_picture_format(name_of(map.format)).has_value();
    if (map.layers.size() != 1 || !is_picture)
        return std::nullopt; // values lie otherwise in tiles, which say nothing of a place on Earth
    auto const& layer = *map.layers.front().layer;
    auto const picture = find_picture(layer, *map.layers.front().style, name_of(map.format));
    if (!picture)
        return std::nullopt;
    for (auto const& link : layer.links)
        if (same_place(map.crs, link.set->crs))
            if (auto const tile = find_tile(map, link, *picture))
                return tile;
    return std::nullopt;
}

} // namespace ardoise
