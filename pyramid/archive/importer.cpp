// SPDX-License-Identifier: Apache-2.0
#include "pyramid/archive/importer.hpp"

#include "pyramid/archive/tile_header.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/base/json_path.hpp"
#include "pyramid/store/pyramid_writer.hpp"
#include "pyramid/store/slab_writer.hpp"

#include <algorithm>
#include <chrono>

namespace ardoise {

namespace fs = std::filesystem;

namespace {

/// The archive as it is now: another time or size, another recipe.
std::string recipe_of(ImportOptions const& options, std::int64_t tiles)
{
    auto const path = fs::absolute(archive_path(options.archive)).lexically_normal();
    std::error_code trouble;
    auto const modified = fs::last_write_time(path, trouble);
    if (trouble)
        fail("{}: cannot be read: {}", path.string(), trouble.message());
    auto const since_1970 = std::chrono::file_clock::to_sys(modified).time_since_epoch();
    auto archive = Json::object({{"path", path_json(path)},
                                 {"modified", std::int64_t{since_1970 / std::chrono::nanoseconds{1}}},
                                 {"tiles", tiles}});
    if (fs::is_regular_file(path, trouble))
        archive.set("bytes", static_cast<std::int64_t>(fs::file_size(path)));
    return Json::object({{"archive", std::move(archive)},
                         {"address", path_json(options.archive)},
                         {"tile_matrix_set", options.set->id},
                         {"slab", Json::array({options.slab.width, options.slab.height})}})
        .pretty_text();
}

std::string_view what_it_is(TileHeader const& header)
{
    switch (header.compression) {
    case TileCompression::png:
        return "PNG";
    case TileCompression::jpeg:
        return "JPEG";
    case TileCompression::webp:
        return "WebP";
    default:
        return "a vector tile";
    }
}

TileFormat const& format_of(TileHeader const& header)
{
    switch (header.compression) {
    case TileCompression::png:
        return *format_in_archives("png");
    case TileCompression::jpeg:
        return *format_in_archives("jpg");
    case TileCompression::webp:
        return *format_in_archives("webp");
    default:
        return *format_in_archives("pbf");
    }
}

/// Enough channels for both: colour and alpha where either has it.
std::int32_t joined_channels(std::int32_t a, std::int32_t b)
{
    std::int32_t const colours = std::max(a, b) >= 3 ? 3 : 1;
    return colours + (a % 2 == 0 || b % 2 == 0 ? 1 : 0);
}

/// Gathers tiles into slabs and writes each when the next begins.
class SlabImporter {
public:
    SlabImporter(ImportOptions const& options, PyramidWriter& writer)
        : options_{options}, writer_{writer}, limits_(writer.pyramid().levels.size())
    {
    }

    void begin(std::size_t level)
    {
        finish_slab();
        level_ = level;
    }

    void add(TileIndex tile, ByteView bytes)
    {
        auto const& level = current();
        auto const slab = level.slab_of(tile);
        if (!tiles_.empty() && slab != slab_)
            finish_slab();
        if (tiles_.empty()) {
            slab_ = slab;
            tiles_.resize(writer_.pyramid().layout(level, slab).tile_count());
        }
        auto const within = level.within_slab(tile);
        auto& place = tiles_[static_cast<std::size_t>(within.row * level.tiles_per_width + within.col)];
        if (!place.empty())
            fail("{}: tile {} is there twice", options_.archive, name_of(tile));
        check(tile, bytes);
        hold(tile, bytes.size());
        place.assign(bytes.begin(), bytes.end());
        limits_[level_] = join(limits_[level_], TileRange{tile, {tile.col + 1, tile.row + 1}});
    }

    void finish()
    {
        finish_slab();
        for (std::size_t level = 0; level < limits_.size(); ++level)
            writer_.set_limits(level, limits_[level]);
        if (channels_ > 0)
            writer_.set_channels(channels_);
    }

private:
    Level const& current() const { return writer_.pyramid().levels[level_]; }
    std::string name_of(TileIndex tile) const { return tile_name(*options_.set, current().matrix, tile); }

