// SPDX-License-Identifier: Apache-2.0
// Files by which QGIS (3.22 and later) opens what is served: a layer as it lies, connections for its browser.
#pragma once

#include "server/services/site.hpp"

#include <optional>
#include <string>

namespace ardoise {

/// A layer definition (.qlr) with the layer's tiles by WMTS in its own set and system; in Web Mercator where
/// its own has no code by which QGIS could know it. Not of vector layers.
std::string qgis_layer_definition(Catalog const& catalog, Layer const& layer);

/// The whole service, as one WMTS and one WMS.
std::string qgis_connections(Catalog const& catalog);

/// Each layer of pixels as XYZ tiles. QGIS imports one kind of connections from a file.
std::string qgis_xyz_connections(Catalog const& catalog);

/// The connections at /qgis-connections.xml and /qgis-xyz-connections.xml; nothing elsewhere.
std::optional<Reply> connection_file(Request const& request, Site const& site);

} // namespace ardoise
