// SPDX-License-Identifier: Apache-2.0
#include "server/services/maps.hpp"

#include "server/services/tiles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ardoise {

namespace {

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

} // namespace

Result<BoundingBox> sound_box(BoundingBox const& box, std::string_view name)
{
    auto const invalid = [name](std::string_view what) {
        return OgcError{"InvalidParameterValue", std::string{name}, fmt::format("{} {}.", name, what)};
    };
    if (box.empty())
        return invalid("must have its minimum below its maximum on both axes");
    constexpr double farthest = 1e12; // beyond any ground, and safe to multiply
    if (!(std::max({std::abs(box.min_x), std::abs(box.min_y), std::abs(box.max_x), std::abs(box.max_y)}) <=
          farthest))
        return invalid("lies outside of every coordinate system");
    return box;
}

Reply get_map(Request const& request, MapRequest const& map, MapRefusal const& refusal, Caches& caches)
{
    if (auto const tile = as_stored_tile(map))
        return get_tile(request, *tile, caches);
    Response const known{.media_type = media_type(map.format),
                         .body = {},
                         .etag = tag_of(hash_of(as_bytes(facts_of(map)))),
                         .cache_control = "public, max-age=3600"};
    if (is_known_to(request, known))
        return known;
    auto draw = [map, known, refuse = refusal.write, &caches] {
        if (!is_affordable(map))
            return refuse({"InvalidParameterValue", "WIDTH",
                           "The map is too costly; ask for fewer layers, fewer pixels or a smaller box."});
        auto response = known;
        response.body = SharedBytes::of(render_map(map, caches));
        response.media_type = media_type(map.format, response.body.view);
        return response;
    };
    return Work{std::move(draw), fmt::format("{} {}", refusal.name, key_of(map))};
}

} // namespace ardoise
