// SPDX-License-Identifier: Apache-2.0
#include "server/services/ogcapi/parameters.hpp"

#include "pyramid/base/number.hpp"
#include "server/services/maps.hpp"
#include "server/services/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ardoise::ogcapi {

namespace {

Json text()
{
    return Json::object({{"type", "string"}});
}

Json flag_schema()
{
    return Json::object({{"type", "boolean"}});
}

Json above_zero()
{
    return Json::object({{"type", "number"}, {"minimum", 0}, {"exclusiveMinimum", true}});
}

Json pixels()
{
    return Json::object({{"type", "integer"}, {"minimum", 1}, {"maximum", largest_map_side}});
}

Json list_of(Json items, int fewest, int most)
{
    return Json::object(
        {{"type", "array"}, {"minItems", fewest}, {"maxItems", most}, {"items", std::move(items)}});
}

Json number()
{
    return Json::object({{"type", "number"}});
}

Json box_schema()
{
    return Json::object({{"oneOf", Json::array({list_of(number(), 4, 4), list_of(number(), 6, 6)})}});
}

Json point_schema()
{
    return list_of(number(), 2, 2);
}

Json names()
{
    return list_of(text(), 1, static_cast<int>(most_map_layers));
}

Json document_formats()
{
    return Json::object({{"type", "string"}, {"enum", Json::array({"json", "html"})}});
}

Json limit_schema()
{
    return Json::object(
        {{"type", "integer"}, {"minimum", 1}, {"maximum", most_collections}, {"default", most_collections}});
}

Json offset_schema()
{
    return Json::object({{"type", "integer"}, {"minimum", 0}, {"default", 0}});
}

/// The name by which the catalog may know what a client calls a system.
std::string plain_name(std::string_view name)
{
    if (name.size() > 2 && name.front() == '[' && name.back() == ']')
        name = name.substr(1, name.size() - 2);
    constexpr std::string_view secure = "https://www.opengis.net/";
    if (name.starts_with(secure))
        return fmt::format("http://www.opengis.net/{}", name.substr(secure.size()));
    return name == "OGC:CRS84" ? "CRS:84" : std::string{name};
}

} // namespace

namespace parameter {

Parameter const document_format{"f", "The form of the document; without it the Accept header decides.",
                                document_formats};
Parameter const picture_format{"f",
                               "The format of the picture, as a file's extension (jpg, png, webp) or a media "
                               "type; without it the Accept "
                               "header decides, and the collection's own format comes first.",
                               text};
Parameter const vector_format{"f", "mvt; without it the Accept header is passed over.", text};
Parameter const bbox{"bbox",
                     "Four numbers, or six of which the heights are passed over: the lower and the upper "
                     "corner, in the order of the axes of bbox-crs (of CRS84 without it).",
                     box_schema};
Parameter const datetime{"datetime",
                         "An instant or an interval of RFC 3339, open at an end that is \"..\". Collections "
                         "without a time are in any.",
                         text};
Parameter const water_level{
    "water_level",
    "Of a style of water: a level in metres, one of its names, or current; its default "
    "without it. Other styles have none.",
    text};
Parameter const limit{"limit", "Collections of one answer at the most.", limit_schema};
Parameter const offset{"offset", "Collections to pass over: part of the link to the next answer.",
                       offset_schema};
Parameter const bbox_crs{"bbox-crs", "The system that bbox is in; CRS84 without it.", text};
Parameter const crs{"crs", "The system of the map: one of the collection's; its storageCrs without it.",
                    text};
Parameter const subset{
    "subset",
    "The part of the ground to show, by axis: Lon(-0.6:-0.5),Lat(47.4:47.5), or E and N in "
    "a projected subset-crs; * is the collection's own end.",
    text};
Parameter const subset_crs{"subset-crs", "The system that subset is in; CRS84 without it.", text};
Parameter const center{"center",
                       "The middle of the map, in the order of the axes of center-crs (of CRS84 without "
                       "it); width and height are then cut out around it, at scale-denominator.",
                       point_schema};
Parameter const center_crs{"center-crs", "The system that center is in; CRS84 without it.", text};
Parameter const width{"width", "The width of the map in pixels.", pixels};
Parameter const height{"height", "The height of the map in pixels.", pixels};
Parameter const scale_denominator{
    "scale-denominator", "The scale in the midst of the map, on pixels of mm-per-pixel.", above_zero};
Parameter const mm_per_pixel{"mm-per-pixel", "The size of a pixel on the screen in millimetres; 0.28.",
                             above_zero};
Parameter const background{"bgcolor", "The colour where there is no data: 0xRRGGBB; white.", text};
Parameter const transparent{"transparent",
                            "Whether the map is transparent where there is no data, if its format can; true, "
                            "but false where bgcolor says a colour.",
                            flag_schema};
Parameter const collections{
    "collections",
    "Ids of collections, the lowest first; without it the map shows the newest in true colour.", names};

} // namespace parameter

OgcError invalid(Parameter const& parameter, std::string_view what)
{
    return {"InvalidParameterValue", std::string{parameter.name},
            fmt::format("{} {}.", parameter.name, what)};
}

OgcError not_found(std::string text)
{
    return {"NotFound", "", std::move(text)};
}

std::optional<std::string_view> find(Query const& query, Parameter const& parameter)
{
    auto const value = query.find(parameter.name);
    return value && !value->empty() ? value : std::nullopt;
}

Result<std::vector<double>> numbers(std::string_view text, Parameter const& parameter,
                                    std::initializer_list<std::size_t> counts)
{
    auto const count = count_pieces(text, ',');
    if (std::find(counts.begin(), counts.end(), count) == counts.end())
        return invalid(parameter,
                       fmt::format("must be {} numbers with commas between them", *counts.begin()));
    std::vector<double> found;
    for (std::size_t i = 0; i < count; ++i) {
        auto const piece = cut_piece(text, ',');
        auto const number = parse_number<double>(piece);
        if (!number)
            return invalid(parameter, fmt::format("holds \"{}\", which is no number", piece));
        found.push_back(*number);
    }
    return found;
}

Result<std::optional<double>> positive(Query const& query, Parameter const& parameter)
{
    auto const text = find(query, parameter);
    if (!text)
        return std::optional<double>{};
    auto const number = parse_number<double>(*text);
    if (!number || !(*number > 0))
        return invalid(parameter, fmt::format("must be a number above 0, not \"{}\"", *text));
    return number;
}

Result<BoundingBox> stated_box(std::string_view text, Parameter const& parameter, Crs const& crs)
{
    auto const all = numbers(text, parameter, {4, 6});
    if (!all)
        return all.error();
    auto const& n = *all;
    auto const upper = n.size() / 2;
    auto const x = crs.northing_first() ? 1U : 0U, y = 1 - x;
    return sound_box({n[x], n[y], n[upper + x], n[upper + y]}, parameter.name);
}

Result<Crs> stated_crs(Query const& query, Parameter const& parameter, Catalog const& catalog,
                       Crs const& otherwise)
{
    auto const name = find(query, parameter);
    if (!name)
        return otherwise;
    auto const* const found = catalog.find_crs(plain_name(*name));
    if (!found)
        return invalid(parameter, fmt::format("names \"{}\", which no map is offered in", *name));
    return *found;
}

std::string uri_of(Crs const& crs)
{
    if (crs.epsg() > 0)
        return fmt::format("http://www.opengis.net/def/crs/EPSG/0/{}", crs.epsg());
    if (crs.code() == "CRS:84")
        return "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
    return crs.code().empty() ? crs.definition() : crs.urn();
}

} // namespace ardoise::ogcapi
