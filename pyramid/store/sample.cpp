// SPDX-License-Identifier: Apache-2.0
#include "pyramid/store/sample.hpp"

#include "pyramid/raster/alpha.hpp"
#include "pyramid/raster/dispatch.hpp"
#include "pyramid/store/slab.hpp"

#include <algorithm>

namespace ardoise {

namespace {

constexpr std::int64_t wanted_pixels = 512 * 512, most_pixels = 4 * 1024 * 1024;

std::int64_t tiles_in(Level const& level)
{
    auto const& [first, last] = level.limits;
    return (last.col - first.col) * (last.row - first.row);
}

/// The coarsest with pixels enough, or the finest.
Level const& level_for_sample(Pyramid const& pyramid)
{
    for (auto const& level : pyramid.levels) {
        auto const shape = pyramid.tile_shape(level);
        if (tiles_in(level) * shape.width * shape.height >= wanted_pixels)
            return level;
    }
    return pyramid.finest();
}

std::vector<TileIndex> spread_tiles(Pyramid const& pyramid, Level const& level)
{
    auto const shape = pyramid.tile_shape(level);
    auto const most = std::max<std::int64_t>(1, most_pixels / (std::int64_t{shape.width} * shape.height));
    auto const all = tiles_in(level), count = std::min(all, most);
    auto const& first = level.limits.first;
    auto const width = level.limits.last.col - first.col;
    std::vector<TileIndex> tiles;
    for (std::int64_t i = 0; i < count; ++i) {
        auto const number = i * all / count;
        tiles.push_back({first.col + number % width, first.row + number / width});
    }
    return tiles;
}

/// Nothing where there is no such tile.
Bytes tile_of(std::optional<std::filesystem::path> const& file, Level const& level, TileIndex tile)
{
    if (std::error_code ignored; !file || !std::filesystem::exists(*file, ignored))
        return {};
    Slab const slab{*file, level.tiles_per_width, level.tiles_per_height};
    auto const within = level.within_slab(tile);
    slab.bring(within);
    auto const bytes = slab.tile(within);
    return {bytes.begin(), bytes.end()};
}

/// Where no mask says so: pixels of which every channel is nodata.
template <typename Sample>
void mark_nodata(Raster const& pixels, std::vector<double> const& nodata, Raster& validity)
{
    auto const channels = static_cast<std::size_t>(pixels.shape().channels);
    for (std::int32_t y = 0; y < pixels.shape().height; ++y) {
        auto const* sample = pixels.row<Sample>(y);
        for (std::int32_t x = 0; x < pixels.shape().width; ++x, sample += channels)
            if (std::equal(nodata.begin(), nodata.end(), sample,
                           [](double a, Sample b) { return static_cast<Sample>(a) == b; }))
                validity.row(y)[x] = 0;
    }
}

Raster validity_of_tile(Pyramid const& pyramid, Level const& level, TileIndex tile, Raster const& pixels)
{
    auto const mask = tile_of(mask_file(level, level.slab_of(tile)), level, tile);
    if (!mask.empty())
        return decode_tile(mask, *find_tile_format("TIFF_ZIP_UINT8"),
                           {pixels.shape().width, pixels.shape().height, 1, SampleType::uint8});
    auto validity = full_validity(pixels.shape());
    if (!level.mask_directory)
        with_sample_type(pixels.shape().type, [&](auto sample) {
            mark_nodata<decltype(sample)>(pixels, pyramid.nodata, validity);
        });
    return validity;
}

} // namespace

MaskedRaster sample_of(Pyramid const& pyramid)
{
    auto const& level = level_for_sample(pyramid);
    auto const tile = pyramid.tile_shape(level);
    auto const tiles = spread_tiles(pyramid, level);
    MaskedRaster sample{
        {tile.width, tile.height * static_cast<std::int32_t>(tiles.size()), tile.channels, tile.type}};
    std::int32_t y = 0;
    for (auto const& index : tiles) {
        auto const bytes = tile_of(slab_file(level, level.slab_of(index)), level, index);
        if (!bytes.empty()) {
            auto const pixels = decode_tile(bytes, pyramid.format, tile);
            paste(pixels.view(), sample.pixels, 0, y);
            paste(validity_of_tile(pyramid, level, index, pixels).view(), sample.validity, 0, y);
        }
        y += tile.height;
    }
    if (pyramid.has_certain_alpha())
        weigh_by_alpha(sample);
    return sample;
}

} // namespace ardoise
