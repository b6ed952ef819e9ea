// SPDX-License-Identifier: Apache-2.0
// The styles of a collection, and those of all, with the maps that show them.
#pragma once

#include "server/services/ogcapi/documents.hpp"

namespace ardoise::ogcapi {

/// Likewise by its name; no such one is NotFound.
Result<LayerStyle const*> style_named(Layer const& layer, std::string_view name);

/// Of all collections together.
Json styles_document(Catalog const& catalog, Form form);

Reply answer_collection_styles(Asked const& asked);

} // namespace ardoise::ogcapi
