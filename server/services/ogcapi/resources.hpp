// SPDX-License-Identifier: Apache-2.0
// Every resource of OGC API: the table by which requests are answered and checked, and the API's definition
// is written.
#pragma once

#include "cache/caches.hpp"
#include "server/services/site.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace ardoise::ogcapi {

/// What an address says in the places of "{collectionId}", "{styleId}", "{tileMatrixSetId}", "{tileMatrix}",
/// "{tileRow}" and "{tileCol}". Empty where it has no such place.
struct PathNames {
    std::string_view collection, style, set, matrix, row, col;
};

/// A request for one resource. Lives no longer than its parts.
struct Asked {
    Request const& request;
    std::string_view path; // below /ogcapi
    PathNames names;
    Site const& site;
    Caches& caches;
};

/// A parameter of a query.
struct Parameter {
    std::string_view name, description;
    Json (*schema)(); // OpenAPI 3.0 Schema Object
};

/// A place in an address.
struct PathParameter {
    std::string_view name, description;
    std::string_view PathNames::*value;
};

enum class Content { document, api_definition, map, map_tile, vector_tile };

struct Resource {
    std::string_view path, operation_id, tag, summary;
    Content content;
    std::vector<Parameter const*> parameters;
    Reply (*answer)(Asked const&);
};

std::vector<Resource> const& resources();
std::span<PathParameter const> path_parameters();

/// What `path` says in the places of the resource's; nothing where it is another resource's address.
std::optional<PathNames> match(Resource const& resource, std::string_view path);

} // namespace ardoise::ogcapi
