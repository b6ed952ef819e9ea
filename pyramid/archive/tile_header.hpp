// SPDX-License-Identifier: Apache-2.0
// What the first bytes of an encoded tile say: enough to know a tile that is not what its archive claims.
#pragma once

#include "pyramid/store/tile_format.hpp"

#include <optional>

namespace ardoise {

struct TileHeader {
    TileCompression compression = TileCompression::vector; // png, jpeg, webp or vector
    RasterShape shape;    // as a decoder would give it; of vector tiles nothing
    bool gzipped = false; // of vector tiles
};

/// Nothing where the bytes begin none of the four. No pixels are decoded; safe on any bytes. PNG (ISO 15948
/// 11.2.2 and 11.3.2.1), JPEG (ITU T.81 B.2.2), WebP (RFC 9649 2), Mapbox Vector Tile 2.1 (bare or in gzip).
std::optional<TileHeader> read_tile_header(ByteView tile);

} // namespace ardoise
