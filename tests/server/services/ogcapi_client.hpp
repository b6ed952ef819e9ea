// SPDX-License-Identifier: Apache-2.0
// A client of the painted site's OGC API.
#pragma once

#include "tests/support/painted_site.hpp"

namespace ardoise::test {

/// What is at `path` below /ogcapi.
inline Response get(std::string const& path)
{
    return painted_site().get("/ogcapi" + path);
}

/// The same for a client that sends Accept; what the service answers, before it is compressed.
inline Response get_as(std::string const& path, std::string const& accept)
{
    Request request;
    assign_target(request, "/ogcapi" + path);
    request.accept = accept;
    static Caches caches;
    auto const& site = painted_site().site();
    static Published<Site> const sites{std::shared_ptr<Site const>{std::shared_ptr<void>{}, &site}};
    static Router const router{sites, caches};
    return done(router(request));
}

inline std::string header(Response const& response, std::string_view name)
{
    for (auto const& [key, value] : response.headers)
        if (key == name)
            return value;
    return {};
}

} // namespace ardoise::test
