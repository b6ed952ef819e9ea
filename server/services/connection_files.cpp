// SPDX-License-Identifier: Apache-2.0
#include "server/services/connection_files.hpp"

#include "server/services/acceptable.hpp"
#include "server/services/parameters.hpp"
#include "server/services/tiles.hpp"
#include "server/services/xml_writer.hpp"

#include <fmt/format.h>

namespace ardoise {

namespace {

TileMatrixSetLink const& link_for_qgis(Layer const& layer)
{
    auto const& own = layer.links.front();
    return own.set->crs.code().empty() ? layer.web_mercator_link() : own;
}

/// What QGIS keeps of a layer of WMTS: parameters that are encoded one by one.
std::string data_source(Catalog const& catalog, Layer const& layer, TileMatrixSetLink const& link)
{
    auto const address = fmt::format("{}/{}/wmts/1.0.0/WMTSCapabilities.xml", catalog.options().public_url,
                                     url_encode(layer.name));
    return fmt::format(
        "contextualWMSLegend=0&crs={}&dpiMode=7&format={}&layers={}&styles={}&tileMatrixSet={}&url={}",
        url_encode(link.set->crs.code()), url_encode(published_format(layer)), url_encode(layer.name),
        url_encode(layer.styles.front().identifier), url_encode(link.set->id), url_encode(address));
}

XmlWriter connections_document(std::string_view root)
{
    auto xml = XmlWriter::without_declaration();
    xml.raw("<!DOCTYPE connections>\n");
    xml.open(root, {{"version", "1.0"}});
    return xml;
}

/// QGIS knows a connection by its name: titles may come twice.
std::string connection_name(Layer const& layer)
{
    return layer.title() == layer.name ? layer.name : fmt::format("{} ({})", layer.title(), layer.name);
}

void write_connection(XmlWriter& xml, std::string name, std::string address)
{
    xml.empty("wms", {{"name", std::move(name)},
                      {"url", std::move(address)},
                      {"ignoreGetMapURI", "false"},
                      {"ignoreGetFeatureInfoURI", "false"},
                      {"ignoreAxisOrientation", "false"},
                      {"invertAxisOrientation", "false"},
                      {"smoothPixmapTransform", "false"},
                      {"dpiMode", "7"}});
}

} // namespace

std::string qgis_layer_definition(Catalog const& catalog, Layer const& layer)
{
    auto const& link = link_for_qgis(layer);
    auto const source = data_source(catalog, layer, link);
    auto xml = XmlWriter::without_declaration();
    xml.raw("<!DOCTYPE qgis-layer-definition>\n");
    xml.open("qlr");
    xml.open("layer-tree-group", {{"name", ""}, {"checked", "Qt::Checked"}, {"expanded", "1"}});
    xml.empty("layer-tree-layer", {{"id", layer.name},
                                   {"name", layer.title()},
                                   {"source", source},
                                   {"providerKey", "wms"},
                                   {"checked", "Qt::Checked"},
                                   {"expanded", "1"}});
    xml.close();
    xml.open("maplayers");
    xml.open("maplayer", {{"type", "raster"}});
    xml.element("id", layer.name);
    xml.element("datasource", source);
    xml.element("layername", layer.title());
    xml.open("srs");
    xml.open("spatialrefsys");
    xml.element("authid", link.set->crs.code());
    xml.close();
    xml.close();
    xml.element("provider", "wms");
    return xml.finish();
}

std::string qgis_connections(Catalog const& catalog)
{
    auto const& title = catalog.options().service.title;
    auto const& url = catalog.options().public_url;
    auto xml = connections_document("qgsWMSConnections");
    write_connection(xml, title + " (WMTS)", url + "/wmts/1.0.0/WMTSCapabilities.xml");
    write_connection(xml, title + " (WMS)", url + "/wms");
    return xml.finish();
}

std::string qgis_xyz_connections(Catalog const& catalog)
{
    auto xml = connections_document("qgsXYZTilesConnections");
    for (auto const& layer : catalog.layers()) {
        if (layer->is_vector())
            continue;
        auto const finest = finest_useful(*layer, layer->web_mercator_link());
        xml.empty("xyztiles",
                  {{"name", connection_name(*layer)},
                   {"url", fmt::format("{}/xyz/{}/{{z}}/{{x}}/{{y}}.{}", catalog.options().public_url,
                                       url_encode(layer->name), published_extension(*layer))},
                   {"zmin", "0"},
                   {"zmax", fmt::format("{}", finest)}});
    }
    return xml.finish();
}

std::optional<Reply> connection_file(Request const& request, Site const& site)
{
    auto const kept = [&](auto write) {
        return if_acceptable(request, site.layer_documents.find_or_make(request.path, [&site, write] {
            return document("text/xml", write(*site.catalog));
        }));
    };
    if (request.path == "/qgis-connections.xml")
        return kept(qgis_connections);
    if (request.path == "/qgis-xyz-connections.xml")
        return kept(qgis_xyz_connections);
    return std::nullopt;
}

} // namespace ardoise
