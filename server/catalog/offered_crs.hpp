// SPDX-License-Identifier: Apache-2.0
// The systems in which maps are offered without a word of anybody.
#pragma once

#include "pyramid/grid/crs.hpp"

#include <span>
#include <vector>

namespace ardoise {

/// The systems behind the codes, in their order. What this PROJ does not know is left out, with a line in the
/// log.
std::vector<Crs> known_crs(std::span<char const* const> codes);

/// Those that make sense all over the Earth: every layer has them.
std::vector<Crs> const& worldwide_crs();

/// Those of countries and zones: a layer has those whose area of use meets its ground (is_meant_for()).
std::vector<Crs> const& regional_crs();

} // namespace ardoise
