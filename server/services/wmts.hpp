// SPDX-License-Identifier: Apache-2.0
// WMTS 1.0.0 (OGC 07-057r7): KVP and REST.
#pragma once

#include "cache/caches.hpp"
#include "server/services/site.hpp"

#include <string_view>

namespace ardoise {

/// A KVP request. `only` restricts it to one layer's own service (its own small capabilities); null: all
/// layers.
Reply wmts_kvp(Request const& request, Site const& site, Caches& caches,
               std::shared_ptr<Layer const> const& only);
/// A REST request; `path` is what follows "/wmts/1.0.0/".
Reply wmts_rest(Request const& request, std::string_view path, Site const& site, Caches& caches,
                std::shared_ptr<Layer const> const& only);

} // namespace ardoise
