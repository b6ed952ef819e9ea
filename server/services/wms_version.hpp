// SPDX-License-Identifier: Apache-2.0
// The two versions of WMS, and how client and server find the one that both speak (OGC 06-042 6.2).
#pragma once

#include "server/exchange/ogc_error.hpp"
#include "server/exchange/request.hpp"

namespace ardoise {

enum class WmsVersion { v1_1_1, v1_3_0 };

/// The highest version that is not above what the client states in VERSION, or WMTVER as it was called before
/// 1.1.0 (VERSION wins); the lowest when all are; the highest when it states none (6.2.4).
WmsVersion negotiate(Query const& query);

/// What every request but GetCapabilities must state: 1.3.0, 1.1.1, or 1.1.0, which asks alike.
Result<WmsVersion> stated_version(Query const& query);

} // namespace ardoise
