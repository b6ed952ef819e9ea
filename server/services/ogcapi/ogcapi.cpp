// SPDX-License-Identifier: Apache-2.0
#include "server/services/ogcapi/ogcapi.hpp"

#include "server/services/ogcapi/collections.hpp"
#include "server/services/ogcapi/landing.hpp"
#include "server/services/ogcapi/openapi.hpp"
#include "server/services/ogcapi/styles.hpp"
#include "server/services/ogcapi/tile_matrix_sets.hpp"

namespace ardoise {

namespace {

using namespace ogcapi;

Json json_of(Catalog const& catalog, std::string_view path, Form form)
{
    if (path == "/")
        return landing_page(catalog, form);
    if (path == "/conformance")
        return conformance(catalog, form);
    if (path == "/styles")
        return styles_document(catalog, form);
    return tile_matrix_sets_document(catalog, form);
}

} // namespace

Reply ogc_api(Request const& request, std::string_view path, Site const& site, Caches& caches)
{
    if (path.size() > 1 && path.ends_with('/'))
        path.remove_suffix(1);
    if (path.empty())
        path = "/";
    for (auto const& resource : resources())
        if (auto const names = match(resource, path))
            return resource.answer({request, path, *names, site, caches});
    return refuse(not_found("There is nothing at this address; the API's definition is at /ogcapi/api."));
}

std::map<std::string, Response, std::less<>> ogc_api_documents(Catalog const& catalog)
{
    std::map<std::string, Response, std::less<>> made;
    for (auto const* path : {"/", "/conformance", "/styles", "/tileMatrixSets"}) {
        made.emplace(fmt::format("{} json", path),
                     ready_for_many(write(json_of(catalog, path, Form::json), Form::json)));
        made.emplace(fmt::format("{} html", path),
                     ready_for_many(write(json_of(catalog, path, Form::html), Form::html)));
    }
    auto const definition = api_definition(catalog);
    made.emplace("/api json", ready_for_many(write(definition, Form::json, api_media_type)));
    made.emplace("/api html", ready_for_many(write(definition, Form::html)));
    return made;
}

} // namespace ardoise
