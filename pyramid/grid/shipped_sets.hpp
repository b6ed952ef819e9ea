// SPDX-License-Identifier: Apache-2.0
// The files of sets/, carried inside the library so that a binary needs nothing beside it.
#pragma once

#include <span>
#include <string_view>
#include <utility>

namespace ardoise {

/// Name and JSON text of each shipped tile matrix set.
std::span<std::pair<std::string_view, std::string_view> const> shipped_sets();

} // namespace ardoise
