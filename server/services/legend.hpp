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
inline constexpr std::array<std::string_view, 5> legend_formats{"image/png", "image/jpeg", "image/webp",
                                                                "image/svg+xml", "application/json"};

/// The legend of LAYER, a layer or a group, in STYLE. WIDTH and HEIGHT are those of a swatch, as most servers
/// have it; DPI, MAP_RESOLUTION or FORMAT_OPTIONS=dpi:N scales all of it, from the 90.7 dots an inch that
/// pixels of 0.28 mm make. LANGUAGE, which INSPIRE has for all requests, chooses that of the words and
/// numbers that we write; another than English or French, and none, is the service's own. Mistakes are
/// exceptions of `version`.
Reply get_legend_graphic(Request const& request, WmsVersion version, Site const& site, Caches& caches,
                         std::shared_ptr<Layer const> const& only);

/// Where the legend of a layer in one of its styles is, as PNG: by the WMS at `address`
/// ("https://ortho.example.fr/wms?").
std::string legend_address(std::string const& address, StyledLayer const& styled);

/// Whether colours mean values or classes there, and not themselves.
bool explains_colours(StyledLayer const& styled);

/// The same, and how large it is.
struct LegendLink {
    std::string url;
    PictureSize size;
};

/// Of a service in that language (BCP 47).
LegendLink legend_link(std::string const& address, StyledLayer const& styled, std::string_view language);

} // namespace ardoise
