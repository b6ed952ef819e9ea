// SPDX-License-Identifier: Apache-2.0
// The WMS capabilities documents: 1.3.0 (OGC 06-042 7.2.4) and 1.1.1 (OGC 01-068r3 7.1.4).
#include "server/render/map.hpp"
#include "server/services/feature_info.hpp"
#include "server/services/inspire.hpp"
#include "server/services/legend.hpp"
#include "server/services/site.hpp"
#include "server/services/update_sequence.hpp"
#include "server/services/wms_layers.hpp"
#include "server/services/xml_writer.hpp"

#include <algorithm>

namespace ardoise {

namespace {

/// Of those for values alone the ones that every layer has values for: what is advertised is had of each.
std::vector<std::string_view> map_formats(LayerList const& layers)
{
    auto const have_values = [&](SampleType type) {
        return std::ranges::all_of(layers, [type](auto const& layer) {
            return layer->is_vector() || layer->pyramid.format.type == type;
        });
    };
    std::vector<std::string_view> names;
    for (auto const& [name, format, use] : format_names())
        if (auto const type = value_type(format);
            use == FormatName::Use::advertised && (!type || have_values(*type)))
            names.push_back(name);
    return names;
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

void write_if_said(XmlWriter& xml, char const* name, std::string const& text)
{
    if (!text.empty())
        xml.element(name, text);
}

/// Of the person and of the address all elements must stand there, or none.
void write_contact(XmlWriter& xml, Contact const& contact)
{
    xml.open("ContactInformation");
    if (!(contact.person + contact.organisation).empty()) {
        xml.open("ContactPersonPrimary");
        xml.element("ContactPerson", contact.person);
        xml.element("ContactOrganization", contact.organisation);
        xml.close();
    }
    write_if_said(xml, "ContactPosition", contact.position);
    if (!(contact.address + contact.city + contact.state_or_province + contact.post_code + contact.country)
             .empty()) {
        xml.open("ContactAddress");
        xml.element("AddressType", contact.address_type);
        xml.element("Address", contact.address);
        xml.element("City", contact.city);
        xml.element("StateOrProvince", contact.state_or_province);
        xml.element("PostCode", contact.post_code);
        xml.element("Country", contact.country);
        xml.close();
    }
    write_if_said(xml, "ContactVoiceTelephone", contact.phone);
    write_if_said(xml, "ContactFacsimileTelephone", contact.fax);
    write_if_said(xml, "ContactElectronicMailAddress", contact.email);
    xml.close();
}

/// What both versions have; 1.3.0 goes on with limits.
void write_service(XmlWriter& xml, WmsVersion version, ServiceDescription const& service,
                   std::string const& address)
{
    bool const is_130 = version == WmsVersion::v1_3_0;
    xml.element("Name", is_130 ? "WMS" : "OGC:WMS");
    xml.element("Title", service.title);
    xml.element("Abstract", service.abstract);
    write_keywords(xml, service.keywords, is_130 && service.inspire ? view_service_keyword : "");
    write_resource(xml, address);
    if (service.contact)
        write_contact(xml, *service.contact);
    xml.element("Fees", service.fees);
    xml.element("AccessConstraints", service.access_constraints);
}

void write_requests(XmlWriter& xml, LayerList const& layers, char const* document, char const* legend,
                    std::initializer_list<char const*> exceptions, std::string const& address)
{
    xml.open("Request");
    write_request(xml, "GetCapabilities", {document}, address);
    write_request(xml, "GetMap", map_formats(layers), address);
    std::vector<std::string_view> told;
    for (auto const& format : info_formats)
        told.push_back(format.media_type);
    write_request(xml, "GetFeatureInfo", told, address);
    write_request(xml, legend, {legend_formats.begin(), legend_formats.end()}, address);
    xml.close();
    xml.open("Exception");
    for (auto const* form : exceptions)
        xml.element("Format", form);
    xml.close();
}

/// A layer's own service knows no groups.
LayerGroup tree_of(Catalog const& catalog, LayerList const& layers, std::string_view base_path)
{
    return base_path.empty() ? catalog.groups() : LayerGroup{.path = {}, .layers = layers, .groups = {}};
}

} // namespace

std::string wms_130_capabilities(Catalog const& catalog, LayerList const& layers, std::string_view base_path)
{
    auto const& service = catalog.options().service;
    auto const address = fmt::format("{}{}/wms?", catalog.options().public_url, base_path);
    XmlWriter xml;
    xml.open("WMS_Capabilities",
             {{"version", "1.3.0"},
              {"updateSequence", update_sequence_text(catalog)},
              {"xmlns", "http://www.opengis.net/wms"},
              {"xmlns:sld", "http://www.opengis.net/sld"},
              {"xmlns:xlink", "http://www.w3.org/1999/xlink"},
              {"xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"},
              {"xsi:schemaLocation",
               "http://www.opengis.net/wms http://schemas.opengis.net/wms/1.3.0/capabilities_1_3_0.xsd "
               "http://www.opengis.net/sld http://schemas.opengis.net/sld/1.1.0/sld_capabilities.xsd" +
                   inspire_schema_location(InspireProfile::wms, service)}});
    xml.open("Service");
    write_service(xml, WmsVersion::v1_3_0, service, address);
    xml.number("LayerLimit", static_cast<std::int64_t>(most_map_layers));
    xml.number("MaxWidth", std::int64_t{largest_map_side});
    xml.number("MaxHeight", std::int64_t{largest_map_side});
    xml.close();
    xml.open("Capability");
    write_requests(xml, layers, "text/xml", "sld:GetLegendGraphic", {"XML", "INIMAGE", "BLANK"}, address);
    write_inspire_capabilities(xml, InspireProfile::wms, service,
                               address + "SERVICE=WMS&VERSION=1.3.0&REQUEST=GetCapabilities");
    write_layers(xml, WmsVersion::v1_3_0, catalog, tree_of(catalog, layers, base_path), address);
    return xml.finish();
}

std::string wms_111_capabilities(Catalog const& catalog, LayerList const& layers, std::string_view base_path)
{
    auto const address = fmt::format("{}{}/wms?", catalog.options().public_url, base_path);
    XmlWriter xml;
    xml.raw("<!DOCTYPE WMT_MS_Capabilities SYSTEM "
            "\"http://schemas.opengis.net/wms/1.1.1/WMS_MS_Capabilities.dtd\">\n");
    xml.open("WMT_MS_Capabilities",
             {{"version", "1.1.1"}, {"updateSequence", update_sequence_text(catalog)}});
    xml.open("Service");
    write_service(xml, WmsVersion::v1_1_1, catalog.options().service, address);
    xml.close();
    xml.open("Capability");
    write_requests(
        xml, layers, "application/vnd.ogc.wms_xml", "GetLegendGraphic",
        {"application/vnd.ogc.se_xml", "application/vnd.ogc.se_inimage", "application/vnd.ogc.se_blank"},
        address);
    write_layers(xml, WmsVersion::v1_1_1, catalog, tree_of(catalog, layers, base_path), address);
    return xml.finish();
}

} // namespace ardoise
