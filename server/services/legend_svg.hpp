// SPDX-License-Identifier: Apache-2.0
// Legends as SVG 1.1: text that stays text, and colours that blend at any size, for prints.
#pragma once

#include "cache/caches.hpp"
#include "server/render/legend.hpp"

namespace ardoise {

inline constexpr std::string_view svg_media_type = "image/svg+xml";

/// The drawing of which render_legend() makes pixels, of its size. Small pictures are PNG inside of it; it
/// refers to nothing elsewhere. Takes time: for render threads.
Bytes legend_svg(LegendRequest const& legend, Caches& caches);

} // namespace ardoise
