// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/flood_model.hpp"

#include "pyramid/base/atomic_file.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/base/mapped_file.hpp"
#include "pyramid/base/number.hpp"
#include "pyramid/build/bake.hpp"
#include "pyramid/grid/geotiff.hpp"
#include "pyramid/raster/dispatch.hpp"
#include "pyramid/raster/flood.hpp"
#include "pyramid/raster/tiff_writer.hpp"
#include "pyramid/sources/source_files.hpp"
#include "pyramid/sources/source_reader.hpp"
#include "pyramid/sources/vector_pixels.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace ardoise {

namespace fs = std::filesystem;

namespace {

constexpr double nodata = -99999;
constexpr int height_band[] = {1};
/// Height, flood level, and the front of the water where it takes in everything.
constexpr std::int64_t bytes_a_pixel = 12;
/// Its number, and again in the front, which grows by doubling.
constexpr std::int64_t bytes_a_seed = 14;
/// The program, a dalle and its file.
constexpr std::int64_t bytes_beside = 256 << 20;
constexpr std::uint64_t read_cache = 64 << 20;
constexpr std::int64_t dalle_pixels = 2048;

PreparedBuild prepare(FloodOptions const& options, TileMatrixSetLibrary const& sets)
{
    sets.get(options.tile_matrix_set); // said before thousands of files are opened
    BuildOptions build{.sources = options.sources,
                       .store = {},
                       .products = {{.name = "flood", .bands = {1}, .format = "zip"}},
                       .tile_matrix_set = options.tile_matrix_set,
                       .top = options.bottom,
                       .bottom = options.bottom,
                       .resampling = options.resampling,
                       .jobs = 1,
                       .memory = options.memory,
                       .source = options.source};
    auto records = describe_sources(find_source_files(build.sources), build.source, {}, threads_of(build));
    for (auto const& record : records)
        if (auto const& source = record.source; source.bands != 1)
            fail("{}: has {} bands, and a terrain model has one, of heights", source.file.string(),
                 source.bands);
    return prepare_sources(std::move(build), sets, std::move(records));
}

/// The model's ground: a level's tiles, and their pixels.
class Model {
public:
    explicit Model(PreparedBuild const& prepared)
        : prepared_{prepared}, matrix_{prepared.plan.matrix(prepared.plan.finest().base_level)},
          tiles_{prepared.plan.levels[prepared.plan.finest().base_level].limits}
    {
        terrain_.width = tiles_.cols() * matrix_.tile_width;
        terrain_.height = tiles_.rows() * matrix_.tile_height;
    }

    TileMatrix const& matrix() const { return matrix_; }
    TileRange const& tiles() const { return tiles_; }
    Terrain const& terrain() const { return terrain_; }
    Crs const& crs() const { return prepared_.plan.set->crs; }

    PixelGrid grid() const
    {
        auto const ground = extent(matrix_, tiles_);
        return {crs(), ground.min_x, ground.max_y, matrix_.cell_size, terrain_.width, terrain_.height};
    }

    void check_size(std::uint64_t memory, std::size_t seeds = 0) const
    {
        auto const pixels = terrain_.width * terrain_.height;
        auto const needed =
            bytes_beside + pixels * bytes_a_pixel + static_cast<std::int64_t>(seeds) * bytes_a_seed;
        if (pixels > std::numeric_limits<std::uint32_t>::max())
            fail(
                "level {} of the model is {} x {} pixels, and at most 4294967295 are flooded at once; choose "
                "a coarser --bottom",
                matrix_.id, terrain_.width, terrain_.height);
        if (static_cast<std::uint64_t>(needed) > memory)
            fail("level {} of the model is {} x {} pixels, which are flooded as a whole and take {}M: say "
                 "--memory {}M, or choose a coarser --bottom",
                 matrix_.id, terrain_.width, terrain_.height, (needed >> 20) + 1, (needed >> 20) + 1);
    }

