// SPDX-License-Identifier: Apache-2.0
#include "server/services/inspire.hpp"

namespace ardoise {

namespace {

std::string_view namespace_of(InspireProfile profile)
{
    return profile == InspireProfile::wms ? "http://inspire.ec.europa.eu/schemas/inspire_vs/1.0"
                                          : "http://inspire.ec.europa.eu/schemas/inspire_vs_ows11/1.0";
}

std::string_view schema_of(InspireProfile profile)
{
    return profile == InspireProfile::wms ? "inspire_vs.xsd" : "inspire_vs_ows_11.xsd";
}

void write_locator(XmlWriter& xml, char const* name, std::string const& url, std::string_view media_type)
{
    xml.open(name);
    xml.element("inspire_common:URL", url);
    xml.element("inspire_common:MediaType", media_type);
    xml.close();
}

/// All that capabilities have no word for.
void write_embedded_metadata(XmlWriter& xml, ServiceDescription const& service, std::string const& document)
{
    auto const& inspire = *service.inspire;
    write_locator(xml, "inspire_common:ResourceLocator", document, "application/xml");
    xml.element("inspire_common:ResourceType", "service");
    xml.open("inspire_common:TemporalReference");
    xml.element("inspire_common:DateOfPublication", inspire.publication_date);
    xml.close();
    xml.open("inspire_common:Conformity");
    xml.open("inspire_common:Specification");
    xml.element(
        "inspire_common:Title",
        "Commission Regulation (EC) No 976/2009 of 19 October 2009 implementing Directive 2007/2/EC of "
        "the European Parliament and of the Council as regards the Network Services");
    xml.element("inspire_common:DateOfPublication", "2009-10-20");
    xml.close();
    xml.element("inspire_common:Degree", inspire.conformity);
    xml.close();
    xml.open("inspire_common:MetadataPointOfContact");
    xml.element("inspire_common:OrganisationName", service.contact->organisation);
    xml.element("inspire_common:EmailAddress", service.contact->email);
    xml.close();
    xml.element("inspire_common:MetadataDate", inspire.metadata_date);
    xml.element("inspire_common:SpatialDataServiceType", "view");
    xml.open("inspire_common:MandatoryKeyword");
    xml.element("inspire_common:KeywordValue", view_service_keyword);
    xml.close();
}

void write_language(XmlWriter& xml, char const* name, std::string const& language)
{
    xml.open(name);
    xml.element("inspire_common:Language", language);
    xml.close();
}

/// Texts are in one language, whichever LANGUAGE asks for.
void write_languages(XmlWriter& xml, std::string const& language)
{
    xml.open("inspire_common:SupportedLanguages");
    write_language(xml, "inspire_common:DefaultLanguage", language);
    xml.close();
    write_language(xml, "inspire_common:ResponseLanguage", language);
}

} // namespace

bool is_inspire_layer(Catalog const& catalog, Layer const& layer)
{
    auto const& name = layer.description.inspire_name;
    return catalog.options().service.inspire && !name.empty() && !layer.is_vector() &&
           catalog.find_by_inspire_name(name).get() == &layer;
}

std::string const& listed_name(Catalog const& catalog, Layer const& layer)
{
    return is_inspire_layer(catalog, layer) ? layer.description.inspire_name : layer.name;
}

std::vector<ListedStyle> own_styles(std::shared_ptr<Layer const> const& layer)
{
    std::vector<ListedStyle> styles;
    for (auto const& style : layer->styles)
        styles.push_back({{layer, &style}, style.identifier});
    return styles;
}

std::vector<ListedStyle> listed_styles(Catalog const& catalog, std::shared_ptr<Layer const> const& layer)
{
    auto styles = own_styles(layer);
    if (is_inspire_layer(catalog, *layer))
        styles.insert(styles.begin(), {styles.front().styled, inspire_default_style});
    return styles;
}

std::string inspire_schema_location(InspireProfile profile, ServiceDescription const& service)
{
    return service.inspire
               ? fmt::format(" {} {}/{}", namespace_of(profile), namespace_of(profile), schema_of(profile))
               : std::string{};
}

void write_inspire_capabilities(XmlWriter& xml, InspireProfile profile, ServiceDescription const& service,
                                std::string const& document)
{
    if (!service.inspire)
        return;
    auto const& inspire = *service.inspire;
    xml.open("inspire_vs:ExtendedCapabilities",
             {{"xmlns:inspire_vs", std::string{namespace_of(profile)}},
              {"xmlns:inspire_common", "http://inspire.ec.europa.eu/schemas/common/1.0"}});
    if (inspire.has_record())
        write_locator(xml, "inspire_common:MetadataUrl", inspire.metadata_url,
                      "application/vnd.iso.19139+xml");
    else
        write_embedded_metadata(xml, service, document);
    write_languages(xml, inspire.language);
    xml.close();
}

} // namespace ardoise
