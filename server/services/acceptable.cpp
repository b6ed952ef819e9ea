// SPDX-License-Identifier: Apache-2.0
#include "server/services/acceptable.hpp"

#include "server/exchange/accept.hpp"
#include "server/services/exceptions.hpp"

namespace ardoise {

Reply if_acceptable(Request const& request, Reply document)
{
    constexpr std::string_view media_types[] = {
        "application/xml",  "text/xml",  "application/vnd.ogc.wms_xml",
        "application/json", "text/html", "text/plain"};
    if (accepts_any(request.accept, media_types))
        return document;
    return problem(406, "Not acceptable", "Documents are XML or JSON; your Accept header takes neither.");
}

} // namespace ardoise
