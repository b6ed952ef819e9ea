// SPDX-License-Identifier: Apache-2.0
// JSON documents as pages for people.
#pragma once

#include "pyramid/base/json.hpp"

#include <string>

namespace ardoise::ogcapi {

/// A page that says what `document` does, without scripts: members as lists, links as links, the one to a map
/// as that map. All text is escaped.
std::string page(Json const& document);

} // namespace ardoise::ogcapi
