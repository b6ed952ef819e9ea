// SPDX-License-Identifier: Apache-2.0
// UPDATESEQUENCE: whether a client has the capabilities of this moment already (OGC 06-042 7.2.3.5, OGC
// 06-121r3 7.3.4).
#pragma once

#include "server/catalog/catalog.hpp"
#include "server/exchange/ogc_error.hpp"
#include "server/exchange/request.hpp"

namespace ardoise {

/// Of the number that the client states, if it does.
enum class UpdateSequence { unstated_or_lower, current, higher };

/// A text that is no number is none of ours, and counts as higher.
UpdateSequence compare_update_sequence(Query const& query, Catalog const& catalog);

/// As an attribute has it.
std::string update_sequence_text(Catalog const& catalog);

/// To say to who states a higher one.
OgcError invalid_update_sequence(Catalog const& catalog);

} // namespace ardoise
