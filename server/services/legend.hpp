// SPDX-License-Identifier: Apache-2.0
// GetLegendGraphic (OGC 05-078r4 annex C; OGC 02-070 12), and where documents say that legends are.
#pragma once

#include "server/exchange/response.hpp"
#include "server/render/legend.hpp"
#include "server/services/site.hpp"
#include "server/services/wms_version.hpp"

#include <array>

namespace ardoise {

/// In which legends are offered; the first is for clients who name none. JSON has the shape of GeoServer's,
/// which is the one that clients read.
inline constexpr std::array<std::string_view, 4> legend_formats{"image/png", "image/jpeg", "image/webp",
                                                                "application/json"};

/// The legend of LAYER, a layer or a group, in STYLE. WIDTH and HEIGHT are those of a swatch, as most servers
/// have it; DPI, MAP_RESOLUTION or FORMAT_OPTIONS=dpi:N scales all of it, from the 90.7 dots an inch that
/// pixels of 0.28 mm make. Mistakes are exceptions of `version`.
Reply get_legend_graphic(Request const& request, WmsVersion version, Site const& site, Caches& caches,
                         std::shared_ptr<Layer const> const& only);

/// A legend elsewhere, as PNG.
struct LegendLink {
    std::string url;
    PictureSize size;
};

/// That of a layer in one of its styles, by the WMS at `address` ("https://ortho.example.fr/wms?").
LegendLink legend_link(std::string const& address, StyledLayer const& styled);

} // namespace ardoise
