// SPDX-License-Identifier: Apache-2.0
// What a style costs on a stored tile, beside decoding the tile and encoding the picture: CPU time of all
// three as a multiple of these two.
//
//   style_costs STORE/NAME.json SECONDS STYLE.json...
//
// The tiles are those of the pyramid's finest level, at most 64 of them.

#include "pyramid/base/failure.hpp"
#include "pyramid/base/number.hpp"
#include "pyramid/store/pyramid.hpp"
#include "pyramid/store/slab.hpp"
#include "styles/style.hpp"

#include <fmt/format.h>

#include <ctime>
#include <functional>

namespace ardoise {
namespace {

using Encoder = Bytes (*)(RasterView);

double cpu_seconds()
{
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

std::vector<Bytes> some_tiles(Pyramid const& pyramid)
{
    constexpr std::size_t most = 64;
    auto const& level = pyramid.finest();
    std::vector<Bytes> tiles;
    auto const slabs = level.slabs();
    for (auto row = slabs.first.row; row < slabs.last.row; ++row)
        for (auto col = slabs.first.col; col < slabs.last.col; ++col) {
            auto const file = slab_file(level, {col, row});
            if (!std::filesystem::exists(file))
                continue;
            Slab const slab{file, level.tiles_per_width, level.tiles_per_height};
            for (std::int32_t y = 0; y < level.tiles_per_height; ++y)
                for (std::int32_t x = 0; x < level.tiles_per_width && tiles.size() < most; ++x)
                    if (auto const tile = slab.tile({x, y}); !tile.empty())
                        tiles.emplace_back(tile.begin(), tile.end());
        }
    if (tiles.empty())
        fail("{} has no tiles", pyramid.name);
    return tiles;
}

/// CPU time of one tile, in microseconds: the least of what rounds over all tiles take, in so many seconds.
double least_cost(std::size_t tiles, double seconds, std::function<void(std::size_t)> const& work)
{
    double least = 1e9;
    for (double const end = cpu_seconds() + seconds; cpu_seconds() < end;) {
        double const start = cpu_seconds();
        for (std::size_t i = 0; i < tiles; ++i)
            work(i);
        least = std::min(least, (cpu_seconds() - start) / static_cast<double>(tiles) * 1e6);
    }
    return least;
}

MaskedRaster all_data(Raster pixels)
{
    MaskedRaster tile;
    tile.pixels = std::move(pixels);
    return tile;
}

void measure(Pyramid const& pyramid, std::vector<Bytes> const& tiles, Style const& style, double seconds)
{
    auto const shape = pyramid.tile_shape(pyramid.finest());
    auto const decoded = [&](std::size_t i) {
        return all_data(decode_tile(tiles[i], pyramid.format, shape));
    };
    std::vector<Raster> styled;
    for (std::size_t i = 0; i < tiles.size(); ++i)
        styled.push_back(apply(style, decoded(i)).pixels);
    double const decoding = least_cost(tiles.size(), seconds, [&](std::size_t i) { decoded(i); }),
                 both = least_cost(tiles.size(), seconds, [&](std::size_t i) { apply(style, decoded(i)); });
    auto const tell = [&](char const* format, Encoder encode) {
        double const encoding =
            least_cost(tiles.size(), seconds, [&](std::size_t i) { encode(styled[i].view()); });
        fmt::print("{:12} {:4} decode {:6.0f} us, style {:6.0f}, encode {:6.0f}: {:.2f} x\n",
                   style.identifier, format, decoding, both - decoding, encoding,
                   (both + encoding) / (decoding + encoding));
    };
    tell("png", [](RasterView picture) { return png::encode(picture); });
    if (styled.front().shape().channels != 4)
        tell("jpeg", [](RasterView picture) { return jpeg::encode(picture, 85); });
}

} // namespace
} // namespace ardoise

int main(int argc, char** argv)
try {
    using namespace ardoise;
    auto const seconds = argc > 3 ? parse_number<double>(argv[2]) : std::nullopt;
    if (!seconds) {
        fmt::print(stderr, "usage: style_costs STORE/NAME.json SECONDS STYLE.json...\n");
        return 2;
    }
    std::filesystem::path const descriptor = argv[1];
    auto const pyramid =
        read_pyramid(descriptor, TileMatrixSetLibrary{{descriptor.parent_path() / "tilematrixsets"}});
    auto const tiles = some_tiles(pyramid);
    for (int i = 3; i < argc; ++i)
        measure(pyramid, tiles, parse_style(HandwrittenJson{std::filesystem::path{argv[i]}}), *seconds);
} catch (std::exception const& failure) {
    fmt::print(stderr, "style_costs: {}\n", failure.what());
    return 1;
}
