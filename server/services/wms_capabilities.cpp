// SPDX-License-Identifier: Apache-2.0
// The WMS capabilities documents: 1.3.0 (OGC 06-042 7.2.4) and 1.1.1 (OGC 01-068r3 7.1.4).
#include "server/render/map.hpp"
#include "server/services/site.hpp"
#include "server/services/xml_writer.hpp"

#include <algorithm>

namespace ardoise {

namespace {

constexpr char const* map_formats[] = {"image/png", "image/jpeg", "image/webp"};

void write_resource(XmlWriter& xml, std::string const& address)
{
    xml.empty(
        "OnlineResource",
        {{"xmlns:xlink", "http://www.w3.org/1999/xlink"}, {"xlink:type", "simple"}, {"xlink:href", address}});
}

void write_request(XmlWriter& xml, char const* name, std::vector<std::string_view> const& formats,
                   std::string const& address)
{
    xml.open(name);
    for (auto const& format : formats)
        xml.element("Format", format);
    xml.open("DCPType");
    xml.open("HTTP");
    xml.open("Get");
    write_resource(xml, address);
    xml.close();
    xml.close();
    xml.close();
    xml.close();
}

void write_box(XmlWriter& xml, char const* attribute, std::string const& code, BoundingBox const& box,
               bool turned)
{
    auto const& [min_x, min_y, max_x, max_y] = box;
    xml.empty("BoundingBox", {{attribute, code},
                              {"minx", fmt::format("{}", turned ? min_y : min_x)},
                              {"miny", fmt::format("{}", turned ? min_x : min_y)},
                              {"maxx", fmt::format("{}", turned ? max_y : max_x)},
                              {"maxy", fmt::format("{}", turned ? max_x : max_y)}});
}

void write_styles(XmlWriter& xml, Layer const& layer)
{
    for (auto const& style : layer.styles) {
        xml.open("Style");
        xml.element("Name", style.identifier);
        xml.element("Title", style.title);
        if (!style.abstract.empty())
            xml.element("Abstract", style.abstract);
        xml.close();
    }
}

void write_title(XmlWriter& xml, Layer const& layer)
{
    xml.element("Name", layer.name);
    xml.element("Title", layer.title);
    if (!layer.abstract.empty())
        xml.element("Abstract", layer.abstract);
}

/// Whether the layer inherits `crs` from the root.
bool is_common(Catalog const& catalog, Crs const& crs)
{
    auto const& common = catalog.common_crs();
    return std::find(common.begin(), common.end(), crs) != common.end();
}

void write_layer_130(XmlWriter& xml, Catalog const& catalog, Layer const& layer)
{
    xml.open("Layer", {{"queryable", "0"}, {"opaque", "0"}});
    write_title(xml, layer);
    for (auto const& crs : layer.crs_list)
        if (!crs.code().empty() && !is_common(catalog, crs))
            xml.element("CRS", crs.code());
    auto const& degrees = layer.geographic_extent;
    xml.open("EX_GeographicBoundingBox");
    xml.number("westBoundLongitude", degrees.min_x);
    xml.number("eastBoundLongitude", degrees.max_x);
    xml.number("southBoundLatitude", degrees.min_y);
    xml.number("northBoundLatitude", degrees.max_y);
    xml.close();
    for (auto const& crs : layer.crs_list)
        if (!crs.code().empty())
            write_box(xml, "CRS", crs.code(), layer.extent_in(crs), crs.northing_first());
    write_styles(xml, layer);
    xml.close();
}

/// CRS:84 is a name of 1.3.0; there x,y in 4326 is what 1.1.1 has anyway.
bool in_111(Crs const& crs)
{
    return !crs.code().empty() && crs.code() != "CRS:84";
}

void write_layer_111(XmlWriter& xml, Catalog const& catalog, Layer const& layer)
{
    xml.open("Layer", {{"queryable", "0"}, {"opaque", "0"}});
    write_title(xml, layer);
    for (auto const& crs : layer.crs_list)
        if (in_111(crs) && !is_common(catalog, crs))
            xml.element("SRS", crs.code());
    auto const& degrees = layer.geographic_extent;
    auto const decimal = [](double value) { return fmt::format("{:.10f}", value); };
    xml.empty("LatLonBoundingBox", {{"minx", decimal(degrees.min_x)},
                                    {"miny", decimal(degrees.min_y)},
                                    {"maxx", decimal(degrees.max_x)},
                                    {"maxy", decimal(degrees.max_y)}});
    for (auto const& crs : layer.crs_list)
        if (in_111(crs))
            write_box(xml, "SRS", crs.code(), layer.extent_in(crs), false);
    write_styles(xml, layer);
    xml.close();
}

/// The ground of all layers together, in degrees.
BoundingBox common_ground(LayerList const& layers)
{
    BoundingBox ground;
    for (auto const& layer : layers)
        ground = join(ground, layer->geographic_extent);
    return ground.empty() ? BoundingBox{-180, -90, 180, 90} : ground;
}

} // namespace

std::string wms_130_capabilities(Catalog const& catalog, LayerList const& layers, std::string_view base_path)
{
    auto const& options = catalog.options();
    auto const address = fmt::format("{}{}/wms?", options.public_url, base_path);
    XmlWriter xml;
    xml.open("WMS_Capabilities",
             {{"version", "1.3.0"},
              {"xmlns", "http://www.opengis.net/wms"},
              {"xmlns:xlink", "http://www.w3.org/1999/xlink"},
              {"xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"},
              {"xsi:schemaLocation",
               "http://www.opengis.net/wms http://schemas.opengis.net/wms/1.3.0/capabilities_1_3_0.xsd"}});
    xml.open("Service");
    xml.element("Name", "WMS");
    xml.element("Title", options.title);
    xml.element("Abstract", options.abstract);
    write_resource(xml, address);
    xml.element("Fees", "none");
    xml.element("AccessConstraints", "none");
    xml.number("MaxWidth", std::int64_t{largest_map_side});
    xml.number("MaxHeight", std::int64_t{largest_map_side});
    xml.close();
    xml.open("Capability");
    xml.open("Request");
    write_request(xml, "GetCapabilities", {"text/xml"}, address);
    write_request(xml, "GetMap", {std::begin(map_formats), std::end(map_formats)}, address);
    xml.close();
    xml.open("Exception");
    xml.element("Format", "XML");
    xml.close();
    xml.open("Layer");
    xml.element("Title", options.title);
    for (auto const& crs : catalog.common_crs())
        xml.element("CRS", crs.code());
    auto const ground = common_ground(layers);
    xml.open("EX_GeographicBoundingBox");
    xml.number("westBoundLongitude", ground.min_x);
    xml.number("eastBoundLongitude", ground.max_x);
    xml.number("southBoundLatitude", ground.min_y);
    xml.number("northBoundLatitude", ground.max_y);
    xml.close();
    for (auto const& layer : layers)
        if (!layer->is_vector())
            write_layer_130(xml, catalog, *layer);
    return xml.finish();
}

std::string wms_111_capabilities(Catalog const& catalog, LayerList const& layers, std::string_view base_path)
{
    auto const& options = catalog.options();
    auto const address = fmt::format("{}{}/wms?", options.public_url, base_path);
    XmlWriter xml;
    xml.raw("<!DOCTYPE WMT_MS_Capabilities SYSTEM "
            "\"http://schemas.opengis.net/wms/1.1.1/WMS_MS_Capabilities.dtd\">\n");
    xml.open("WMT_MS_Capabilities", {{"version", "1.1.1"}});
    xml.open("Service");
    xml.element("Name", "OGC:WMS");
    xml.element("Title", options.title);
    xml.element("Abstract", options.abstract);
    write_resource(xml, address);
    xml.element("Fees", "none");
    xml.element("AccessConstraints", "none");
    xml.close();
    xml.open("Capability");
    xml.open("Request");
    write_request(xml, "GetCapabilities", {"application/vnd.ogc.wms_xml"}, address);
    write_request(xml, "GetMap", {std::begin(map_formats), std::end(map_formats)}, address);
    xml.close();
    xml.open("Exception");
    xml.element("Format", "application/vnd.ogc.se_xml");
    xml.close();
    xml.open("Layer");
    xml.element("Title", options.title);
    for (auto const& crs : catalog.common_crs())
        if (in_111(crs))
            xml.element("SRS", crs.code());
    auto const ground = common_ground(layers);
    xml.empty("LatLonBoundingBox", {{"minx", fmt::format("{:.10f}", ground.min_x)},
                                    {"miny", fmt::format("{:.10f}", ground.min_y)},
                                    {"maxx", fmt::format("{:.10f}", ground.max_x)},
                                    {"maxy", fmt::format("{:.10f}", ground.max_y)}});
    for (auto const& layer : layers)
        if (!layer->is_vector())
            write_layer_111(xml, catalog, *layer);
    return xml.finish();
}

} // namespace ardoise
