// SPDX-License-Identifier: Apache-2.0
#include "tests/support/painted_store.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/store/slab_path.hpp"
#include "pyramid/store/slab_writer.hpp"

#include <algorithm>
#include <array>

namespace ardoise::test {

namespace {

TileRange parent_range(TileRange const& range)
{
    return {{range.first.col / 2, range.first.row / 2}, {(range.last.col + 1) / 2, (range.last.row + 1) / 2}};
}

Bytes painted_tile(std::array<std::uint8_t, 3> colour, PaintedPyramid const& wanted, Pyramid const& pyramid,
                   Level const& level)
{
    Raster pixels{pyramid.tile_shape(level)};
    auto const samples = pixels.bytes().size() / bytes_per_sample(pyramid.format.type);
    for (std::size_t i = 0; i < samples; ++i) {
        auto const channel = i % static_cast<std::size_t>(pyramid.channels);
        auto const grain = wanted.grained ? i * i / 7 % 40 : 0;
        auto const value = channel < 3 ? static_cast<std::uint8_t>(colour[channel] + grain) : wanted.fourth;
        switch (pyramid.format.type) {
        case SampleType::uint8:
            pixels.row<std::uint8_t>(0)[i] = value;
            break;
        case SampleType::uint16:
            pixels.row<std::uint16_t>(0)[i] = static_cast<std::uint16_t>(value * 256);
            break;
        case SampleType::float32:
            pixels.row<float>(0)[i] = value;
            break;
        }
    }
    return encode_tile(pixels.view(), pyramid.format, 90);
}

/// A disc of data with a soft edge.
Bytes painted_mask(Level const& level, Pyramid const& pyramid)
{
    auto const shape = pyramid.tile_shape(level);
    Raster mask{{shape.width, shape.height}};
    for (std::int32_t y = 0; y < shape.height; ++y)
        for (std::int32_t x = 0; x < shape.width; ++x)
            mask.row(y)[x] = static_cast<std::uint8_t>(
                std::clamp(110 * 110 - (x - 128) * (x - 128) - (y - 128) * (y - 128), 0, 255));
    return encode_tile(mask.view(), *find_tile_format("TIFF_ZIP_UINT8"), 100);
}

void write_file(std::filesystem::path const& path, Bytes const& bytes)
{
    AtomicFile file{path};
    file.write(bytes);
    file.publish();
}

void write_slab(Pyramid const& pyramid, Level const& level, TileIndex slab, PaintedPyramid const& wanted,
                Paint const& paint)
{
    auto const layout = pyramid.layout(level, slab);
    std::vector<Bytes> tiles(layout.tile_count()), masks(layout.tile_count());
    for (std::int32_t row = 0; row < level.tiles_per_height; ++row)
        for (std::int32_t col = 0; col < level.tiles_per_width; ++col) {
            TileIndex const tile{slab.col * level.tiles_per_width + col,
                                 slab.row * level.tiles_per_height + row};
            if (!level.limits.contains(tile))
                continue;
            auto const place = static_cast<std::size_t>(row * level.tiles_per_width + col);
            if (auto const colour = paint(level.matrix, tile))
                tiles[place] = painted_tile(*colour, wanted, pyramid, level);
            if (level.mask_directory && (tile.col + tile.row) % 2 == 0)
                masks[place] = painted_mask(level, pyramid);
            else if (level.mask_directory && tile.col % 2 == 0)
                masks[place] = mask_of_whole_tile(pyramid.tile_shape(level));
        }
    write_file(slab_file(level, slab), assemble_slab(layout, tiles));
    if (auto const file = mask_file(level, slab))
        write_file(*file, assemble_slab(mask_layout(layout), masks));
}

} // namespace

std::array<std::uint8_t, 3> colour_of(std::size_t level, TileIndex tile)
{
    return {static_cast<std::uint8_t>(40 + 20 * (level % 8)),
            static_cast<std::uint8_t>(30 + 40 * (tile.col % 5)),
            static_cast<std::uint8_t>(30 + 40 * (tile.row % 5))};
}

Pyramid paint_pyramid(std::filesystem::path const& store, PaintedPyramid const& wanted, Paint const& paint)
{
    TileMatrixSetLibrary const sets{{store / "tilematrixsets"}};
    Pyramid pyramid{
        .name = wanted.name,
        .set = sets.get(wanted.set),
        .format = *find_tile_format(wanted.format),
        .channels = wanted.channels,
        .nodata = std::vector<double>(static_cast<std::size_t>(wanted.channels),
                                      find_tile_format(wanted.format)->type == SampleType::uint8    ? 255
                                      : find_tile_format(wanted.format)->type == SampleType::uint16 ? 0
                                                                                                    : -99999),
        .photometric = wanted.channels < 3 ? "gray" : "rgb",
        .interpolation = "nn",
        .levels = {},
        .created = "",
        .folder = {}};
    auto range = wanted.bottom_tiles;
    auto const bottom = pyramid.set->index_of(*pyramid.set->find(wanted.bottom));
    auto const top = pyramid.set->index_of(*pyramid.set->find(wanted.top));
    for (auto matrix = bottom + 1; matrix-- > top; range = parent_range(range)) {
        Level level;
        level.id = pyramid.set->matrices[matrix].id;
        level.matrix = matrix;
        level.tiles_per_width = wanted.tiles_per_width;
        level.tiles_per_height = wanted.tiles_per_height;
        level.limits = matrix == bottom ? wanted.bottom_limits.value_or(range) : range;
        level.directory = store / wanted.name / "DATA" / level.id;
        if (wanted.masked)
            level.mask_directory = store / wanted.name / "MASK" / level.id;
        pyramid.levels.insert(pyramid.levels.begin(), level);
    }
    auto const painted = paint ? paint : [](std::size_t level, TileIndex tile) {
        return std::optional{colour_of(level, tile)};
    };
    for (auto const& level : pyramid.levels) {
        auto const slabs = level.slabs();
        for (auto row = slabs.first.row; row < slabs.last.row; ++row)
            for (auto col = slabs.first.col; col < slabs.last.col; ++col)
                write_slab(pyramid, level, {col, row}, wanted, painted);
    }
    auto const descriptor = store / (wanted.name + ".json");
    write_atomically(descriptor, to_json(pyramid, Json::object({{"revision", 1}})).pretty_text());
    return read_pyramid(descriptor, sets);
}

} // namespace ardoise::test
