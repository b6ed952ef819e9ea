// SPDX-License-Identifier: Apache-2.0
#include "server/services/dimension_documents.hpp"

#include "server/catalog/water_levels.hpp"
#include "server/services/dimensions.hpp"
#include "server/services/parameters.hpp"

#include <fmt/format.h>

#include <chrono>

namespace ardoise {

namespace {

/// A dimension as documents have it, of a series or of a style of water.
struct PublishedDimension {
    std::string name, identifier; // of WMS, and of WMTS and its addresses
    std::string units, unit_symbol, default_text;
    bool takes_nearest = false, has_current = false;
    std::string extent;              // as WMS writes it
    std::vector<std::string> values; // one by one
};

std::vector<std::string> texts_of(Dimension const& dimension)
{
    std::vector<std::string> texts;
    for (auto const& value : dimension.values)
        texts.push_back(value.text);
    return texts;
}

PublishedDimension published(Dimension const& dimension)
{
    auto values = texts_of(dimension);
    return {.name = std::string{dimension.name()},
            .identifier = std::string{identifier_of(dimension)},
            .units = dimension.units,
            .unit_symbol = dimension.unit_symbol,
            .default_text = dimension.default_text(),
            .takes_nearest = dimension.match == Match::nearest,
            .has_current = dimension.kind == Dimension::Kind::time,
            .extent = fmt::format("{}", fmt::join(values, ",")),
            .values = std::move(values)};
}

/// Levels by name come behind the numbers, where values are said one by one: WMS has no room for them.
std::vector<std::string> values_of(WaterLevels const& water)
{
    std::vector<std::string> values;
    for (double const level : water.levels)
        values.push_back(level_text(level));
    for (auto const& named : water.scale.named)
        values.push_back(named.name);
    return values;
}

PublishedDimension published(WaterLevels const& water)
{
    auto const& scale = water.scale;
    return {.name = water_level_name,
            .identifier = water_level_identifier,
            .units = "m",
            .unit_symbol = "m",
            .default_text = level_text(default_level(water, std::chrono::system_clock::now())),
            .takes_nearest = true,
            .has_current = !scale.current_file.empty(),
            .extent = fmt::format("{}/{}/{}", level_text(scale.lowest), level_text(scale.highest),
                                  level_text(scale.step)),
            .values = values_of(water)};
}

std::vector<PublishedDimension> dimensions_in(Layer const& layer)
{
    std::vector<PublishedDimension> all;
    if (layer.series)
        for (auto const& dimension : layer.series->dimensions)
            all.push_back(published(dimension));
    if (auto const* style = find_water_style(layer))
        all.push_back(published(*style->levels));
    return all;
}

char const* flag(bool value)
{
    return value ? "1" : "0";
}

} // namespace

void write_wms_130_dimensions(XmlWriter& xml, Layer const& layer)
{
    for (auto const& dimension : dimensions_in(layer))
        xml.element("Dimension", dimension.extent,
                    {{"name", dimension.name},
                     {"units", dimension.units},
                     {"unitSymbol", dimension.unit_symbol},
                     {"default", dimension.default_text},
                     {"multipleValues", "0"},
                     {"nearestValue", flag(dimension.takes_nearest)},
                     {"current", flag(dimension.has_current)}});
}

void write_wms_111_dimensions(XmlWriter& xml, Layer const& layer)
{
    auto const dimensions = dimensions_in(layer);
    for (auto const& dimension : dimensions)
        xml.empty(
            "Dimension",
            {{"name", dimension.name}, {"units", dimension.units}, {"unitSymbol", dimension.unit_symbol}});
    for (auto const& dimension : dimensions)
        xml.element("Extent", dimension.extent,
                    {{"name", dimension.name},
                     {"default", dimension.default_text},
                     {"nearestValue", flag(dimension.takes_nearest)}});
}

void write_wmts_dimensions(XmlWriter& xml, Layer const& layer)
{
    for (auto const& dimension : dimensions_in(layer)) {
        xml.open("Dimension");
        xml.element("ows:Identifier", dimension.identifier);
        xml.element("ows:UOM", dimension.units);
        if (!dimension.unit_symbol.empty())
            xml.element("UnitSymbol", dimension.unit_symbol);
        xml.element("Default", dimension.default_text);
        xml.element("Current", dimension.has_current ? "true" : "false");
        for (auto const& value : dimension.values)
            xml.element("Value", value);
        xml.close();
    }
}

std::string dimension_template(Layer const& layer)
{
    std::string pieces;
    for (auto const& dimension : dimensions_in(layer))
        pieces += fmt::format("{{{}}}/", dimension.identifier);
    return pieces;
}

Json dimensions_json(Layer const& layer)
{
    auto list = Json::array();
    for (auto const& dimension : dimensions_in(layer)) {
        auto values = Json::array();
        for (auto const& value : dimension.values)
            values.add(value);
        list.add(Json::object({{"name", dimension.name},
                               {"units", dimension.units},
                               {"default", dimension.default_text},
                               {"values", std::move(values)}}));
    }
    return list;
}

std::string dimension_query(DimensionTexts const& values)
{
    std::string query;
    for (auto const& [name, value] : {std::pair{"time", &values.time},
                                      {"elevation", &values.elevation},
                                      {water_level_name, &values.water_level}})
        if (!value->empty())
            query += fmt::format("{}{}={}", query.empty() ? "?" : "&", name, url_encode(*value));
    return query;
}

} // namespace ardoise
