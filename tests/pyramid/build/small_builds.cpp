// SPDX-License-Identifier: Apache-2.0
#include "tests/pyramid/build/small_builds.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/store/change_list.hpp"
#include "pyramid/store/slab.hpp"

namespace ardoise::test {

BuildOptions options_for(TemporaryFolder const& folder, char const* format)
{
    BuildOptions options;
    options.sources = {(folder / "dalles").string()};
    options.store = folder / "store";
    options.products = {Product{.name = "P", .bands = {}, .format = format}};
    options.tile_matrix_set = "2154_5cm";
    options.top = "18";
    options.slab_width = options.slab_height = 2;
    options.jobs = 2;
    return options;
}

BuildReport run(BuildOptions options)
{
    return build(prepare_build(std::move(options), TileMatrixSetLibrary{}), [](std::size_t, std::size_t) {});
}

Pyramid read(TemporaryFolder const& folder, std::string const& name)
{
    return read_pyramid(folder / ("store/" + name + ".json"),
                        TileMatrixSetLibrary{{folder / "store/tilematrixsets"}});
}

/// Pixels and mask of a whole level, tile by tile.
MaskedRaster level_pixels(Pyramid const& pyramid, Level const& level)
{
    auto const shape = pyramid.tile_shape(level);
    MaskedRaster all{{static_cast<std::int32_t>(level.limits.cols()) * shape.width,
                      static_cast<std::int32_t>(level.limits.rows()) * shape.height, shape.channels,
                      shape.type}};
    for (auto row = level.limits.first.row; row < level.limits.last.row; ++row)
        for (auto col = level.limits.first.col; col < level.limits.last.col; ++col) {
            auto const file = slab_file(level, level.slab_of({col, row}));
            if (!std::filesystem::exists(file))
                continue;
            Slab const slab{file, level.tiles_per_width, level.tiles_per_height};
            auto const bytes = slab.tile(level.within_slab({col, row}));
            if (bytes.empty())
                continue;
            auto const x = static_cast<std::int32_t>(col - level.limits.first.col) * shape.width;
            auto const y = static_cast<std::int32_t>(row - level.limits.first.row) * shape.height;
            paste(decode_tile(bytes, pyramid.format, shape).view(), all.pixels, x, y);
            Raster mask{{shape.width, shape.height, 1, SampleType::uint8}};
            std::fill(mask.bytes().begin(), mask.bytes().end(), std::byte{255});
            auto const masks = mask_file(level, level.slab_of({col, row}));
            if (masks && std::filesystem::exists(*masks))
                mask = decode_tile(Slab{*masks, level.tiles_per_width, level.tiles_per_height}.tile(
                                       level.within_slab({col, row})),
                                   *find_tile_format("TIFF_ZIP_UINT8"), mask.shape());
            paste(mask.view(), all.validity, x, y);
        }
    return all;
}

std::map<std::string, std::string> files_of(std::filesystem::path const& folder)
{
    std::map<std::string, std::string> files;
    for (auto const& entry : std::filesystem::recursive_directory_iterator{folder})
        if (entry.is_regular_file())
            files[entry.path().lexically_relative(folder).string()] = read_text(entry.path());
    return files;
}

/// The slabs of a pyramid, and their checksums: what must be the same however it was built.
std::map<std::string, std::string> slabs_of(std::filesystem::path const& folder)
{
    auto files = files_of(folder);
    std::erase_if(files, [](auto const& file) {
        return file.first.ends_with(change_list_name) || file.first.ends_with(owed_change_list_name) ||
               file.first.ends_with(".json") || file.first.ends_with(".html") ||
               file.first.ends_with(".png") || (file.first.starts_with('r') && file.first[1] <= '9');
    });
    return files;
}

void write_dalles(TemporaryFolder const& folder, int columns, int rows, Dalle dalle)
{
    std::filesystem::create_directories(folder / "dalles");
    for (int col = 0; col < columns; ++col)
        for (int row = 0; row < rows; ++row) {
            dalle.left = left + 3 * dalle.pixel + col * dalle.width * dalle.pixel;
            dalle.top = top - 5 * dalle.pixel - row * dalle.height * dalle.pixel;
            write_dalle(folder / ("dalles/" + std::to_string(col) + "_" + std::to_string(row) + ".tif"),
                        dalle);
        }
}

} // namespace ardoise::test
