// SPDX-License-Identifier: Apache-2.0
// Tilesets of a collection (OGC 20-057): their list, what is said of each, and their tiles. Of maps in any of
// the collection's styles, or of vector tiles.
#pragma once

#include "server/services/ogcapi/documents.hpp"

namespace ardoise::ogcapi {

Reply answer_map_tilesets(Asked const& asked);
Reply answer_map_tileset(Asked const& asked);
Reply answer_map_tile(Asked const& asked);

Reply answer_vector_tilesets(Asked const& asked);
Reply answer_vector_tileset(Asked const& asked);
Reply answer_vector_tile(Asked const& asked);

} // namespace ardoise::ogcapi
