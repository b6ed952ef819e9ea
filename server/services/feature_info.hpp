// SPDX-License-Identifier: Apache-2.0
// GetFeatureInfo, of WMS and WMTS alike: the values of layers at a point, in the format that the client
// reads.
#pragma once

#include "server/exchange/request.hpp"
#include "server/exchange/response.hpp"
#include "server/render/map.hpp"
#include "server/render/values.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace ardoise {

/// A format, and how addresses end that ask for it.
struct InfoFormat {
    std::string_view media_type, extension;
};

/// The first is for clients who name none.
inline constexpr std::array<InfoFormat, 6> info_formats{{{"text/plain", "txt"},
                                                         {"text/html", "html"},
                                                         {"application/json", "json"},
                                                         {"application/geojson", "geojson"},
                                                         {"application/vnd.ogc.gml", "gml"},
                                                         {"application/vnd.ogc.gml/3.1.1", "gml3"}}};

/// The media type of that name, in any case, or extension; nothing when unknown.
std::optional<std::string_view> find_info_format(std::string_view name);

/// Which there are, for a client that named another.
std::string no_info_format(std::string_view name);

/// A valid request: names are found, the pixel lies in the frame.
struct InfoRequest {
    std::vector<StyledLayer> layers; // a style tells what classes are called
    MapFrame frame;
    PixelIndex pixel;
    std::string_view format;   // media type, one of info_formats
    std::string language;      // of labels, where they are in several: "fr"
};

/// The values of each layer's channels there, as band_1 and so on; at a water level the height, that at which
/// the place is wet (where any is) and the depth. JSON is a FeatureCollection (RFC 7946:
/// longitude, latitude); GML 2.1.2 (OGC 02-069) has x before y, GML 3.1.1 (OGC 03-105r1) the axes as the CRS
/// has them. Where the layer has a unit, it stands behind each number, in JSON as the property
/// `unit`, in GML as the attribute `uom`. What a class is called is `label` beside the band. A layer without
/// data there is no feature; text and HTML say so.
Work feature_info(InfoRequest wanted, Caches& caches);

} // namespace ardoise
