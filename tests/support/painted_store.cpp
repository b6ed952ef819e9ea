// SPDX-License-Identifier: Apache-2.0
#include "tests/support/painted_store.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/store/slab_path.hpp"
#include "pyramid/store/slab_writer.hpp"

#include <array>

namespace ardoise::test {

namespace {

TileRange parent_range(TileRange const& range)
{
    return {{range.first.col / 2, range.first.row / 2}, {(range.last.col + 1) / 2, (range.last.row + 1) / 2}};
}

Bytes painted_tile(std::array<std::uint8_t, 3> colour, Pyramid const& pyramid, Level const& level)
{
    Raster pixels{pyramid.tile_shape(level)};
    auto const samples = pixels.bytes().size() / bytes_per_sample(pyramid.format.type);
    for (std::size_t i = 0; i < samples; ++i) {
        auto const channel = i % static_cast<std::size_t>(pyramid.channels);
        auto const value = channel < 3 ? colour[channel] : std::uint8_t{255};
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

void write_slab(Pyramid const& pyramid, Level const& level, TileIndex slab, Paint const& paint)
{
    auto const layout = pyramid.layout(level, slab);
    std::vector<Bytes> tiles(layout.tile_count());
    for (std::int32_t row = 0; row < level.tiles_per_height; ++row)
        for (std::int32_t col = 0; col < level.tiles_per_width; ++col) {
            TileIndex const tile{slab.col * level.tiles_per_width + col,
                                 slab.row * level.tiles_per_height + row};
            if (!level.limits.contains(tile))
                continue;
            if (auto const colour = paint(level.matrix, tile))
                tiles[static_cast<std::size_t>(row * level.tiles_per_width + col)] =
                    painted_tile(*colour, pyramid, level);
        }
    AtomicFile file{slab_file(level, slab)};
    file.write(assemble_slab(layout, tiles));
    file.publish();
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
        level.limits = range;
        level.directory = store / wanted.name / "DATA" / level.id;
        pyramid.levels.insert(pyramid.levels.begin(), level);
    }
    auto const painted = paint ? paint : [](std::size_t level, TileIndex tile) {
        return std::optional{colour_of(level, tile)};
    };
    for (auto const& level : pyramid.levels) {
        auto const slabs = level.slabs();
        for (auto row = slabs.first.row; row < slabs.last.row; ++row)
            for (auto col = slabs.first.col; col < slabs.last.col; ++col)
                write_slab(pyramid, level, {col, row}, painted);
    }
    auto const descriptor = store / (wanted.name + ".json");
    write_atomically(descriptor, to_json(pyramid, Json::object({{"revision", 1}})).pretty_text());
    return read_pyramid(descriptor, sets);
}

} // namespace ardoise::test
