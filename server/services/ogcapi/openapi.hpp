// SPDX-License-Identifier: Apache-2.0
// The API's definition, by OpenAPI 3.0.
#pragma once

#include "server/services/ogcapi/documents.hpp"

namespace ardoise::ogcapi {

inline constexpr std::string_view api_media_type = "application/vnd.oai.openapi+json;version=3.0";

/// Made of the table of resources, by which requests are checked.
Json api_definition(Catalog const& catalog);

} // namespace ardoise::ogcapi
