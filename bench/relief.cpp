// SPDX-License-Identifier: Apache-2.0
// What relief costs, on one thread: hillshades against GDAL's on the same array, and styled tiles against
// decoding and encoding the same ones. Contenders take their turns one after the other; a ratio is that of
// one turn.
//
//   relief [HEIGHTS [ROUNDS]]
//
// HEIGHTS: a file that GDAL reads, its first band; without it hills are made up. What is printed is Markdown.

#include "pyramid/base/failure.hpp"
#include "pyramid/base/number.hpp"
#include "pyramid/raster/codec.hpp"
#include "styles/library.hpp"
#include "styles/style.hpp"

#include <fmt/format.h>
#include <gdal_priv.h>
#include <gdal_utils.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

namespace ardoise {
namespace {

constexpr std::int32_t side = 1024, tile_side = 256, around = 1;

/// Hills of all sizes, in metres, a metre from pixel to pixel.
Raster made_up_hills(std::int32_t width, std::int32_t height)
{
    Raster hills{{width, height, 1, SampleType::float32}};
    for (std::int32_t y = 0; y < height; ++y)
        for (std::int32_t x = 0; x < width; ++x) {
            double sum = 0;
            for (double length = 400; length > 3; length /= 2.3)
                sum += length / 12 * std::sin(x / length + 3 * std::sin(y / length)) * std::cos(y / length);
            hills.row<float>(y)[x] = static_cast<float>(100 + std::round(100 * sum) / 100);
        }
    return hills;
}

/// As many pixels of the file as are wanted, repeated where it has fewer.
Raster read_heights(std::string const& file, std::int32_t width, std::int32_t height)
{
    std::unique_ptr<GDALDataset> const dataset{
        GDALDataset::Open(file.c_str(), GDAL_OF_RASTER | GDAL_OF_VERBOSE_ERROR)};
    if (!dataset)
        fail("{}: GDAL cannot read it", file);
    auto const wide = std::min(width, dataset->GetRasterXSize()),
               high = std::min(height, dataset->GetRasterYSize());
    Raster part{{wide, high, 1, SampleType::float32}};
    if (dataset->GetRasterBand(1)->RasterIO(GF_Read, 0, 0, wide, high, part.row(0), wide, high, GDT_Float32,
                                            0, 0) != CE_None)
        fail("{}: its heights cannot be read", file);
    Raster heights{{width, height, 1, SampleType::float32}};
    for (std::int32_t y = 0; y < height; y += high)
        for (std::int32_t x = 0; x < width; x += wide)
            paste(part.view(), heights, x, y);
    return heights;
}

double cpu_seconds()
{
    std::timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// Milliseconds of CPU, the median of so many times.
template <typename Work>
double cost_of(Work const& work, int times)
{
    std::vector<double> costs;
    for (int i = 0; i < times; ++i) {
        auto const start = cpu_seconds();
        work();
        costs.push_back(1000 * (cpu_seconds() - start));
    }
    std::sort(costs.begin(), costs.end());
    return costs[costs.size() / 2];
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// Both in turns, for as many rounds; the median of the ratios.
struct Race {
    double ours, theirs, ratio;
};

template <typename Ours, typename Theirs>
Race race(Ours const& ours, Theirs const& theirs, int rounds, int times)
{
    std::vector<double> our_costs, their_costs, ratios;
    for (int round = 0; round < rounds; ++round) {
        our_costs.push_back(cost_of(ours, times));
        their_costs.push_back(cost_of(theirs, times));
        ratios.push_back(their_costs.back() / our_costs.back());
    }
    return {median(our_costs), median(their_costs), median(ratios)};
}

using Dataset = std::unique_ptr<GDALDataset>;

/// GDAL's view of an array in memory: nothing is read or copied before the work begins.
Dataset in_memory(Raster& heights)
{
    auto const& shape = heights.shape();
    auto* driver = GetGDALDriverManager()->GetDriverByName("MEM");
    Dataset dataset{driver->Create("", shape.width, shape.height, 0, GDT_Float32, nullptr)};
    auto const address = fmt::format("{}", reinterpret_cast<std::uintptr_t>(heights.row(0)));
    char const* options[] = {"DATAPOINTER=", nullptr};
    auto const pointer = "DATAPOINTER=" + address;
    options[0] = pointer.c_str();
    dataset->AddBand(GDT_Float32, const_cast<char**>(options));
    double transform[] = {0, 1, 0, 0, 0, -1};
    dataset->SetGeoTransform(transform);
    return dataset;
}

/// One call of what `gdaldem` is, from memory into memory.
void process(GDALDataset& heights, std::string const& mode, std::vector<std::string> arguments)
{
    arguments.insert(arguments.end(), {"-of", "MEM", "-compute_edges"});
    std::vector<char*> pointers;
    for (auto& argument : arguments)
        pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    auto* options = GDALDEMProcessingOptionsNew(pointers.data(), nullptr);
    int wrong = 0;
    Dataset const made{GDALDataset::FromHandle(
        GDALDEMProcessing("", GDALDataset::ToHandle(&heights), mode.c_str(), nullptr, options, &wrong))};
    GDALDEMProcessingOptionsFree(options);
    if (!made)
        fail("GDAL's {} failed", mode);
}

void race_gdal(Raster const& heights, int rounds)
{
    struct {
        char const* name;
        Treatment treatment;
        char const* mode;
        std::vector<std::string> arguments;
    } const rows[] = {
        {"hillshade, Horn", Hillshade{}, "hillshade", {}},
        {"hillshade, Zevenbergen and Thorne",
         Hillshade{.method = GradientMethod::zevenbergen_thorne},
         "hillshade",
         {"-alg", "ZevenbergenThorne"}},
        {"hillshade from four sides",
         Hillshade{.multidirectional = true},
         "hillshade",
         {"-multidirectional"}},
        {"slope", Slope{}, "slope", {}},
        {"aspect", Aspect{.min_slope = 0}, "aspect", {}},
    };
    Raster square{{side, side, 1, SampleType::float32}};
    paste(heights.view(), square, -around, -around);
    auto const dataset = in_memory(square);
    fmt::print(
        "| {0} x {0} heights, ms of CPU | ours | GDAL | times as fast |\n| --- | ---: | ---: | ---: |\n",
        side);
    for (auto const& row : rows) {
        Ground const ground{.margin = around, .rows = {}};
        auto const ours = [&] {
            if (auto const* how = std::get_if<Hillshade>(&row.treatment))
                return hillshade(*how, {heights.view(), {}}, ground);
            if (auto const* how = std::get_if<Slope>(&row.treatment))
                return slope(*how, {heights.view(), {}}, ground);
            return aspect(std::get<Aspect>(row.treatment), {heights.view(), {}}, ground);
        };
        auto const theirs = [&] { process(*dataset, row.mode, row.arguments); };
        auto const [mine, gdal, ratio] = race(ours, theirs, rounds, 9);
        fmt::print("| {} | {:.2f} | {:.2f} | {:.1f} |\n", row.name, mine, gdal, ratio);
    }
}

/// A tile as it is stored, and the values around it, which its neighbours have brought into the cache.
struct Tile {
    Bytes stored;
    Raster around;
};

std::vector<Tile> cut_tiles(Raster const& heights)
{
    std::vector<Tile> tiles;
    for (std::int32_t y = 0; y + tile_side <= side; y += tile_side)
        for (std::int32_t x = 0; x + tile_side <= side; x += tile_side) {
            auto const all = heights.view().crop({x, y, tile_side + 2 * around, tile_side + 2 * around});
            Tile tile;
            tile.stored = tiff::encode_tile(all.crop({around, around, tile_side, tile_side}),
                                            tiff::Compression::deflate);
            tile.around = Raster::unwritten(all.shape);
            paste(all, tile.around, 0, 0);
            tiles.push_back(std::move(tile));
        }
    return tiles;
}

/// As the server encodes them.
std::size_t encoded(RasterView picture)
{
    auto const few = FewColours::of(picture, picture.shape.channels == 1 ? 16 : FewColours::most);
    return (few ? png::encode(picture, *few) : png::encode(picture)).size();
}

/// Each tile decoded, put beside its neighbours where the style looks at these, styled, and encoded; held
/// against the same picture decoded and encoded, no more.
void race_codecs(std::vector<Tile> const& tiles, int rounds)
{
    RasterShape const shape{tile_side, tile_side, 1, SampleType::float32};
    fmt::print("\n| tile of 256 px, ms of CPU | styled | decoded and encoded | ratio |\n| --- | ---: | ---: "
               "| ---: |\n");
    for (auto const& style : shipped_styles()) {
        if (misfit(style, 1, SampleType::float32) || style.shows_values())
            continue;
        Ground ground{.margin = reach(style) * around, .rows = {}};
        auto const drawn = [&](Tile const& tile) {
            auto decoded = tiff::decode_tile(tile.stored, shape, tiff::Compression::deflate);
            MaskedRaster values;
            values.pixels = ground.margin == 0 ? std::move(decoded) : tile.around.clone();
            if (ground.margin > 0)
                paste(decoded.view(), values.pixels, around, around);
            return apply(style, std::move(values), ground);
        };
        std::vector<MaskedRaster> pictures;
        for (auto const& tile : tiles)
            pictures.push_back(drawn(tile));
        std::size_t bytes = 0;
        auto const styled = [&] {
            for (auto const& tile : tiles)
                bytes += encoded(drawn(tile).pixels.view());
        };
        auto const bare = [&] {
            for (std::size_t i = 0; i < tiles.size(); ++i) {
                bytes += tiff::decode_tile(tiles[i].stored, shape, tiff::Compression::deflate).bytes().size();
                bytes += encoded(pictures[i].pixels.view());
            }
        };
        auto const [ours, codecs, ratio] = race(styled, bare, rounds, 5);
        auto const each = static_cast<double>(tiles.size());
        fmt::print("| `{}` | {:.3f} | {:.3f} | {:.2f} |\n", style.identifier, ours / each, codecs / each,
                   1 / ratio);
    }
}

void measure(std::string const& file, int rounds)
{
    auto const larger = side + 2 * around;
    auto const heights = file.empty() ? made_up_hills(larger, larger) : read_heights(file, larger, larger);
    race_gdal(heights, rounds);
    race_codecs(cut_tiles(heights), rounds);
}

} // namespace
} // namespace ardoise

int main(int count, char** values)
{
    auto const rounds = count > 2 ? ardoise::parse_number<int>(values[2]) : 9;
    if (!rounds || *rounds < 1 || count > 3) {
        fmt::print(stderr, "usage: relief [HEIGHTS [ROUNDS]]\n");
        return 2;
    }
    GDALAllRegister();
    CPLSetConfigOption("GDAL_NUM_THREADS", "1");
    try {
        ardoise::measure(count > 1 ? values[1] : "", *rounds);
    } catch (std::exception const& trouble) {
        fmt::print(stderr, "relief: {}\n", trouble.what());
        return 1;
    }
}
