// SPDX-License-Identifier: Apache-2.0
// The landing page and the declaration of conformance (OGC 19-072, 7.2 and 7.4).
#pragma once

#include "server/services/ogcapi/documents.hpp"

namespace ardoise::ogcapi {

Json landing_page(Catalog const& catalog, Form form);
Json conformance(Catalog const& catalog, Form form);

} // namespace ardoise::ogcapi
