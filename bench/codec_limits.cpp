// SPDX-License-Identifier: Apache-2.0
// How many maps a CPU-second has in it on one thread when all that is done is decoding and encoding: no
// server, no lookup, no resampling. Maps lie at random places, from pixel to pixel, where all their tiles are
// stored.
//
//   codec_limits FOLDER LIMIT SECONDS
//
// FOLDER holds the tiles of one level as COL/ROW.jpg. LIMIT:
//   map      512x512 JPEG: tiles decoded, cropped, encoded
//   between  256x256 JPEG out of 358x358 pixels of a finer level
//   tile     256x256 JPEG
//   encode   512x512 JPEG, nothing but encoded
//   png      1024x768 PNG, nothing but encoded

#include "pyramid/base/failure.hpp"
#include "pyramid/base/mapped_file.hpp"
#include "pyramid/base/number.hpp"
#include "pyramid/raster/codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <functional>
#include <iterator>
#include <limits>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace ardoise {
namespace {

constexpr std::int32_t tile_side = 256;
constexpr int quality = 85;

/// The stored tiles of a level, as they are sent, by column and row.
using Tiles = std::map<std::pair<std::int32_t, std::int32_t>, Bytes>;

Tiles read_tiles(std::filesystem::path const& folder)
{
    Tiles tiles;
    for (auto const& entry : std::filesystem::recursive_directory_iterator{folder}) {
        auto const col = parse_number<std::int32_t>(entry.path().parent_path().filename().string());
        auto const row = parse_number<std::int32_t>(entry.path().stem().string());
        if (!col || !row || entry.path().extension() != ".jpg")
            continue;
        MappedFile const file{entry.path()};
        tiles[{*col, *row}] = Bytes(file.bytes().begin(), file.bytes().end());
    }
    if (tiles.empty())
        fail("{}: no tile COL/ROW.jpg in it", folder.string());
    return tiles;
}

/// The tiles that a box of the level's pixels touches.
std::vector<std::pair<std::int32_t, std::int32_t>> tiles_under(PixelBox box)
{
    std::vector<std::pair<std::int32_t, std::int32_t>> places;
    for (auto col = box.x / tile_side; col * tile_side < box.x + box.width; ++col)
        for (auto row = box.y / tile_side; row * tile_side < box.y + box.height; ++row)
            places.emplace_back(col, row);
    return places;
}

/// Boxes of one size, at random where all tiles under them are stored; always the same ones.
class Places {
public:
    Places(Tiles const& tiles, std::int32_t width, std::int32_t height)
        : tiles_{tiles}, width_{width}, height_{height}
    {
        for (auto const& [place, bytes] : tiles) {
            cols_ = std::pair{std::min(cols_.first, place.first), std::max(cols_.second, place.first)};
            rows_ = std::pair{std::min(rows_.first, place.second), std::max(rows_.second, place.second)};
        }
    }

    PixelBox next()
    {
        constexpr int most_tries = 100'000;
        for (int tries = 0; tries < most_tries; ++tries)
            if (auto const box = any(); is_stored(box))
                return box;
        fail("no place with all tiles for maps of {} x {} pixels: take a larger city", width_, height_);
    }

private:
    using Range = std::pair<std::int32_t, std::int32_t>;

    PixelBox any() { return {pixel_of(cols_), pixel_of(rows_), width_, height_}; }

    std::int32_t pixel_of(Range tiles)
    {
        return std::uniform_int_distribution{tiles.first * tile_side,
                                             (tiles.second + 1) * tile_side - 1}(random_);
    }

    bool is_stored(PixelBox box) const
    {
        return std::ranges::all_of(tiles_under(box), [&](auto place) { return tiles_.contains(place); });
    }

    Tiles const& tiles_;
    std::int32_t width_, height_;
    Range cols_{std::numeric_limits<std::int32_t>::max(), 0}, rows_ = cols_;
    std::mt19937 random_{20221};
};

/// The box's pixels, out of the tiles under it.
Raster cut(Tiles const& tiles, PixelBox box)
{
    Raster map{{box.width, box.height, 3, SampleType::uint8}};
    for (auto const& place : tiles_under(box))
        paste(jpeg::decode(tiles.at(place)).view(), map, place.first * tile_side - box.x,
              place.second * tile_side - box.y);
    return map;
}

/// Makes one map.
using Work = std::function<void()>;

/// The tiles under `read` x `read` pixels decoded, and as many pixels of them as the map has, encoded. Who
/// makes a map of `side` out of a finer level reads more than it shows.
Work whole_map(Tiles const& tiles, std::int32_t read, std::int32_t side)
{
    return [&tiles, side, places = Places{tiles, read, read}]() mutable {
        auto const pixels = cut(tiles, places.next());
        jpeg::encode(pixels.view().crop({0, 0, side, side}), quality);
    };
}

/// Pixels that are there already, encoded by `encode`: a dozen of maps in turn.
Work only_encoded(Tiles const& tiles, std::int32_t width, std::int32_t height,
                  std::function<void(RasterView)> encode)
{
    constexpr int different = 12;
    auto maps = std::make_shared<std::vector<Raster>>();
    std::generate_n(
        std::back_inserter(*maps), different,
        [&tiles, places = Places{tiles, width, height}]() mutable { return cut(tiles, places.next()); });
    return [maps, encode = std::move(encode), turn = std::size_t{0}]() mutable {
        encode((*maps)[turn++ % maps->size()].view());
    };
}

Work work_of(std::string const& limit, Tiles const& tiles)
{
    if (limit == "map")
        return whole_map(tiles, 512, 512);
    if (limit == "between")
        return whole_map(tiles, 358, 256); // pixels 1.4 times as large as the level's
    if (limit == "tile")
        return whole_map(tiles, 256, 256);
    if (limit == "encode")
        return only_encoded(tiles, 512, 512, [](RasterView map) { jpeg::encode(map, quality); });
    if (limit == "png")
        return only_encoded(tiles, 1024, 768, [](RasterView map) { png::encode(map, {png::Filter::up, 1}); });
    fail("LIMIT is map, between, tile, encode or png, not \"{}\"", limit);
}

double cpu_seconds()
{
    std::timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// One line of JSON: how many maps, in how many CPU-seconds.
void measure(Work const& work, double seconds)
{
    work(); // tables of the codecs, pages of the heap
    auto const start = cpu_seconds();
    int maps = 0;
    double used = 0;
    for (; used < seconds; ++maps, used = cpu_seconds() - start)
        work();
    fmt::print("{{\"maps\": {}, \"cpu_seconds\": {}}}\n", maps, used);
}

} // namespace
} // namespace ardoise

int main(int count, char** values)
{
    auto const seconds = count == 4 ? ardoise::parse_number<double>(values[3]) : std::nullopt;
    if (!seconds) {
        fmt::print(stderr, "usage: codec_limits FOLDER map|between|tile|encode|png SECONDS\n");
        return 2;
    }
    try {
        auto const tiles = ardoise::read_tiles(values[1]);
        ardoise::measure(ardoise::work_of(values[2], tiles), *seconds);
    } catch (std::exception const& trouble) {
        fmt::print(stderr, "codec_limits: {}\n", trouble.what());
        return 1;
    }
}
