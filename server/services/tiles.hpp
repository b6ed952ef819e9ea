// SPDX-License-Identifier: Apache-2.0
// Tiles, whatever the protocol that asks for them: one road for WMTS in KVP and REST, XYZ, and maps that are
// tiles.
#pragma once

#include "cache/caches.hpp"
#include "server/exchange/response.hpp"
#include "server/render/map.hpp"

#include <optional>
#include <span>

namespace ardoise {

/// The format of a tile: stored bytes as they are, or a picture made of them.
struct TilePicture {
    std::optional<PictureFormat> rendered; // nothing: as stored
    std::string_view media_type;
};

/// A valid request: names are found, the index lies in the matrix.
struct TileRequest {
    std::shared_ptr<Layer const> layer;
    LayerStyle const* style = nullptr;
    TileMatrixSetLink const* link = nullptr;
    std::size_t matrix = 0;
    TileIndex tile;
    TilePicture picture;
    int scale = 1; // 2: twice the pixels on the same ground ("@2x")
};

/// By media type or extension; nothing when the layer does not have it. What the layer stores is always among
/// them: values whatever the style, pictures as stored where the style shows them so.
std::optional<TilePicture> find_picture(Layer const& layer, Style const& style, std::string_view name);
/// The one media type in which a layer's tiles are published, so that no client picks a heavier one. Values
/// (float, 16 bits) are published as pictures, and had by asking for their own format.
std::string_view published_format(Layer const& layer);
/// Of the same, as addresses end.
std::string_view published_extension(Layer const& layer);

/// The finest level worth asking for: the first whose pixels are no larger than the layer's own.
std::size_t finest_useful(Layer const& layer, TileMatrixSetLink const& link);

/// Whether the request can be met at all: values (not pictures) exist on the layer's own grid only.
bool is_offered(TileRequest const& wanted);

/// How long caches may keep what shows a style, or layers in theirs, as a Cache-Control: what is shown for a
/// while only is theirs for a minute. `usual`: constant.
std::string_view cache_control_of(LayerStyle const& style, std::string_view usual);
std::string_view cache_control_of(std::span<StyledLayer const> layers, std::string_view usual);

/// The tile; where it holds nothing a small empty picture of the same size, with `OATiles-hint: empty`. Its
/// ETag is known without rendering or reading it, and is the same whatever the protocol.
Reply get_tile(Request const& request, TileRequest const& wanted, Caches& caches);

} // namespace ardoise