    /// Bakes all heights, block by block.
    void read_heights()
    {
        terrain_.heights.assign(static_cast<std::size_t>(terrain_.width * terrain_.height),
                                std::numeric_limits<float>::quiet_NaN());
        limit_gdal_cache(read_cache);
        SourceReader reader{prepared_.options.source};
        auto const side = std::max(1, 1024 / matrix_.tile_width);
        MaskedRaster canvas{{side * matrix_.tile_width, side * matrix_.tile_height, 1, prepared_.type}};
        auto const blocks = blocks_of(tiles_, side, side);
        for (auto row = blocks.first.row; row < blocks.last.row; ++row)
            for (auto col = blocks.first.col; col < blocks.last.col; ++col)
                read_block(tiles_of_block({col, row}, side, side), reader, canvas);
    }

private:
    void read_block(TileRange const& block, SourceReader& reader, MaskedRaster& canvas)
    {
        auto const ground = extent(matrix_, block.first);
        auto const validity = bake(prepared_.mosaics, reader, {ground.min_x, ground.max_y, matrix_.cell_size},
                                   crs(), height_band, prepared_.options.resampling, canvas);
        if (validity != Validity::none)
            with_sample_type(prepared_.type, [&](auto sample) {
                keep<decltype(sample)>(canvas, validity, intersect(block, tiles_), block.first);
            });
    }

    /// Those pixels of a block whose tiles are the model's.
    template <typename Sample>
    void keep(MaskedRaster const& canvas, Validity validity, TileRange const& kept, TileIndex first)
    {
        auto const x = static_cast<std::int32_t>(kept.first.col - first.col) * matrix_.tile_width,
                   y = static_cast<std::int32_t>(kept.first.row - first.row) * matrix_.tile_height;
        auto const width = kept.cols() * matrix_.tile_width, height = kept.rows() * matrix_.tile_height;
        auto const to_x = (kept.first.col - tiles_.first.col) * matrix_.tile_width,
                   to_y = (kept.first.row - tiles_.first.row) * matrix_.tile_height;
        for (std::int32_t row = 0; row < height; ++row) {
            auto const* from = canvas.pixels.row<Sample>(y + row) + x;
            auto const* valid = canvas.validity.row(y + row) + x;
            auto* to = terrain_.heights.data() + (to_y + row) * terrain_.width + to_x;
            for (std::int64_t i = 0; i < width; ++i)
                if (validity == Validity::full || valid[i] != 0)
                    to[i] = static_cast<float>(from[i]);
        }
    }

    PreparedBuild const& prepared_;
    TileMatrix const& matrix_;
    TileRange tiles_;
    Terrain terrain_;
};

std::string dalle_name(TileIndex block)
{
    return fmt::format("flood-{}-{}.tif", block.col, block.row);
}

/// Whether it is one of these, and not a file of somebody else's.
bool is_dalle_name(std::string_view name)
{
    constexpr std::string_view before = "flood-", behind = ".tif";
    if (!name.starts_with(before) || !name.ends_with(behind) || name.size() < before.size() + behind.size())
        return false;
    auto const place = name.substr(before.size(), name.size() - before.size() - behind.size());
    auto const dash = place.find('-');
    if (dash == std::string_view::npos)
        return false;
    auto const col = parse_number<std::int64_t>(place.substr(0, dash)),
               row = parse_number<std::int64_t>(place.substr(dash + 1));
    return col && row && dalle_name({*col, *row}) == name;
}

/// The folder of the dalles is theirs alone: a model that lies in it would be taken for one of them, by this
/// command and by `ardoise build`.
void check_folder(fs::path const& folder, PreparedBuild const& prepared)
{
    for (auto const& record : prepared.sources)
        if (std::error_code ignored; fs::equivalent(folder, record.source.file.parent_path(), ignored))
            fail("{}: holds the model {}; dalles want a folder of their own", folder.string(),
                 record.source.file.string());
}

/// The dalles of a folder.
class Dalles {
public:
    Dalles(fs::path folder, Model const& model, std::vector<float> const& levels)
        : folder_{std::move(folder)}, model_{model}, levels_{levels}, epsg_{geotiff::epsg_of(model.crs())}
    {
        make_folder(folder_);
    }

    void write_all(FloodReport& report)
    {
        auto const side = std::max<std::int64_t>(1, dalle_pixels / model_.matrix().tile_width);
        auto const blocks = blocks_of(model_.tiles(), side, side);
        for (auto row = blocks.first.row; row < blocks.last.row; ++row)
            for (auto col = blocks.first.col; col < blocks.last.col; ++col)
                write(dalle_name({col, row}),
                      intersect(tiles_of_block({col, row}, side, side), model_.tiles()), report);
        remove_others(report);
    }

private:
    void write(std::string const& name, TileRange const& tiles, FloodReport& report)
    {
        auto const pixels = both_bands(tiles);
        if (pixels.empty())
            return;
        names_.insert(name);
        auto const file = tiff::write_file(pixels.view(), fields_of(tiles));
        if (holds(folder_ / name, file)) {
            ++report.unchanged;
            return;
        }
        AtomicFile written{folder_ / name};
        written.write(file);
        written.publish();
        ++report.written;
    }

