// SPDX-License-Identifier: Apache-2.0
// Collections (OGC 20-024): each layer is one.
#pragma once

#include "server/services/ogcapi/documents.hpp"

namespace ardoise::ogcapi {

/// The collection of the address, or NotFound.
Result<std::shared_ptr<Layer const>> find_collection(Asked const& asked);
/// Of those only that hold pixels, as maps and their tiles need.
Result<std::shared_ptr<Layer const>> find_mapped_collection(Asked const& asked);

/// Degrees, as an Extent Object.
Json extent_of(BoundingBox const& degrees);
/// Four numbers in the order of a system's axes.
Json corners_of(BoundingBox const& box, Crs const& crs);

Reply answer_collections(Asked const& asked);
Reply answer_collection(Asked const& asked);

} // namespace ardoise::ogcapi
