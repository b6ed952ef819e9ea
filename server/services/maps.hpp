// SPDX-License-Identifier: Apache-2.0
// Maps, whatever the protocol that asks for them: one road for WMS and OGC API.
#pragma once

#include "cache/caches.hpp"
#include "server/exchange/ogc_error.hpp"
#include "server/exchange/response.hpp"
#include "server/render/map.hpp"

#include <functional>
#include <string>

namespace ardoise {

/// How a protocol tells a client that its map is too costly, which shows only when it is about to be drawn.
struct MapRefusal {
    std::string name; // by which clients that get the same one are known
    std::function<Response(OgcError const&)> write;
};

/// The box if it has an inside, and lies where coordinates can be reckoned with: else InvalidParameterValue
/// of the parameter `name`.
Result<BoundingBox> sound_box(BoundingBox const& box, std::string_view name);

/// The map; where it is a tile, with the same look on the same ground, that tile. Its ETag is known without
/// drawing it, and is the same whatever the protocol.
Reply get_map(Request const& request, MapRequest const& map, MapRefusal const& refusal, Caches& caches);

} // namespace ardoise