    /// No pixels where nobody knows a height.
    Raster both_bands(TileRange const& tiles) const
    {
        auto const& terrain = model_.terrain();
        auto const& matrix = model_.matrix();
        RasterShape const shape{static_cast<std::int32_t>(tiles.cols()) * matrix.tile_width,
                                static_cast<std::int32_t>(tiles.rows()) * matrix.tile_height, 2,
                                SampleType::float32};
        auto const x = (tiles.first.col - model_.tiles().first.col) * matrix.tile_width,
                   y = (tiles.first.row - model_.tiles().first.row) * matrix.tile_height;
        auto pixels = Raster::unwritten(shape);
        bool any = false;
        for (std::int32_t row = 0; row < shape.height; ++row) {
            auto const first = static_cast<std::size_t>((y + row) * terrain.width + x);
            auto* to = pixels.row<float>(row);
            for (auto i = first; i < first + static_cast<std::size_t>(shape.width); ++i) {
                bool const known = !std::isnan(terrain.heights[i]);
                any = any || known;
                *to++ = known ? terrain.heights[i] : static_cast<float>(nodata);
                *to++ = known ? levels_[i] : static_cast<float>(nodata);
            }
        }
        return any ? std::move(pixels) : Raster{};
    }

    std::vector<tiff::Field> fields_of(TileRange const& tiles) const
    {
        using tiff::Field;
        auto const& matrix = model_.matrix();
        auto const ground = extent(matrix, tiles);
        return {
            Field::of(geotiff::pixel_scale_tag, geotiff::pixel_scale(matrix.cell_size, matrix.cell_size)),
            Field::of(geotiff::tie_point_tag, geotiff::tie_point(ground.min_x, ground.max_y)),
            Field::of(geotiff::key_directory_tag, geotiff::key_directory(epsg_, model_.crs().geographic())),
            Field::of(geotiff::gdal_nodata_tag, geotiff::gdal_nodata(nodata))};
    }

    static bool holds(fs::path const& file, ByteView bytes)
    {
        if (!is_there(file))
            return false;
        MappedFile const standing{file};
        return std::ranges::equal(standing.bytes(), bytes);
    }

    /// What an earlier model had, and this one has nothing of; and what one that was killed began to write.
    void remove_others(FloodReport& report)
    {
        std::vector<fs::path> earlier;
        for (auto const& entry : fs::directory_iterator{folder_})
            if (auto const& file = entry.path(); fs::is_regular_file(entry.symlink_status())) {
                auto const name = file.filename().string();
                if (is_unpublished_part(file) && name.starts_with(".flood-"))
                    fs::remove(file);
                else if (is_dalle_name(name) && !names_.contains(name))
                    earlier.push_back(file);
            }
        for (auto const& file : earlier)
            report.removed += fs::remove(file) ? 1 : 0;
    }

    fs::path folder_;
    Model const& model_;
    std::vector<float> const& levels_;
    int epsg_;
    std::set<std::string> names_;
};

} // namespace

FloodReport make_flood_model(FloodOptions const& options, TileMatrixSetLibrary const& sets)
{
    auto const prepared = prepare(options, sets);
    Model model{prepared};
    if (geotiff::epsg_of(model.crs()) == 0)
        fail("the tile matrix set {} is in {}, which has no EPSG code, and GeoTIFFs of the model want one",
             prepared.plan.set->id, model.crs().name());
    model.check_size(options.memory);
    check_folder(options.into, prepared);
    auto const seeds = pixels_touched(options.seeds, model.grid());
    model.check_size(options.memory, seeds.size());
    model.read_heights();
    auto const levels = flood_levels(model.terrain(), seeds);

    FloodReport report{.level = model.matrix().id, .seeds = static_cast<std::int64_t>(seeds.size())};
    for (std::size_t i = 0; i < levels.size(); ++i)
        if (!std::isnan(model.terrain().heights[i])) {
            ++report.heights;
            report.reached += levels[i] != never_flooded ? 1 : 0;
        }
    if (report.reached == 0)
        fail("{}: no ground of known height lies on what water comes from, or beside it; draw it onto the "
             "model",
             options.seeds.string());
    Dalles{options.into, model, levels}.write_all(report);
    return report;
}

} // namespace ardoise
