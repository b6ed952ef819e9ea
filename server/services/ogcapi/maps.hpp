// SPDX-License-Identifier: Apache-2.0
// Maps (OGC 20-058) of a collection, in a style, or of several collections.
#pragma once

#include "server/services/ogcapi/documents.hpp"

namespace ardoise::ogcapi {

Reply answer_collection_map(Asked const& asked);
Reply answer_dataset_map(Asked const& asked);

} // namespace ardoise::ogcapi
