// SPDX-License-Identifier: Apache-2.0
// Maps that are JPEG from end to end: no pixel becomes red, green and blue on its way.
#pragma once

#include "server/render/map.hpp"

namespace ardoise {

/// The map as planes, where nothing in it asks for colours: one layer of JPEG tiles as they are, data
/// everywhere, to be sent as JPEG if they can be. Else nothing.
std::optional<jpeg::Planes> render_planes(MapRequest const& request, Caches& caches);

} // namespace ardoise
