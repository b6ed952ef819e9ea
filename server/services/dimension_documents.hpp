// SPDX-License-Identifier: Apache-2.0
// What documents say of dimensions: those of a series, and the levels of a style of water. Of other layers,
// and of aliases, nothing.
#pragma once

#include "pyramid/base/json.hpp"
#include "server/catalog/layer.hpp"
#include "server/catalog/series.hpp"
#include "server/services/xml_writer.hpp"

namespace ardoise {

/// `Dimension` (OGC 06-042 annex C.2): behind the boxes.
void write_wms_130_dimensions(XmlWriter& xml, Layer const& layer);

/// `Dimension`, and `Extent` with its values (OGC 01-068r3 annex C.2): likewise.
void write_wms_111_dimensions(XmlWriter& xml, Layer const& layer);

/// `Dimension` (OGC 07-057r7 table 8): behind the formats.
void write_wmts_dimensions(XmlWriter& xml, Layer const& layer);

/// Pieces of an address between style and set: "{Time}/{Elevation}/{WATER_LEVEL}/".
std::string dimension_template(Layer const& layer);

/// For programs that read JSON: name, units, values, default of each; an empty list for other layers.
Json dimensions_json(Layer const& layer);

/// What XYZ addresses end with that mean these values: "?time=2005&elevation=10"; empty where nothing is
/// said.
std::string dimension_query(DimensionTexts const& values);

} // namespace ardoise
