// SPDX-License-Identifier: Apache-2.0
#include "server/services/tms.hpp"

#include "pyramid/base/number.hpp"
#include "server/catalog/crs_names.hpp"
#include "server/catalog/ground.hpp"
#include "server/services/acceptable.hpp"
#include "server/services/dimensions.hpp"
#include "server/services/exceptions.hpp"
#include "server/services/parameters.hpp"
#include "server/services/tiles.hpp"
#include "server/services/xml_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ardoise {

namespace {

/// A layer in one of its sets.
struct TileMap {
    std::shared_ptr<Layer const> layer;
    TileMatrixSetLink const* link = nullptr;

    TileMatrixSet const& set() const { return *link->set; }
    TileMatrix const& coarsest() const { return set().matrices.front(); }
    /// All that tiles may lie on: rows of every level begin at its lower edge.
    BoundingBox ground() const { return extent(coarsest(), coarsest().range()); }
    /// Rows of a level from edge to edge of the ground; its own matrix may stop before.
    std::int64_t rows(std::size_t level) const { return coarsest().matrix_height << level; }
    std::string title() const { return fmt::format("{} ({})", layer->title(), set().id); }
};

OgcError not_there(std::string text)
{
    return {"NotFound", "", std::move(text)};
}

OgcError no_such_address()
{
    return not_there("A tile map's address is /tms/1.0.0/{layer}@{tilematrixset}, a tile's "
                     "/tms/1.0.0/{layer}@{tilematrixset}/{z}/{x}/{y}.{ext}.");
}

/// A tile map has one origin, and levels are known by their numbers.
bool halves_throughout(TileMatrixSet const& set)
{
    return std::adjacent_find(set.matrices.begin(), set.matrices.end(),
                              [](auto const& coarse, auto const& fine) {
                                  return !is_parent(coarse, fine);
                              }) == set.matrices.end();
}

Result<TileMap> find_tile_map(Site const& site, std::string_view name)
{
    auto const at = name.rfind('@');
    if (at == std::string_view::npos)
        return no_such_address();
    auto const layer_name = name.substr(0, at), set_id = name.substr(at + 1);
    auto const layer = site.catalog->find_layer(layer_name);
    if (!layer)
        return not_there(fmt::format("There is no layer \"{}\".", layer_name));
    if (layer->is_vector())
        return not_there(fmt::format("{} holds no pixels: WMTS and XYZ have its tiles.", layer->name));
    auto const* link = layer->find_link(set_id);
    if (!link)
        return not_there(fmt::format("The layer is not offered in \"{}\".", set_id));
    if (!halves_throughout(*link->set))
        return not_there(
            fmt::format("{} does not halve from level to level, as TMS has it: WMTS has its tiles.", set_id));
    return TileMap{layer, link};
}

/// x stands before y here, whatever the authority says.
std::string srs_of(Crs const& crs)
{
    if (same_place(crs, geographic_crs()))
        return "EPSG:4326";
    return identity_of(crs);
}

bool near(BoundingBox const& a, BoundingBox const& b)
{
    double const nothing = 1e-9 * b.width();
    return std::abs(a.min_x - b.min_x) < nothing && std::abs(a.min_y - b.min_y) < nothing &&
           std::abs(a.max_x - b.max_x) < nothing && std::abs(a.max_y - b.max_y) < nothing;
}

/// Clients that know a profile by its name look at nothing else.
std::string_view profile_of(TileMap const& map)
{
    constexpr double half_world = 20037508.342789244;
    auto const& crs = map.set().crs;
    auto const& coarsest = map.coarsest();
    if (coarsest.tile_width != 256 || coarsest.tile_height != 256 || coarsest.matrix_height != 1)
        return "local";
    if (crs.epsg() == 3857 && near(map.ground(), {-half_world, -half_world, half_world, half_world}))
        return "global-mercator";
    if (same_place(crs, geographic_crs()) && near(map.ground(), {-180, -90, 180, 90}))
        return "global-geodetic";
    return "local";
}

std::string service_address(Catalog const& catalog)
{
    return catalog.options().public_url + "/tms/1.0.0";
}

std::string address_of(Catalog const& catalog, TileMap const& map)
{
    return fmt::format("{}/{}@{}", service_address(catalog), url_encode(map.layer->name),
                       url_encode(map.set().id));
}

constexpr std::string_view gdal_file_name = "gdal.xml";

std::string services(Catalog const& catalog)
{
    XmlWriter xml;
    xml.open("Services");
    xml.empty("TileMapService", {{"title", catalog.options().service.title},
                                 {"version", "1.0.0"},
                                 {"href", service_address(catalog) + "/"}});
    return xml.finish();
}

/// GDAL looks for the very words `<TileMap version="1.0.0"`.
std::string tile_map(Catalog const& catalog, TileMap const& map)
{
    auto const address = address_of(catalog, map);
    auto const ground = map.ground();
    auto const text = [](auto number) { return fmt::format("{}", number); };
    XmlWriter xml;
    xml.open("TileMap", {{"version", "1.0.0"}, {"tilemapservice", service_address(catalog) + "/"}});
    xml.element("Title", map.title());
    xml.element("Abstract", map.layer->description.abstract);
    xml.element("SRS", srs_of(map.set().crs));
    xml.empty("BoundingBox", {{"minx", text(ground.min_x)},
                              {"miny", text(ground.min_y)},
                              {"maxx", text(ground.max_x)},
                              {"maxy", text(ground.max_y)}});
    xml.empty("Origin", {{"x", text(ground.min_x)}, {"y", text(ground.min_y)}});
    xml.empty("TileFormat", {{"width", text(map.coarsest().tile_width)},
                             {"height", text(map.coarsest().tile_height)},
                             {"mime-type", std::string{published_format(*map.layer)}},
                             {"extension", std::string{published_extension(*map.layer)}}});
    xml.open("TileSets", {{"profile", std::string{profile_of(map)}}});
    for (std::size_t level = 0; level < map.set().matrices.size(); ++level)
        xml.empty("TileSet", {{"href", fmt::format("{}/{}", address, level)},
                              {"units-per-pixel", text(map.set().matrices[level].cell_size)},
                              {"order", text(level)}});
    return xml.finish();
}

/// GDAL counts the pixels of all the ground with 31 bits.
std::size_t finest_for_gdal(TileMap const& map)
{
    auto const& coarsest = map.coarsest();
    auto const longest =
        std::max(coarsest.matrix_width * coarsest.tile_width, coarsest.matrix_height * coarsest.tile_height);
    auto level = finest_useful(*map.layer, *map.link);
    while (level > 0 && std::ldexp(static_cast<double>(longest), static_cast<int>(level)) >= 0x1p31)
        --level;
    return level;
}

/// Stored pictures have the layer's own bands; those that are drawn have three, and alpha where the format
/// can hold it.
int bands_of(TileMap const& map)
{
    auto const& pyramid = map.layer->pyramid;
    auto const format = published_format(*map.layer);
    if (map.link == &map.layer->links.front() && format == pyramid.format.media_type)
        return pyramid.channels;
    return has_alpha(*parse_picture_format(format)) ? 4 : 3;
}

/// GDAL wants `<GDAL_WMS>` to be the first ten letters.
std::string gdal_file(Catalog const& catalog, TileMap const& map)
{
    auto const ground = map.ground();
    auto const& coarsest = map.coarsest();
    auto xml = XmlWriter::without_declaration();
    xml.open("GDAL_WMS");
    xml.open("Service", {{"name", "TMS"}});
    xml.element("ServerUrl", fmt::format("{}/${{z}}/${{x}}/${{y}}.{}", address_of(catalog, map),
                                         published_extension(*map.layer)));
    xml.close();
    xml.open("DataWindow");
    xml.number("UpperLeftX", ground.min_x);
    xml.number("UpperLeftY", ground.max_y);
    xml.number("LowerRightX", ground.max_x);
    xml.number("LowerRightY", ground.min_y);
    xml.number("TileLevel", static_cast<std::int64_t>(finest_for_gdal(map)));
    xml.number("TileCountX", coarsest.matrix_width);
    xml.number("TileCountY", coarsest.matrix_height);
    xml.element("YOrigin", "bottom");
    xml.close();
    xml.element("Projection", srs_of(map.set().crs));
    xml.number("BlockSizeX", std::int64_t{coarsest.tile_width});
    xml.number("BlockSizeY", std::int64_t{coarsest.tile_height});
    xml.number("BandsCount", std::int64_t{bands_of(map)});
    xml.element("ZeroBlockHttpCodes", "204,404"); // where a matrix stops before the ground does
    return xml.finish();
}

Result<std::int64_t> tile_number(std::string_view text, char name)
{
    auto const value = parse_number<std::int64_t>(text);
    if (!value)
        return OgcError{"InvalidParameterValue", "",
                        fmt::format("{} must be an integer, not \"{}\".", name, text)};
    return *value;
}

Result<TileIndex> tile_index(TileMap const& map, std::size_t level, std::int64_t x, std::int64_t y)
{
    auto const& matrix = map.set().matrices[level];
    auto const rows = map.rows(level);
    if (y >= 0 && y < rows && matrix.range().contains({x, rows - 1 - y}))
        return TileIndex{x, rows - 1 - y};
    return not_there(fmt::format("x must be from 0 to {} and y from {} to {} in level {}.",
                                 matrix.matrix_width - 1,
                                 std::max<std::int64_t>(0, rows - matrix.matrix_height), rows - 1, level));
}

/// `path` is "{z}/{x}/{y}.{ext}".
Result<TileRequest> resolve(TileMap const& map, std::string_view path)
{
    auto const pieces = split_exactly<3>(path, '/');
    auto const dot = pieces ? pieces->back().rfind('.') : std::string_view::npos;
    if (dot == std::string_view::npos)
        return no_such_address();
    auto const extension = pieces->back().substr(dot + 1);
    auto const z = tile_number((*pieces)[0], 'z');
    auto const x = tile_number((*pieces)[1], 'x');
    auto const y = tile_number(pieces->back().substr(0, dot), 'y');
    for (auto const* number : {&z, &x, &y})
        if (!*number)
            return number->error();
    auto const levels = static_cast<std::int64_t>(map.set().matrices.size());
    if (*z < 0 || *z >= levels)
        return not_there(fmt::format("z must be from 0 to {} in {}.", levels - 1, map.set().id));
    auto const level = static_cast<std::size_t>(*z);
    auto const tile = tile_index(map, level, *x, *y);
    if (!tile)
        return tile.error();
    auto wanted = tile_of_member({map.layer, &map.layer->styles.front(), map.link, level, *tile, {}}, {});
    if (!wanted)
        return wanted;
    auto const picture = find_picture(*wanted->layer, *wanted->style, extension);
    if (!picture)
        return not_there(fmt::format("The layer is not offered as \"{}\".", extension));
    wanted->picture = *picture;
    if (!is_offered(*wanted))
        return not_there(
            fmt::format("The layer's values are offered in {} only.", map.layer->pyramid.set->id));
    return wanted;
}

/// A document of one tile map.
template <typename Write>
Reply map_document(Request const& request, Site const& site, TileMap const& map, char const* kind,
                   Write const& write)
{
    auto const name = fmt::format("{} {}@{}", kind, map.layer->name, map.set().id);
    return if_acceptable(request, site.layer_documents.find_or_make(name, [&site, map, write] {
        return document("text/xml", write(*site.catalog, map));
    }));
}

/// `path` is "{layer}@{set}" and what lies behind it.
Reply in_tile_map(Request const& request, std::string_view path, Site const& site, Caches& caches)
{
    auto const map = find_tile_map(site, cut_piece(path, '/'));
    if (!map)
        return tms_exception(map.error());
    if (path.empty())
        return map_document(request, site, *map, "TMS", tile_map);
    if (path == gdal_file_name)
        return map_document(request, site, *map, "GDAL", gdal_file);
    auto const wanted = resolve(*map, path);
    if (!wanted)
        return tms_exception(wanted.error());
    return get_tile(request, *wanted, caches);
}

} // namespace

