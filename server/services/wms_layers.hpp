// SPDX-License-Identifier: Apache-2.0
// The layers of WMS capabilities: one tree in two versions, 1.3.0 (OGC 06-042 7.2.4.5 on) and 1.1.1 (OGC
// 01-068r3 7.1.4.5).
#pragma once

#include "server/services/site.hpp"
#include "server/services/wms_version.hpp"
#include "server/services/xml_writer.hpp"

namespace ardoise {

/// The root layer, with all groups and layers below it; `address` is that of the service.
void write_layers(XmlWriter& xml, WmsVersion version, Catalog const& catalog, LayerGroup const& root,
                  std::string const& address);

// What layers have in common with the service, in both versions.

void write_resource(XmlWriter& xml, std::string const& address);
/// `iso_keyword`: one of ISO 19119's, for 1.3.0 alone; empty: none.
void write_keywords(XmlWriter& xml, std::vector<std::string> const& keywords,
                    std::string_view iso_keyword = {});

} // namespace ardoise
