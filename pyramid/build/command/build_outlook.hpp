// SPDX-License-Identifier: Apache-2.0
// What a build will take, said before it begins: --dry-run, and the warning of a disk that is too small.
#pragma once

#include "pyramid/build/expectation.hpp"

#include <string>
#include <vector>

namespace ardoise {

/// A line for each product, one for time, one for the disk.
std::vector<std::string> outlook_lines(PreparedBuild const& prepared,
                                       std::optional<Expectation> const& expectation);
/// The plan and what is expected of it, for machines.
Json outlook_json(PreparedBuild const& prepared, std::optional<Expectation> const& expectation);
/// Empty when the disk of the store has room for what is expected. Nothing is tried where even raw pixels
/// would find room.
std::string warning_of_space(PreparedBuild const& prepared);

} // namespace ardoise