    void hold(TileIndex tile, std::uint64_t bytes)
    {
        held_ += bytes;
        if (held_ > options_.most_held)
            fail("{}: the tiles around {} that make one slab of {}x{} take more than {} MiB; give a smaller "
                 "--slab, as in --slab 4x4",
                 options_.archive, name_of(tile), options_.slab.width, options_.slab.height,
                 options_.most_held >> 20);
    }

    void check(TileIndex tile, ByteView bytes)
    {
        auto const& format = writer_.pyramid().format;
        if (bytes.empty())
            fail("{}: tile {} is empty; leave it out of the archive", options_.archive, name_of(tile));
        auto const header = read_tile_header(bytes);
        if (!header)
            fail("{}: tile {} is neither PNG, JPEG, WebP nor a vector tile", options_.archive, name_of(tile));
        if (header->compression != format.compression)
            fail("{}: tile {} is {}, where the archive's tiles should be {}", options_.archive, name_of(tile),
                 what_it_is(*header), format.extension);
        if (format.compression != TileCompression::vector)
            check_picture(tile, header->shape);
    }

    void check_picture(TileIndex tile, RasterShape shape)
    {
        auto const& matrix = writer_.pyramid().matrix(current());
        if (shape.width != matrix.tile_width || shape.height != matrix.tile_height)
            fail("{}: tile {} has {}x{} pixels, and {} has tiles of {}x{}; give a set that fits, --tms FILE",
                 options_.archive, name_of(tile), shape.width, shape.height, options_.set->id,
                 matrix.tile_width, matrix.tile_height);
        if (shape.type != SampleType::uint8 || shape.channels < 1 || shape.channels > 4 ||
            (writer_.pyramid().format.compression == TileCompression::jpeg && shape.channels == 4))
            fail("{}: tile {} has {} channels of {} bits; 1 to 4 of 8 bits (of JPEG 1 or 3) can be taken in",
                 options_.archive, name_of(tile), shape.channels, 8 * bytes_per_sample(shape.type));
        slab_channels_ =
            slab_channels_ > 0 ? joined_channels(slab_channels_, shape.channels) : shape.channels;
    }

    void finish_slab()
    {
        if (tiles_.empty())
            return;
        auto layout = writer_.pyramid().layout(current(), slab_);
        // A slab says what its own tiles have: they were not made of one cast.
        if (slab_channels_ > 0) {
            layout.channels = slab_channels_;
            channels_ = channels_ > 0 ? joined_channels(channels_, slab_channels_) : slab_channels_;
        }
        writer_.write(slab_kind::data, current(), slab_, assemble_slab(layout, tiles_));
        tiles_.clear();
        held_ = 0;
        slab_channels_ = 0;
    }

