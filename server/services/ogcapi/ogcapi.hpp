// SPDX-License-Identifier: Apache-2.0
// OGC API: Common 1.0 (OGC 19-072, 20-024), Tiles 1.0 (20-057), Maps 1.0 (20-058), below /ogcapi.
#pragma once

#include "cache/caches.hpp"
#include "server/services/site.hpp"

namespace ardoise {

/// `path` is what follows "/ogcapi". Mistakes are answered by problem documents (RFC 7807) that name the
/// parameter.
Reply ogc_api(Request const& request, std::string_view path, Site const& site, Caches& caches);

/// The documents that are the same for all: "/conformance json" and so on, ready to be sent.
std::map<std::string, Response, std::less<>> ogc_api_documents(Catalog const& catalog);

} // namespace ardoise
