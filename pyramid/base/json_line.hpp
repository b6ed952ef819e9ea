// SPDX-License-Identifier: Apache-2.0
// Where in a text a member of its JSON stands: for those who wrote it.
#pragma once

#include "pyramid/base/json.hpp"

namespace ardoise {

/// The line, from 1, with the name of `member`, which is somewhere inside of `document`, in the `text` that
/// this was read from; 0 when it is not in there.
int line_of(Json const& member, Json const& document, std::string_view text);

} // namespace ardoise
