// SPDX-License-Identifier: Apache-2.0
#include "server/services/feature_info.hpp"

#include "pyramid/base/json.hpp"
#include "pyramid/base/letter_case.hpp"
#include "pyramid/base/number.hpp"
#include "pyramid/raster/flood.hpp"
#include "server/catalog/crs_names.hpp"
#include "server/services/tiles.hpp"
#include "server/services/xml_writer.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace ardoise {

namespace {

/// What one layer says; no bands where it has no data.
struct LayerValues {
    Layer const* layer;
    std::vector<std::pair<std::string, std::string>> bands; // name, number as written
    std::string label;                                      // of a class; empty: it has none
};

struct FeatureInfo {
    MapFrame const& frame;
    Point point;
    std::vector<LayerValues> layers;
};

/// As short as tells it from its neighbours of the same type.
std::string written(double value, SampleType type)
{
    return type == SampleType::float32 ? fmt::format("{}", static_cast<float>(value))
                                       : fmt::format("{}", static_cast<std::int64_t>(value));
}

/// Of ground and water, in metres.
void add_depth(LayerValues& found, std::vector<double> const& terrain, WaterSurface const& water)
{
    double const height = terrain[0], flooded_from = terrain[1];
    auto const add = [&](char const* name, double value) {
        found.bands.emplace_back(name, written(value, SampleType::float32));
    };
    add("height", height);
    if (flooded_from < never_flooded)
        add("flood_level", flooded_from);
    add("water_level", water.height);
    auto const level = static_cast<float>(water.height); // as it is drawn
    auto const ground = static_cast<float>(height);
    bool const is_wet = ground < level && static_cast<float>(flooded_from) <= level;
    add("depth", is_wet ? std::round((level - ground) * 1000) / 1000 : 0);
}

LayerValues read_values(StyledLayer const& styled, InfoRequest const& wanted, Caches& caches)
{
    auto const& layer = *styled.layer;
    LayerValues found{&layer, {}, {}};
    auto const values = values_at(layer, wanted.frame, wanted.pixel, caches);
    if (!values)
        return found;
    for (double const value : *values)
        found.bands.emplace_back(fmt::format("band_{}", found.bands.size() + 1),
                                 written(value, layer.pyramid.format.type));
    if (auto const* water = std::get_if<WaterSurface>(&styled.style->treatment))
        add_depth(found, *values, *water);
    found.label = label_of(*styled.style, values->front(), wanted.language);
    return found;
}

/// A number as people read it.
std::string with_unit(std::string const& number, Layer const& layer)
{
    auto const& unit = layer.unit();
    return unit.empty() ? number : fmt::format("{} {}", number, unit);
}

FeatureInfo collect(InfoRequest const& wanted, Caches& caches)
{
    FeatureInfo info{wanted.frame, middle_of(wanted.pixel, wanted.frame), {}};
    for (auto const& styled : wanted.layers)
        info.layers.push_back(read_values(styled, wanted, caches));
    return info;
}

std::string as_plain_text(FeatureInfo const& info)
{
    std::string text;
    for (auto const& [layer, bands, label] : info.layers) {
        text += fmt::format("{}:{}\n", layer->name, bands.empty() ? " no data" : "");
        for (auto const& [name, value] : bands)
            text += fmt::format("  {} = {}\n", name, with_unit(value, *layer));
        if (!label.empty())
            text += fmt::format("  label = {}\n", label);
    }
    return text;
}

std::string as_html(FeatureInfo const& info)
{
    std::string text = "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Values"
                       "</title></head>\n<body>\n";
    for (auto const& [layer, bands, label] : info.layers) {
        text += fmt::format("<table>\n<caption>{}</caption>\n", xml_escape(layer->title()));
        for (auto const& [name, value] : bands)
            text +=
                fmt::format("<tr><th>{}</th><td>{}</td></tr>\n", name, xml_escape(with_unit(value, *layer)));
        if (!label.empty())
            text += fmt::format("<tr><th>label</th><td>{}</td></tr>\n", xml_escape(label));
        text += bands.empty() ? "<tr><td>no data</td></tr>\n</table>\n" : "</table>\n";
    }
    return text + "</body>\n</html>\n";
}

/// JSON has no word for what is not finite.
Json as_json(std::string const& number)
{
    if (auto const integer = parse_number<std::int64_t>(number))
        return *integer;
    auto const value = parse_number<double>(number);
    return value && std::isfinite(*value) ? Json{*value} : Json{};
}

Json as_geojson(FeatureInfo const& info)
{
    static auto const degrees = Crs::from_definition("CRS:84");
    double longitude = info.point.x, latitude = info.point.y;
    transform_between(info.frame.crs, degrees).apply({&longitude, 1}, {&latitude, 1});
    auto features = Json::array();
    for (auto const& [layer, bands, label] : info.layers) {
        if (bands.empty())
            continue;
        auto properties = Json::object({{"layer", layer->name}, {"title", layer->title()}});
        for (auto const& [name, value] : bands)
            properties.set(name, as_json(value));
        if (!label.empty())
            properties.set("label", label);
        if (auto const& unit = layer->unit(); !unit.empty())
            properties.set("unit", unit);
        features.add(Json::object(
            {{"type", "Feature"},
             {"id", layer->name},
             {"geometry",
              Json::object({{"type", "Point"}, {"coordinates", Json::array({longitude, latitude})}})},
             {"properties", std::move(properties)}}));
    }
    return Json::object({{"type", "FeatureCollection"}, {"features", std::move(features)}});
}

constexpr auto gml_namespace = "http://www.opengis.net/gml", values_namespace = "urn:ardoise:values";

/// The members of a collection, whose points each version of GML writes in its own way.
template <typename WritePoint>
void write_members(XmlWriter& xml, FeatureInfo const& info, std::string_view id,
                   WritePoint const& write_point)
{
    int number = 0;
    for (auto const& [layer, bands, label] : info.layers) {
        if (bands.empty())
            continue;
        xml.open("gml:featureMember");
        xml.open("ardoise:pixel", {{id, fmt::format("pixel.{}", ++number)}});
        xml.open("ardoise:place");
        write_point();
        xml.close();
        xml.element("ardoise:layer", layer->name);
        auto const& unit = layer->unit();
        for (auto const& [name, value] : bands)
            unit.empty() ? xml.element("ardoise:" + name, value)
                         : xml.element("ardoise:" + name, value, {{"uom", unit}});
        if (!label.empty())
            xml.element("ardoise:label", label);
        xml.close();
        xml.close();
    }
}

std::string as_gml_2(FeatureInfo const& info)
{
    XmlWriter xml;
    xml.open("wfs:FeatureCollection", {{"xmlns:wfs", "http://www.opengis.net/wfs"},
                                       {"xmlns:gml", gml_namespace},
                                       {"xmlns:ardoise", values_namespace}});
    xml.open("gml:boundedBy");
    xml.element("gml:null", "unknown");
    xml.close();
    write_members(xml, info, "fid", [&] {
        xml.open("gml:Point", {{"srsName", info.frame.crs.code()}});
        xml.element("gml:coordinates", fmt::format("{},{}", info.point.x, info.point.y),
                    {{"decimal", "."}, {"cs", ","}, {"ts", " "}});
        xml.close();
    });
    return xml.finish();
}

std::string as_gml_3(FeatureInfo const& info)
{
    auto const& [x, y] = info.point;
    XmlWriter xml;
    xml.open("gml:FeatureCollection", {{"xmlns:gml", gml_namespace}, {"xmlns:ardoise", values_namespace}});
    write_members(xml, info, "gml:id", [&] {
        xml.open("gml:Point", {{"srsName", info.frame.crs.urn()}});
        xml.element("gml:pos", info.frame.crs.northing_first() ? fmt::format("{} {}", y, x)
                                                               : fmt::format("{} {}", x, y));
        xml.close();
    });
    return xml.finish();
}

std::string as_text(FeatureInfo const& info, std::string_view format)
{
    if (format == "text/html")
        return as_html(info);
    if (format.ends_with("json"))
        return as_geojson(info).pretty_text();
    if (format == "application/vnd.ogc.gml")
        return as_gml_2(info);
    if (format == "application/vnd.ogc.gml/3.1.1")
        return as_gml_3(info);
    return as_plain_text(info);
}

std::string key_of(InfoRequest const& wanted)
{
    auto const& [crs, box, width, height] = wanted.frame;
    auto key =
        fmt::format("info {} {} {} {} {} {}x{} {},{} {}", identity_of(crs), box.min_x, box.min_y, box.max_x,
                    box.max_y, width, height, wanted.pixel.i, wanted.pixel.j, wanted.format);
    key += " " + wanted.language;
    for (auto const& [layer, style] : wanted.layers)
        key += fmt::format(" {} {:016x}", layer->serial, hash_of(as_bytes(style->definition)));
    return key;
}

} // namespace

std::optional<std::string_view> find_info_format(std::string_view name)
{
    if (equal_ignoring_case(name, "application/geo+json")) // its name since RFC 7946
        name = "application/geojson";
    for (auto const& [media_type, extension] : info_formats)
        if (equal_ignoring_case(name, media_type) || equal_ignoring_case(name, extension))
            return media_type;
    return std::nullopt;
}

std::string no_info_format(std::string_view name)
{
    std::string names;
    for (auto const& format : info_formats)
        names += fmt::format("{}{}", names.empty() ? "" : ", ", format.media_type);
    return fmt::format("Values cannot be had as \"{}\": the formats are {}.", name, names);
}

Work feature_info(InfoRequest wanted, Caches& caches)
{
    auto const cache_control = cache_control_of(wanted.layers, "public, max-age=300");
    auto key = fmt::format("{} {}", key_of(wanted), cache_control);
    auto read = [wanted = std::move(wanted), cache_control, &caches] {
        auto response = text_response(200, wanted.format, as_text(collect(wanted, caches), wanted.format));
        response.cache_control = cache_control;
        return response;
    };
    return Work{std::move(read), std::move(key)};
}

} // namespace ardoise
