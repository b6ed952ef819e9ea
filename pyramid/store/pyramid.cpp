// SPDX-License-Identifier: Apache-2.0
#include "pyramid/store/pyramid.hpp"

#include "pyramid/base/failure.hpp"
#include "pyramid/base/name.hpp"
#include "pyramid/base/number.hpp"
#include "pyramid/grid/geotiff.hpp"
#include "pyramid/store/slab_path.hpp"

#include <algorithm>
#include <cmath>

namespace ardoise {

namespace {

/// ROK4 writes one value a channel as "255,255,255"; an empty item means 255, and what is there too many
/// nothing.
std::vector<double> parse_nodata(JsonReader const& json, std::int32_t channels, SampleType type)
{
    std::vector<double> values;
    std::string_view rest = json.string();
    while (true) {
        auto const comma = rest.find(',');
        auto const item = rest.substr(0, comma);
        auto const value = item.empty()    ? std::optional{255.0}
                           : item == "nan" ? std::optional{std::nan("")}
                                           : parse_number<double>(item);
        if (!value)
            json.refuse("expected numbers with commas between them");
        if (!can_hold(type, *value))
            json.refuse(fmt::format("{} is no value of the format's samples", *value));
        values.push_back(*value);
        if (comma == std::string_view::npos)
            break;
        rest.remove_prefix(comma + 1);
    }
    if (values.size() < static_cast<std::size_t>(channels))
        json.refuse(fmt::format("has {} values for {} channels", values.size(), channels));
    values.resize(static_cast<std::size_t>(channels));
    return values;
}

TileRange parse_limits(JsonReader const& json, TileMatrix const& matrix)
{
    constexpr std::int64_t highest = std::int64_t{1} << 40;
    auto const get = [&](char const* name) { return json.at(name).integer(-highest, highest); };
    TileRange const limits{{get("min_col"), get("min_row")}, {get("max_col") + 1, get("max_row") + 1}};
    auto const clamped = intersect(limits, matrix.range());
    if (clamped.empty())
        json.refuse("holds no tile of the matrix");
    return clamped;
}

Level parse_level(JsonReader const& json, TileMatrixSet const& set, std::filesystem::path const& folder)
{
    Level level;
    level.id = json.at("id").string();
    auto const* matrix = set.find(level.id);
    if (!matrix)
        json.at("id").refuse(fmt::format("\"{}\" is no matrix of {}", level.id, set.id));
    level.matrix = set.index_of(*matrix);
    level.tiles_per_width = static_cast<std::int32_t>(json.at("tiles_per_width").integer(1, 256));
    level.tiles_per_height = static_cast<std::int32_t>(json.at("tiles_per_height").integer(1, 256));
    level.limits = parse_limits(json.at("tile_limits"), *matrix);

    auto const storage = json.at("storage");
    if (storage.at("type").string() != "FILE")
        storage.at("type").refuse(
            fmt::format("\"{}\" is not supported; only FILE is", storage.at("type").string()));
    level.path_depth = static_cast<int>(storage.at("path_depth").integer(0, 10));
    level.directory = folder / storage.at("image_directory").string();
    if (auto const mask = storage.find("mask_directory"))
        level.mask_directory = folder / mask->string();
    return level;
}

TileFormat parse_format(JsonReader const& json)
{
    auto const* format = find_tile_format(json.string());
    if (!format)
        json.refuse(fmt::format("\"{}\" is not a known format", json.string()));
    return *format;
}

void parse_raster_specifications(JsonReader const& json, Pyramid& pyramid)
{
    pyramid.channels = static_cast<std::int32_t>(json.at("channels").integer(1, 4));
    if (auto const nodata = json.find("nodata"))
        pyramid.nodata = parse_nodata(*nodata, pyramid.channels, pyramid.format.type);
    else
        pyramid.nodata.assign(static_cast<std::size_t>(pyramid.channels), 255);
    if (auto const photometric = json.find("photometric"))
        pyramid.photometric = photometric->string();
    if (auto const interpolation = json.find("interpolation"))
        pyramid.interpolation = interpolation->string();
}

PyramidClass parse_class(JsonReader const& json)
{
    PyramidClass found{.value = json.at("value").number()};
    auto const channels = json.at("colour").items();
    if (channels.size() != found.colour.size())
        json.at("colour").refuse("expected red, green, blue and alpha");
    for (std::size_t i = 0; i < channels.size(); ++i)
        found.colour[i] = static_cast<std::uint8_t>(channels[i].integer(0, 255));
    if (auto const label = json.find("label"))
        found.label = label->string();
    return found;
}

/// Whether the limits reach beyond the tiles that the ground lies in: then there is more than its overview.
bool reach_beyond(TileRange const& limits, TileMatrix const& matrix, BoundingBox const& ground)
{
    auto const tiles = tiles_covering(matrix, ground);
    return join(tiles, limits) != tiles;
}

Json limits_json(TileRange const& limits)
{
    return Json::object({{"min_row", limits.first.row},
                         {"max_row", limits.last.row - 1},
                         {"min_col", limits.first.col},
                         {"max_col", limits.last.col - 1}});
}

std::string nodata_text(std::vector<double> const& nodata)
{
    std::string text;
    for (double const value : nodata)
        text += (text.empty() ? "" : ",") + fmt::format("{}", value);
    return text;
}

} // namespace

TileRange Level::slabs() const
{
    return blocks_of(limits, tiles_per_width, tiles_per_height);
}

bool Pyramid::has_certain_alpha() const
{
    bool const is_picture =
        format.compression == TileCompression::png || format.compression == TileCompression::webp;
    return has_alpha && channels % 2 == 0 && format.type == SampleType::uint8 && (says_alpha || is_picture);
}

Level const* Pyramid::find_level(std::string_view matrix_id) const
{
    auto const found =
        std::find_if(levels.begin(), levels.end(), [&](Level const& level) { return level.id == matrix_id; });
    return found == levels.end() ? nullptr : &*found;
}

BoundingBox Pyramid::extent() const
{
    auto ground = ardoise::extent(matrix(finest()), finest().limits);
    for (auto i = levels.size() - 1; i-- > 0;)
        if (auto const& limits = levels[i].limits; reach_beyond(limits, matrix(levels[i]), ground))
            ground = join(ground, ardoise::extent(matrix(levels[i]), limits));
    return ground;
}

TileRange Pyramid::tiles_of_extent(Level const& level) const
{
    return join(level.limits, tiles_covering(matrix(level), extent()));
}

bool Pyramid::is_partial(Level const& level) const
{
    return tiles_of_extent(level) != level.limits;
}

RasterShape Pyramid::tile_shape(Level const& level) const
{
    auto const& of = matrix(level);
    return {of.tile_width, of.tile_height, channels, format.type};
}

SlabLayout Pyramid::layout(Level const& level, TileIndex slab) const
{
    auto const& of = matrix(level);
    SlabLayout layout;
    layout.format = format;
    layout.tiles_per_width = level.tiles_per_width;
    layout.tiles_per_height = level.tiles_per_height;
    layout.tile_width = of.tile_width;
    layout.tile_height = of.tile_height;
    layout.channels = channels;
    layout.has_alpha = has_alpha;
    auto const corner =
        ardoise::extent(of, TileIndex{slab.col * level.tiles_per_width, slab.row * level.tiles_per_height});
    layout.left = corner.min_x;
    layout.top = corner.max_y;
    layout.cell_size = of.cell_size;
    layout.epsg = geotiff::epsg_of(set->crs);
    layout.geographic = set->crs.geographic();
    if (format.type != SampleType::uint8 && !nodata.empty())
        layout.nodata = nodata.front();
    return layout;
}

Pyramid read_pyramid(std::filesystem::path const& descriptor, TileMatrixSetLibrary const& sets)
{
    return read_pyramid(read_json(descriptor), descriptor, sets);
}

Pyramid read_pyramid(Json const& document, std::filesystem::path const& descriptor,
                     TileMatrixSetLibrary const& sets)
{
    if (!is_plain_name(descriptor.stem().string()))
        fail("{}: the name will not do for a layer; use letters, digits, '_', '-' and '.'",
             descriptor.string());
    return read_pyramid(JsonReader{document, descriptor.string()}, descriptor.stem().string(),
                        std::filesystem::absolute(descriptor).parent_path(), sets);
}

Pyramid read_pyramid(JsonReader const& json, std::string const& name, std::filesystem::path const& store,
                     TileMatrixSetLibrary const& sets)
{
    Pyramid pyramid{.name = name,
                    .set = sets.get(json.at("tile_matrix_set").string()),
                    .format = parse_format(json.at("format")),
                    .nodata = {},
                    .photometric = {},
                    .interpolation = {},
                    .levels = {},
                    .created = {},
                    .folder = {}};
    if (pyramid.format.compression != TileCompression::vector)
        parse_raster_specifications(json.at("raster_specifications"), pyramid);
    for (auto const& level : json.at("levels").items())
        pyramid.levels.push_back(parse_level(level, *pyramid.set, store));
    if (pyramid.levels.empty())
        json.at("levels").refuse("is empty");
    std::sort(pyramid.levels.begin(), pyramid.levels.end(),
              [](Level const& a, Level const& b) { return a.matrix < b.matrix; });
    for (std::size_t i = 1; i < pyramid.levels.size(); ++i)
        if (pyramid.levels[i].matrix == pyramid.levels[i - 1].matrix)
            json.at("levels").refuse(fmt::format("has \"{}\" twice", pyramid.levels[i].id));
    if (auto const ours = json.find("ardoise")) {
        if (auto const revision = ours->find("revision"))
            pyramid.revision = revision->integer(1, 1'000'000'000);
        if (auto const created = ours->find("created"))
            pyramid.created = created->string();
        if (auto const unit = ours->find("unit"))
            pyramid.unit = unit->string();
        if (auto const alpha = ours->find("alpha")) {
            pyramid.has_alpha = alpha->boolean();
            pyramid.says_alpha = true;
        }
        if (auto const blended = ours->find("blended"))
            pyramid.may_be_blended = blended->boolean();
        if (auto const classes = ours->find("classes"))
            for (auto const& one : classes->items())
                pyramid.classes.push_back(parse_class(one));
        if (auto const bands = ours->find("bands"))
            for (auto const& band : bands->items())
                pyramid.source_bands.push_back(static_cast<int>(band.integer(1, 65'535)));
    }
    pyramid.folder = store / revision_folder(pyramid.name, pyramid.revision);
    return pyramid;
}

std::string revision_folder(std::string const& name, std::int64_t revision)
{
    return revision == 1 ? name : fmt::format("{}/r{}", name, revision);
}

Json to_json(Pyramid const& pyramid, Json ardoise_members)
{
    auto const folder = revision_folder(pyramid.name, pyramid.revision);
    auto levels = Json::array();
    bool masked = false;
    for (auto const& level : pyramid.levels) {
        auto storage = Json::object({{"type", "FILE"},
                                     {"image_directory", fmt::format("{}/DATA/{}", folder, level.id)},
                                     {"path_depth", level.path_depth}});
        if (level.mask_directory) {
            storage.set("mask_directory", fmt::format("{}/MASK/{}", folder, level.id));
            masked = true;
        }
        levels.add(Json::object({{"id", level.id},
                                 {"tiles_per_width", level.tiles_per_width},
                                 {"tiles_per_height", level.tiles_per_height},
                                 {"tile_limits", limits_json(level.limits)},
                                 {"storage", std::move(storage)}}));
    }
    auto json = Json::object({{"format", pyramid.format.name}, {"tile_matrix_set", pyramid.set->id}});
    if (masked)
        json.set("mask_format", "TIFF_ZIP_UINT8");
    if (pyramid.format.compression != TileCompression::vector)
        json.set("raster_specifications", Json::object({{"channels", pyramid.channels},
                                                        {"nodata", nodata_text(pyramid.nodata)},
                                                        {"photometric", pyramid.photometric},
                                                        {"interpolation", pyramid.interpolation}}));
    json.set("levels", std::move(levels));
    json.set("ardoise", std::move(ardoise_members));
    return json;
}

std::filesystem::path slab_file(Level const& level, TileIndex slab)
{
    return level.directory / slab_path(slab, level.path_depth);
}

std::optional<std::filesystem::path> mask_file(Level const& level, TileIndex slab)
{
    if (!level.mask_directory)
        return std::nullopt;
    return *level.mask_directory / slab_path(slab, level.path_depth);
}

} // namespace ardoise
