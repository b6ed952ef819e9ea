// SPDX-License-Identifier: Apache-2.0
// From a request to what is sent for it: the handler asked, its exceptions turned into a 500 that gives
// nothing away.
#pragma once

#include "server/exchange/response.hpp"

namespace ardoise {

/// A finished response, or work that never throws, whose response complete() will finish for each who waits
/// for it. Never throws.
Reply ask(Handler const& handler, Request const& request);

/// What is sent to one client for a response that was made for all who wanted it. Never throws.
Response complete(Response made, Request const& request);

/// The 503 for a render queue that is full.
Response too_busy();

/// The response to a request that is not worth a handler: 400, 413, 414, 431.
Response refusal(int status);

} // namespace ardoise
