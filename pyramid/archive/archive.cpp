// SPDX-License-Identifier: Apache-2.0
#include "pyramid/archive/archive.hpp"

#include "pyramid/archive/mbtiles.hpp"
#include "pyramid/archive/pmtiles.hpp"
#include "pyramid/archive/tile_folder.hpp"
#include "pyramid/base/failure.hpp"
#include "pyramid/base/number.hpp"

#include <array>
#include <cmath>
#include <numbers>

namespace ardoise {

namespace {

constexpr double half_world = 6378137 * std::numbers::pi; // of EPSG:3857, in metres

void refuse_what_is_there(std::filesystem::path const& path, ArchiveKind kind, Overwrite overwrite)
{
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored))
        return;
    if (kind == ArchiveKind::folder)
        fail("{}: is there already; remove it, or choose another folder", path.string());
    if (overwrite == Overwrite::refused)
        fail("{}: is there already; add --overwrite, or choose another name", path.string());
    if (!std::filesystem::is_regular_file(path, ignored))
        fail("{}: is no file that could be overwritten; choose another name", path.string());
}

void refuse_format(std::string const& address, TileFormat const& format)
{
    if (format_in_archives(format.extension) == nullptr)
        fail("{}: tile archives carry png, jpg, webp and pbf, not {}; build a pyramid in one of these",
             address, format.name);
}

} // namespace

std::optional<ArchiveKind> archive_kind(std::string_view address)
{
    if (address.ends_with(".mbtiles"))
        return ArchiveKind::mbtiles;
    if (address.ends_with(".pmtiles"))
        return ArchiveKind::pmtiles;
    if (parse_folder_pattern(address))
        return ArchiveKind::folder;
    return std::nullopt;
}

std::filesystem::path archive_path(std::string const& address)
{
    auto const pattern = parse_folder_pattern(address);
    return pattern ? pattern->root : std::filesystem::path{address};
}

std::unique_ptr<TileReader> open_archive(std::string const& address, TileMatrixSet const& set)
{
    switch (archive_kind(address).value()) {
    case ArchiveKind::mbtiles:
        return open_mbtiles(address, set);
    case ArchiveKind::pmtiles:
        return open_pmtiles(address, set);
    case ArchiveKind::folder:
        break;
    }
    return open_tile_folder(*parse_folder_pattern(address), set);
}

std::unique_ptr<TileArchiveWriter> create_archive(std::string const& address, TileMatrixSet const& set,
                                                  ArchiveMetadata metadata, Overwrite overwrite)
{
    auto const kind = archive_kind(address).value();
    refuse_format(address, *metadata.format);
    refuse_what_is_there(archive_path(address), kind, overwrite);
    switch (kind) {
    case ArchiveKind::mbtiles:
        return create_mbtiles(address, set, std::move(metadata));
    case ArchiveKind::pmtiles:
        return create_pmtiles(address, set, std::move(metadata));
    case ArchiveKind::folder:
        break;
    }
    return create_tile_folder(*parse_folder_pattern(address), set, std::move(metadata));
}

TileFormat const* format_in_archives(std::string_view name)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> names{{{"png", "TIFF_PNG_UINT8"},
                                                                                  {"jpg", "TIFF_JPG_UINT8"},
                                                                                  {"jpeg", "TIFF_JPG_UINT8"},
                                                                                  {"webp", "TIFF_WEBP_UINT8"},
                                                                                  {"pbf", "TIFF_PBF_MVT"},
                                                                                  {"mvt", "TIFF_PBF_MVT"}}};
    for (auto const& [called, format] : names)
        if (called == name)
            return find_tile_format(format);
    return nullptr;
}

std::optional<int> web_mercator_zoom(TileMatrixSet const& set, TileMatrix const& matrix)
{
    int const zoom = static_cast<int>(std::lround(std::log2(static_cast<double>(matrix.matrix_width))));
    double const near = matrix.cell_size * 0.01,
                 side = matrix.cell_size * matrix.tile_width * std::ldexp(1.0, zoom);
    bool const square = matrix.matrix_width == std::int64_t{1} << zoom &&
                        matrix.matrix_height == matrix.matrix_width &&
                        matrix.tile_width == matrix.tile_height;
    bool const there = std::abs(matrix.origin_x + half_world) < near &&
                       std::abs(matrix.origin_y - half_world) < near &&
                       std::abs(side - 2 * half_world) < near;
    return set.crs.epsg() == 3857 && square && there ? std::optional{zoom} : std::nullopt;
}

std::size_t matrix_of_zoom(TileMatrixSet const& set, std::int64_t zoom, std::string const& archive)
{
    std::optional<int> lowest, highest;
    for (std::size_t i = 0; i < set.matrices.size(); ++i)
        if (auto const found = web_mercator_zoom(set, set.matrices[i])) {
            if (*found == zoom)
                return i;
            lowest = std::min(lowest.value_or(*found), *found);
            highest = std::max(highest.value_or(*found), *found);
        }
    if (!lowest)
        fail("{}: its tiles lie in Web Mercator (EPSG:3857), zoom by zoom, and {} does not; use --tms PM",
             archive, set.id);
    fail("{}: has tiles of zoom {}, and {} has the zooms {} to {} only", archive, zoom, set.id, *lowest,
         *highest);
}

int zoom_to_write(TileMatrixSet const& set, std::size_t matrix, std::string const& archive)
{
    auto const zoom = web_mercator_zoom(set, set.matrices[matrix]);
    if (!zoom)
        fail(
            "{}: MBTiles and PMTiles know tiles of Web Mercator only (EPSG:3857, 2^zoom a side), and level "
            "{} of "
            "{} ({}) is none; build with `--tms WebMercatorQuad` for such an archive, or export to a folder, "
            "DIR/{{z}}/{{x}}/{{y}}, which takes any set",
            archive, set.matrices[matrix].id, set.id, set.crs.code());
    return *zoom;
}

std::optional<BoundingBox> parse_box(std::string_view text)
{
    std::array<double, 4> sides{};
    for (std::size_t i = 0; i < sides.size(); ++i) {
        auto const comma = text.find(',');
        auto item = text.substr(0, comma);
        while (item.starts_with(' '))
            item.remove_prefix(1);
        auto const side = parse_number<double>(item);
        bool const is_last = i + 1 == sides.size();
        if (!side || (comma == std::string_view::npos) != is_last)
            return std::nullopt;
        sides[i] = *side;
        text.remove_prefix(is_last ? text.size() : comma + 1);
    }
    BoundingBox const box{sides[0], sides[1], sides[2], sides[3]};
    return box.empty() ? std::nullopt : std::optional{box};
}

std::optional<BoundingBox> parse_bounds(std::string_view text)
{
    auto const box = parse_box(text);
    bool const on_earth =
        box && box->min_x >= -180 && box->max_x <= 180 && box->min_y >= -90 && box->max_y <= 90;
    return on_earth ? box : std::nullopt;
}

std::string text_member(Json const& object, std::string_view name)
{
    auto const* member = object.find(name);
    auto const* text = member ? member->as<std::string>() : nullptr;
    return text ? *text : std::string{};
}

Json vector_layers_in(std::string const& text, std::string const& archive)
{
    auto const document = parse_json(text, archive + ": vector layers");
    auto const* layers = document.find("vector_layers");
    return layers ? *layers : Json{};
}

std::string tile_name(TileMatrixSet const& set, std::size_t matrix, TileIndex tile)
{
    return fmt::format("{}/{}/{}", set.matrices[matrix].id, tile.col, tile.row);
}

} // namespace ardoise
