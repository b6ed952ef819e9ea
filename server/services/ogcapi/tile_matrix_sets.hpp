// SPDX-License-Identifier: Apache-2.0
// Tile matrix sets in the OGC's JSON (17-083r4, annex B).
#pragma once

#include "server/services/ogcapi/documents.hpp"

namespace ardoise::ogcapi {

/// The set's place in the OGC's register, or else its own here.
std::string uri_of(Catalog const& catalog, TileMatrixSet const& set);
/// "/tileMatrixSets/{id}", with the id encoded.
std::string path_of(TileMatrixSet const& set);
/// A corner in the order of the system's axes.
Json point_of(double x, double y, Crs const& crs);
/// The names of these axes.
Json axes_of(Crs const& crs);
/// A 2DBoundingBox, in that order.
Json bounding_box(BoundingBox const& box, Crs const& crs);

/// All sets that some layer is offered in.
Json tile_matrix_sets_document(Catalog const& catalog, Form form);

Reply answer_tile_matrix_set(Asked const& asked);

} // namespace ardoise::ogcapi
