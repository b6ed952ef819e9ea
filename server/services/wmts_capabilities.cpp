// SPDX-License-Identifier: Apache-2.0
#include "server/services/wmts_capabilities.hpp"

#include "server/services/dimension_documents.hpp"
#include "server/services/feature_info.hpp"
#include "server/services/inspire.hpp"
#include "server/services/language.hpp"
#include "server/services/legend.hpp"
#include "server/services/parameters.hpp"
#include "server/services/tiles.hpp"
#include "server/services/update_sequence.hpp"
#include "server/services/xml_writer.hpp"

#include <set>

namespace ardoise {

namespace {

/// Two numbers in the order of the CRS's axes.
std::string corner(Crs const& crs, double x, double y)
{
    return crs.northing_first() ? fmt::format("{} {}", y, x) : fmt::format("{} {}", x, y);
}

/// Each by parameters; addresses without them are ResourceURL's affair. (The OGC's tests want every ows:Get
/// to end in `?`, and one encoding for all.)
void write_operation(XmlWriter& xml, std::string_view name, std::string const& address)
{
    xml.open("ows:Operation", {{"name", std::string{name}}});
    xml.open("ows:DCP");
    xml.open("ows:HTTP");
    xml.open("ows:Get", {{"xlink:href", address}});
    xml.open("ows:Constraint", {{"name", "GetEncoding"}});
    xml.open("ows:AllowedValues");
    xml.element("ows:Value", "KVP");
    xml.close();
    xml.close();
    xml.close();
    xml.close();
    xml.close();
    xml.close();
}

void write_keywords(XmlWriter& xml, std::vector<std::string> const& keywords)
{
    if (keywords.empty())
        return;
    xml.open("ows:Keywords");
    for (auto const& keyword : keywords)
        xml.element("ows:Keyword", keyword);
    xml.close();
}

void write_if_said(XmlWriter& xml, std::string_view name, std::string_view text)
{
    if (!text.empty())
        xml.element(name, text);
}

void write_contact(XmlWriter& xml, Contact const& contact)
{
    xml.open("ows:ServiceContact");
    write_if_said(xml, "ows:IndividualName", contact.person);
    write_if_said(xml, "ows:PositionName", contact.position);
    xml.open("ows:ContactInfo");
    xml.open("ows:Phone");
    write_if_said(xml, "ows:Voice", contact.phone);
    write_if_said(xml, "ows:Facsimile", contact.fax);
    xml.close();
    xml.open("ows:Address");
    write_if_said(xml, "ows:DeliveryPoint", contact.address);
    write_if_said(xml, "ows:City", contact.city);
    write_if_said(xml, "ows:AdministrativeArea", contact.state_or_province);
    write_if_said(xml, "ows:PostalCode", contact.post_code);
    write_if_said(xml, "ows:Country", contact.country);
    write_if_said(xml, "ows:ElectronicMailAddress", contact.email);
    xml.close();
    xml.close();
    xml.close();
}

void write_identification(XmlWriter& xml, ServiceDescription const& service)
{
    xml.open("ows:ServiceIdentification");
    xml.element("ows:Title", service.title);
    xml.element("ows:Abstract", service.abstract);
    auto keywords = service.keywords;
    if (service.inspire)
        keywords.emplace_back(view_service_keyword);
    write_keywords(xml, keywords);
    xml.element("ows:ServiceType", "OGC WMTS");
    xml.element("ows:ServiceTypeVersion", "1.0.0");
    xml.element("ows:Fees", service.fees);
    xml.element("ows:AccessConstraints", service.access_constraints);
    xml.close();
}

void write_provider(XmlWriter& xml, ServiceDescription const& service)
{
    xml.open("ows:ServiceProvider");
    xml.element("ows:ProviderName", service.provider.name);
    if (!service.provider.url.empty())
        xml.empty("ows:ProviderSite", {{"xlink:href", service.provider.url}});
    if (service.contact)
        write_contact(xml, *service.contact);
    else
        xml.empty("ows:ServiceContact");
    xml.close();
}

void write_geographic_box(XmlWriter& xml, Layer const& layer)
{
    auto const& degrees = layer.geographic_extent;
    xml.open("ows:WGS84BoundingBox");
    xml.element("ows:LowerCorner", fmt::format("{} {}", degrees.min_x, degrees.min_y));
    xml.element("ows:UpperCorner", fmt::format("{} {}", degrees.max_x, degrees.max_y));
    xml.close();
}

/// One box for each system that a set uses, under the very string that the set uses.
void write_boxes(XmlWriter& xml, Layer const& layer)
{
    std::set<std::string> written;
    for (auto const& link : layer.links) {
        auto const& crs = link.set->crs;
        if (!written.insert(crs.urn()).second)
            continue;
        auto const box = layer.extent_in(crs);
        xml.open("ows:BoundingBox", {{"crs", crs.urn()}});
        xml.element("ows:LowerCorner", corner(crs, box.min_x, box.min_y));
        xml.element("ows:UpperCorner", corner(crs, box.max_x, box.max_y));
        xml.close();
    }
}

void write_link(XmlWriter& xml, TileMatrixSetLink const& link)
{
    xml.open("TileMatrixSetLink");
    xml.element("TileMatrixSet", link.set->id);
    xml.open("TileMatrixSetLimits");
    for (std::size_t i = 0; i < link.limits.size(); ++i) {
        auto const& limits = link.limits[i];
        if (limits.empty())
            continue;
        xml.open("TileMatrixLimits");
        xml.element("TileMatrix", link.set->matrices[i].id);
        xml.number("MinTileRow", limits.first.row);
        xml.number("MaxTileRow", limits.last.row - 1);
        xml.number("MinTileCol", limits.first.col);
        xml.number("MaxTileCol", limits.last.col - 1);
        xml.close();
    }
    xml.close();
    xml.close();
}

void write_address(XmlWriter& xml, char const* resource, std::string_view format, std::string address)
{
    xml.empty(
        "ResourceURL",
        {{"format", std::string{format}}, {"resourceType", resource}, {"template", std::move(address)}});
}

/// What a document speaks of: the catalog, its own place, and the format that it was asked to name.
struct Subject {
    Catalog const& catalog;
    std::string base; // of all addresses
    std::optional<PublishedFormat> const& format;
};

/// Those in which tiles are published. INSPIRE wants PNG of its layers (Regulation 976/2009, annex III, part
/// B), which stands beside another one unless the client chose.
std::vector<PublishedFormat> tile_formats(Subject const& subject, Layer const& layer)
{
    std::vector<PublishedFormat> formats{tile_format(layer, subject.format)};
    if (!subject.format && is_inspire_layer(subject.catalog, layer) &&
        formats.front().media_type != "image/png")
        formats.push_back({"image/png", "png"});
    return formats;
}

/// Tiles first: some clients take the first that they see. Values in the format that programs read; the
/// others are had by parameters.
void write_addresses(XmlWriter& xml, Subject const& subject, Layer const& layer)
{
    auto const tile =
        fmt::format("{}/wmts/1.0.0/{}/{{Style}}/{}{{TileMatrixSet}}/{{TileMatrix}}/{{TileRow}}/{{TileCol}}",
                    subject.base, url_encode(listed_name(subject.catalog, layer)), dimension_template(layer));
    for (auto const& [media_type, extension] : tile_formats(subject, layer))
        write_address(xml, "tile", media_type, fmt::format("{}.{}", tile, extension));
    if (layer.is_queryable())
        write_address(xml, "FeatureInfo", "application/json", tile + "/{J}/{I}.json");
}

/// Of vector tiles clients draw the legend, as they draw the tiles.
void write_styles(XmlWriter& xml, Subject const& subject, std::shared_ptr<Layer const> const& layer)
{
    auto const styles = listed_styles(subject.catalog, layer);
    auto const language = language_of(subject.catalog.options().service);
    for (auto const& listed : styles) {
        auto const& style = *listed.styled.style;
        xml.open("Style", {{"isDefault", &listed == &styles.front() ? "true" : "false"}});
        xml.element("ows:Title", style.title.in(language));
        write_if_said(xml, "ows:Abstract", style.abstract.in(language));
        xml.element("ows:Identifier", listed.name);
        if (!layer->is_vector()) {
            auto const legend = legend_link(subject.base + "/wms?", listed.styled, language);
            xml.empty("LegendURL", {{"format", std::string{legend_formats.front()}},
                                    {"xlink:href", legend.url},
                                    {"width", fmt::format("{}", legend.size.width)},
                                    {"height", fmt::format("{}", legend.size.height)}});
        }
        xml.close();
    }
}

void write_layer(XmlWriter& xml, Subject const& subject, std::shared_ptr<Layer const> const& published)
{
    auto const& layer = *published;
    xml.open("Layer");
    xml.element("ows:Title", layer.title());
    write_if_said(xml, "ows:Abstract", layer.description.abstract);
    write_keywords(xml, layer.description.keywords);
    write_geographic_box(xml, layer);
    xml.element("ows:Identifier", listed_name(subject.catalog, layer));
    write_boxes(xml, layer);
    for (auto const& link : layer.description.metadata)
        xml.empty("ows:Metadata", {{"xlink:href", link.url}});
    write_styles(xml, subject, published);
    for (auto const& format : tile_formats(subject, layer))
        xml.element("Format", format.media_type);
    if (layer.is_queryable())
        for (auto const& format : info_formats)
            xml.element("InfoFormat", format.media_type);
    write_wmts_dimensions(xml, layer);
    for (auto const& link : layer.links)
        write_link(xml, link);
    write_addresses(xml, subject, layer);
    xml.close();
}

void write_set(XmlWriter& xml, TileMatrixSet const& set)
{
    xml.open("TileMatrixSet");
    xml.element("ows:Identifier", set.id);
    xml.element("ows:SupportedCRS", set.crs.urn());
    for (auto const& matrix : set.matrices) {
        xml.open("TileMatrix");
        xml.element("ows:Identifier", matrix.id);
        xml.number("ScaleDenominator", matrix.scale_denominator(set.crs));
        xml.element("TopLeftCorner", corner(set.crs, matrix.origin_x, matrix.origin_y));
        xml.number("TileWidth", std::int64_t{matrix.tile_width});
        xml.number("TileHeight", std::int64_t{matrix.tile_height});
        xml.number("MatrixWidth", matrix.matrix_width);
        xml.number("MatrixHeight", matrix.matrix_height);
        xml.close();
    }
    xml.close();
}

/// Of the document itself, whatever asked for it.
std::string document_address(Subject const& subject)
{
    auto const address = subject.base + "/wmts/1.0.0/WMTSCapabilities.xml";
    return subject.format ? fmt::format("{}?format={}", address, subject.format->media_type) : address;
}

void write_operations(XmlWriter& xml, Subject const& subject)
{
    auto const address = subject.base + "/wmts?";
    xml.open("ows:OperationsMetadata");
    for (auto const* operation : {"GetCapabilities", "GetTile", "GetFeatureInfo"})
        write_operation(xml, operation, address);
    write_inspire_capabilities(xml, InspireProfile::wmts, subject.catalog.options().service,
                               document_address(subject));
    xml.close();
}

void write_contents(XmlWriter& xml, Subject const& subject, LayerList const& layers)
{
    xml.open("Contents");
    std::set<std::string> written;
    std::vector<std::shared_ptr<TileMatrixSet const>> sets;
    for (auto const& layer : layers) {
        write_layer(xml, subject, layer);
        for (auto const& link : layer->links)
            if (written.insert(link.set->id).second)
                sets.push_back(link.set);
    }
    for (auto const& set : sets)
        write_set(xml, *set);
    xml.close();
}

} // namespace

std::string wmts_capabilities(Catalog const& catalog, LayerList const& layers, std::string_view base_path,
                              WmtsSections const& sections, std::optional<PublishedFormat> const& format)
{
    auto const& service = catalog.options().service;
    Subject const subject{catalog, fmt::format("{}{}", catalog.options().public_url, base_path), format};
    XmlWriter xml;
    xml.open("Capabilities",
             {{"xmlns", "http://www.opengis.net/wmts/1.0"},
              {"xmlns:ows", "http://www.opengis.net/ows/1.1"},
              {"xmlns:xlink", "http://www.w3.org/1999/xlink"},
              {"xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"},
              {"xsi:schemaLocation", "http://www.opengis.net/wmts/1.0 "
                                     "http://schemas.opengis.net/wmts/1.0/wmtsGetCapabilities_response.xsd" +
                                         inspire_schema_location(InspireProfile::wmts, service)},
              {"version", "1.0.0"},
              {"updateSequence", update_sequence_text(catalog)}});
    if (sections.service_identification)
        write_identification(xml, service);
    if (sections.service_provider)
        write_provider(xml, service);
    if (sections.operations_metadata)
        write_operations(xml, subject);
    if (sections.contents)
        write_contents(xml, subject, layers);
    if (sections.themes)
        xml.empty("Themes");
    if (sections.is_whole())
        xml.empty("ServiceMetadataURL", {{"xlink:href", document_address(subject)}});
    return xml.finish();
}

} // namespace ardoise
