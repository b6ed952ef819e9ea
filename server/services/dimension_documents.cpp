// SPDX-License-Identifier: Apache-2.0
#include "server/services/dimension_documents.hpp"

#include "server/services/dimensions.hpp"
#include "server/services/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ardoise {

namespace {

std::span<Dimension const> dimensions_in(Layer const& layer)
{
    return layer.series ? std::span<Dimension const>{layer.series->dimensions} : std::span<Dimension const>{};
}

bool is_time(Dimension const& dimension)
{
    return dimension.kind == Dimension::Kind::time;
}

char const* takes_nearest(Dimension const& dimension)
{
    return dimension.match == Match::nearest ? "1" : "0";
}

std::string list_of(Dimension const& dimension)
{
    std::vector<std::string_view> texts;
    for (auto const& value : dimension.values)
        texts.push_back(value.text);
    return fmt::format("{}", fmt::join(texts, ","));
}

} // namespace

void write_wms_130_dimensions(XmlWriter& xml, Layer const& layer)
{
    for (auto const& dimension : dimensions_in(layer))
        xml.element("Dimension", list_of(dimension),
                    {{"name", std::string{dimension.name()}},
                     {"units", dimension.units},
                     {"unitSymbol", dimension.unit_symbol},
                     {"default", dimension.default_text()},
                     {"multipleValues", "0"},
                     {"nearestValue", takes_nearest(dimension)},
                     {"current", is_time(dimension) ? "1" : "0"}});
}

void write_wms_111_dimensions(XmlWriter& xml, Layer const& layer)
{
    for (auto const& dimension : dimensions_in(layer))
        xml.empty("Dimension", {{"name", std::string{dimension.name()}},
                                {"units", dimension.units},
                                {"unitSymbol", dimension.unit_symbol}});
    for (auto const& dimension : dimensions_in(layer))
        xml.element("Extent", list_of(dimension),
                    {{"name", std::string{dimension.name()}},
                     {"default", dimension.default_text()},
                     {"nearestValue", takes_nearest(dimension)}});
}

void write_wmts_dimensions(XmlWriter& xml, Layer const& layer)
{
    for (auto const& dimension : dimensions_in(layer)) {
        xml.open("Dimension");
        xml.element("ows:Identifier", identifier_of(dimension));
        xml.element("ows:UOM", dimension.units);
        if (!dimension.unit_symbol.empty())
            xml.element("UnitSymbol", dimension.unit_symbol);
        xml.element("Default", dimension.default_text());
        xml.element("Current", is_time(dimension) ? "true" : "false");
        for (auto const& value : dimension.values)
            xml.element("Value", value.text);
        xml.close();
    }
}

std::string dimension_template(Layer const& layer)
{
    std::string pieces;
    for (auto const& dimension : dimensions_in(layer))
        pieces += fmt::format("{{{}}}/", identifier_of(dimension));
    return pieces;
}

Json dimensions_json(Layer const& layer)
{
    auto list = Json::array();
    for (auto const& dimension : dimensions_in(layer)) {
        auto values = Json::array();
        for (auto const& value : dimension.values)
            values.add(value.text);
        list.add(Json::object({{"name", dimension.name()},
                               {"units", dimension.units},
                               {"default", dimension.default_text()},
                               {"values", std::move(values)}}));
    }
    return list;
}

std::string dimension_query(DimensionTexts const& values)
{
    std::string query;
    for (auto const& [name, value] : {std::pair{"time", &values.time}, {"elevation", &values.elevation}})
        if (!value->empty())
            query += fmt::format("{}{}={}", query.empty() ? "?" : "&", name, url_encode(*value));
    return query;
}

} // namespace ardoise