    ImportOptions const& options_;
    PyramidWriter& writer_;
    std::vector<TileRange> limits_;
    std::size_t level_ = 0;
    TileIndex slab_;
    std::vector<Bytes> tiles_; // of the slab in hand; none between two
    std::uint64_t held_ = 0;   // bytes of them
    std::int32_t slab_channels_ = 0, channels_ = 0;
};

/// The format that the archive names, or that of its first tile.
TileFormat const& find_format(TileReader& reader, ImportOptions const& options)
{
    if (reader.metadata().format)
        return *reader.metadata().format;
    std::optional<TileHeader> first;
    reader.visit(reader.levels().front(), options.slab, [&](TileIndex, ByteView bytes) {
        first = read_tile_header(bytes);
        return Visit::stop;
    });
    if (!first)
        fail("{}: its first tile is neither PNG, JPEG, WebP nor a vector tile", options.archive);
    return format_of(*first);
}

Pyramid describe(TileReader& reader, ImportOptions const& options)
{
    Pyramid pyramid{.name = options.name,
                    .set = options.set,
                    .format = find_format(reader, options),
                    .nodata = {255, 255, 255},
                    .photometric = "rgb",
                    .interpolation = "linear",
                    .levels = {},
                    .created = {},
                    .folder = {}};
    for (auto const& level : reader.levels()) {
        auto const& matrix = options.set->matrices[level.matrix];
        pyramid.levels.push_back({.id = matrix.id,
                                  .matrix = level.matrix,
                                  .tiles_per_width = options.slab.width,
                                  .tiles_per_height = options.slab.height,
                                  .limits = {},
                                  .directory = {},
                                  .mask_directory = std::nullopt});
    }
    return pyramid;
}

/// An index of a few bytes can speak of more tiles than there are disks for.
void check_room(std::vector<ArchiveLevel> const& levels, ImportOptions const& options)
{
    double bytes = 0;
    for (auto const& level : levels)
        bytes += level.bytes.value_or(0);
    auto folder = fs::absolute(options.store);
    std::error_code trouble;
    while (!fs::exists(folder, trouble) && folder.has_relative_path())
        folder = folder.parent_path();
    auto const space = fs::space(folder, trouble);
    auto const available = static_cast<double>(space.available);
    if (!trouble && bytes > available)
        fail("{}: its tiles take {:.1f} GB one by one, and {} has room for {:.1f} GB", options.archive,
             bytes / 1e9, options.store.string(), available / 1e9);
}

Json members_of(ArchiveMetadata const& metadata)
{
    auto members = Json::object();
    auto const keep = [&](char const* name, std::string const& text) {
        if (!text.empty())
            members.set(name, text);
    };
    keep("title", metadata.name);
    keep("description", metadata.description);
    keep("attribution", metadata.attribution);
    if (auto const& box = metadata.bounds)
        members.set("bounds", Json::array({box->min_x, box->min_y, box->max_x, box->max_y}));
    if (!metadata.vector_layers.is_null())
        members.set("vector_layers", metadata.vector_layers);
    return members;
}

} // namespace

ImportReport import_archive(ImportOptions const& options, TileProgress const& progress)
{
    check_new_name(options.store, options.name);
    auto const reader = open_archive(options.archive, *options.set);
    check_room(reader->levels(), options);
    ImportReport report;
    std::int64_t total = 0;
    for (auto const& level : reader->levels())
        total += level.tiles;
    PyramidWriter writer{options.store, describe(*reader, options), recipe_of(options, total)};
    writer.keep(false); // without a journal there is nothing to go on from
    SlabImporter importer{options, writer};
    for (std::size_t i = 0; i < reader->levels().size(); ++i) {
        importer.begin(i);
        reader->visit(reader->levels()[i], options.slab, [&](TileIndex tile, ByteView bytes) {
            importer.add(tile, bytes);
            progress(++report.tiles, total);
            return Visit::go_on;
        });
    }
    importer.finish();
    auto const published = writer.publish(members_of(reader->metadata()));
    report.slabs = published.slabs;
    report.bytes = published.bytes;
    return report;
}

ArchiveMetadata metadata_in(Json const& descriptor)
{
    ArchiveMetadata metadata;
    auto const* ours = descriptor.find("ardoise");
    if (!ours)
        return metadata;
    metadata.name = text_member(*ours, "title");
    metadata.description = text_member(*ours, "description");
    metadata.attribution = text_member(*ours, "attribution");
    if (auto const* layers = ours->find("vector_layers"))
        metadata.vector_layers = *layers;
    if (auto const* bounds = ours->find("bounds")) {
        JsonReader const box{*bounds, "ardoise.bounds"};
        auto const sides = box.items();
        if (sides.size() != 4)
            box.refuse("expected west, south, east and north");
        metadata.bounds =
            BoundingBox{sides[0].number(), sides[1].number(), sides[2].number(), sides[3].number()};
    }
    return metadata;
}

} // namespace ardoise
