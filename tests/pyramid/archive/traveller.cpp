// SPDX-License-Identifier: Apache-2.0
#include "tests/pyramid/archive/traveller.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/store/slab.hpp"

namespace ardoise::test {

std::map<std::string, std::string> tiles_of(Pyramid const& pyramid)
{
    std::map<std::string, std::string> tiles;
    for (auto const& level : pyramid.levels)
        for (auto row = level.limits.first.row; row < level.limits.last.row; ++row)
            for (auto col = level.limits.first.col; col < level.limits.last.col; ++col) {
                TileIndex const tile{col, row};
                auto const file = slab_file(level, level.slab_of(tile));
                if (!std::filesystem::exists(file))
                    continue;
                Slab const slab{file, level.tiles_per_width, level.tiles_per_height};
                auto const bytes = slab.tile(level.within_slab(tile));
                if (!bytes.empty())
                    tiles[tile_name(*pyramid.set, level.matrix, tile)] = as_text(bytes);
            }
    return tiles;
}

Pyramid pyramid_in(std::filesystem::path const& store, std::string const& name)
{
    return read_pyramid(store / (name + ".json"), TileMatrixSetLibrary{{store / "tilematrixsets"}});
}

ArchiveMetadata metadata_of(std::filesystem::path const& store, std::string const& name)
{
    return metadata_in(read_json(store / (name + ".json")));
}

ExportReport export_to(std::string const& address, Pyramid const& pyramid, ArchiveMetadata metadata)
{
    return export_pyramid(pyramid, std::move(metadata),
                          {.archive = address, .top = {}, .bottom = {}, .box = {}},
                          [](std::int64_t, std::int64_t) {});
}

ImportReport import_from(std::string const& address, std::filesystem::path const& store,
                         std::string const& name, std::string const& set, SlabSize slab)
{
    return import_archive({.archive = address,
                           .store = store,
                           .name = name,
                           .set = TileMatrixSetLibrary{}.get(set),
                           .slab = slab},
                          [](std::int64_t, std::int64_t) {});
}

void write_files(std::filesystem::path const& folder, std::map<std::string, std::string> const& files)
{
    for (auto const& [name, content] : files)
        write_atomically(folder / name, content);
}

std::string png_tile(std::int32_t side, std::int32_t channels)
{
    Raster const pixels{{side, side, channels, SampleType::uint8}};
    return std::string{as_text(png::encode(pixels.view()))};
}

} // namespace ardoise::test
