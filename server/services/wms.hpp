// SPDX-License-Identifier: Apache-2.0
// WMS 1.3.0 (OGC 06-042) and 1.1.1 (OGC 01-068r3): KVP.
#pragma once

#include "cache/caches.hpp"
#include "server/services/site.hpp"

namespace ardoise {

/// `only` restricts the service to one layer; null: all layers.
Reply wms_kvp(Request const& request, Site const& site, Caches& caches,
              std::shared_ptr<Layer const> const& only);

} // namespace ardoise
