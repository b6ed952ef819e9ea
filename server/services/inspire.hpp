// SPDX-License-Identifier: Apache-2.0
// The profiles of INSPIRE's view services (Technical Guidance for View Services 3.11): that of WMS 1.3.0
// (clause 4) and that of WMTS 1.0.0 (clause 5). What is said of them in the configuration is in
// server/catalog/inspire.hpp.
#pragma once

#include "server/catalog/catalog.hpp"
#include "server/render/map.hpp"
#include "server/services/xml_writer.hpp"

namespace ardoise {

/// A layer's default style by the name that all of INSPIRE's layers have for it.
inline constexpr std::string_view inspire_default_style = "inspire_common:DEFAULT";
/// What a view service is among services (ISO 19119), as one of its keywords.
inline constexpr std::string_view view_service_keyword = "infoMapAccessService";

/// Whether documents show the layer as one of INSPIRE's: the service is, and the layer has a harmonised name
/// to itself.
bool is_inspire_layer(Catalog const& catalog, Layer const& layer);
/// The name by which WMS 1.3.0 and WMTS list it: the harmonised one, or its own.
std::string const& listed_name(Catalog const& catalog, Layer const& layer);

/// A style by the name under which it is listed.
struct ListedStyle {
    StyledLayer styled;
    std::string_view name;
};
/// A layer's own; the first is the default.
std::vector<ListedStyle> own_styles(std::shared_ptr<Layer const> const& layer);
/// As WMS 1.3.0 and WMTS list them: of one of INSPIRE's layers the default comes by that name first.
std::vector<ListedStyle> listed_styles(Catalog const& catalog, std::shared_ptr<Layer const> const& layer);

enum class InspireProfile { wms, wmts };
/// What xsi:schemaLocation has to name for the profile, after a space; empty where the service is none of
/// INSPIRE.
std::string inspire_schema_location(InspireProfile profile, ServiceDescription const& service);
/// The extended capabilities, where the service has them; `document` is the address of the capabilities.
void write_inspire_capabilities(XmlWriter& xml, InspireProfile profile, ServiceDescription const& service,
                                std::string const& document);

} // namespace ardoise