std::string gdal_file_address(Catalog const& catalog, Layer const& layer, TileMatrixSetLink const& link)
{
    if (layer.is_vector() || !halves_throughout(*link.set))
        return {};
    return fmt::format("{}/{}@{}/{}", service_address(catalog), url_encode(layer.name),
                       url_encode(link.set->id), gdal_file_name);
}

std::string tile_map_service(Catalog const& catalog)
{
    XmlWriter xml;
    xml.open("TileMapService", {{"version", "1.0.0"}, {"services", catalog.options().public_url + "/tms/"}});
    xml.element("Title", catalog.options().service.title);
    xml.element("Abstract", catalog.options().service.abstract);
    xml.open("TileMaps");
    for (auto const& layer : catalog.layers())
        for (auto const& link : layer->links) {
            if (layer->is_vector() || !halves_throughout(*link.set))
                continue;
            TileMap const map{layer, &link};
            xml.empty("TileMap", {{"title", map.title()},
                                  {"srs", srs_of(link.set->crs)},
                                  {"profile", std::string{profile_of(map)}},
                                  {"href", address_of(catalog, map)}});
        }
    return xml.finish();
}

Reply tms(Request const& request, std::string_view path, Site const& site, Caches& caches)
{
    if (path.empty())
        return if_acceptable(request, document("text/xml", services(*site.catalog)));
    if (cut_piece(path, '/') != "1.0.0")
        return tms_exception(not_there("The version of this service is 1.0.0."));
    if (path.empty())
        return if_acceptable(request, site.tile_map_service);
    return in_tile_map(request, path, site, caches);
}

} // namespace ardoise
