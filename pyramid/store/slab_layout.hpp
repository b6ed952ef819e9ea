// SPDX-License-Identifier: Apache-2.0
// The bytes of a slab: ROK4's fixed header and index, and what Ardoise adds behind them (drawn in
// pyramid/README.md).
#pragma once

#include "pyramid/grid/tile_matrix.hpp"
#include "pyramid/raster/raster.hpp"
#include "pyramid/store/tile_format.hpp"

#include <cstdint>
#include <optional>

namespace ardoise {

/// What a slab holds, and where it lies.
struct SlabLayout {
    TileFormat format;
    std::int32_t tiles_per_width = 16, tiles_per_height = 16;
    std::int32_t tile_width = 256, tile_height = 256;
    std::int32_t channels = 3;
    bool has_alpha = true; // the last of two or four channels

    // Georeference, for GDAL and QGIS to open a slab in place; ROK4 has none.
    double left = 0, top = 0, cell_size = 1; // top-left corner and size of a pixel, in CRS units
    int epsg = 0;                            // 0: no code, scale and corner only
    bool geographic = false;
    std::optional<double> nodata; // GDAL_NODATA

    std::size_t tile_count() const
    {
        return static_cast<std::size_t>(tiles_per_width) * static_cast<std::size_t>(tiles_per_height);
    }
    RasterShape tile_shape() const { return {tile_width, tile_height, channels, format.type}; }
};

/// The layout of the mask slab beside a data slab: one channel, zip (ROK4's mask_format TIFF_ZIP_UINT8).
SlabLayout mask_layout(SlabLayout const& data);

namespace slab {

inline constexpr std::size_t header_bytes =
    2048; // TIFF header, tags and their values; ROK4_IMAGE_HEADER_SIZE
inline constexpr std::size_t tile_alignment = 16;
/// A private tag (of the range that TIFF 6.0 leaves to anyone) that points at the checksums behind the last
/// tile.
inline constexpr std::uint16_t checksums_tag = 65001;

constexpr std::size_t index_bytes(std::size_t tile_count)
{
    return 8 * tile_count;
}

} // namespace slab

/// The first 2048 bytes. `checksums_at` is the file offset of the checksums.
Bytes make_slab_header(SlabLayout const& layout, std::uint32_t checksums_at, std::uint32_t checksum_count);

/// A fast hash of 64 bits (XXH3), the one that checksums and ETags are made of.
std::uint64_t hash_of(ByteView bytes);

} // namespace ardoise
