// SPDX-License-Identifier: Apache-2.0
// Exception documents: each protocol's own way to tell a client its mistake.
#pragma once

#include "server/exchange/ogc_error.hpp"
#include "server/exchange/response.hpp"

namespace ardoise {

/// ows:ExceptionReport (OGC 06-121r3 8.5), as WMTS 1.0.0 wants it. Status 400, 501 for OperationNotSupported,
/// or `status`.
Response ows_exception(OgcError const& error, int status = 0);
/// ServiceExceptionReport: WMS 1.3.0 (OGC 06-042 annex E.2) as text/xml.
Response wms_130_exception(OgcError const& error);
/// WMS 1.1.1 (OGC 01-068r3 annex A.3) as application/vnd.ogc.se_xml.
Response wms_111_exception(OgcError const& error);
/// TileMapServerError (OSGeo TMS 1.0.0) as text/xml. Status 400 for InvalidParameterValue, or 404.
Response tms_exception(OgcError const& error);
/// For OGC API, and addresses that belong to no protocol: {"type", "title", "status", "detail"} (RFC 9457,
/// which was RFC 7807).
Response problem(int status, std::string_view title, std::string_view detail);

} // namespace ardoise
