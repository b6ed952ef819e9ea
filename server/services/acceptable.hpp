// SPDX-License-Identifier: Apache-2.0
// Documents for clients that say what they take.
#pragma once

#include "server/exchange/response.hpp"

namespace ardoise {

/// `document`; or 406 where the client takes no media type that any document here has. Who takes another one
/// of these gets it all the same, as RFC 9110 (15.5.7) allows: clients send more Accept than they mean.
Reply if_acceptable(Request const& request, Reply document);

} // namespace ardoise
