// SPDX-License-Identifier: Apache-2.0
// The options that say what is built from what: of `build`, and of `plan`.
#pragma once

#include "pyramid/build/builder.hpp"
#include "pyramid/build/command/command_line.hpp"

namespace ardoise {

/// Sources, products, set, levels, resampling; --jobs and --json. `more`: what else its usage names.
CommandLine build_command_line(std::string const& command, std::string const& more = {});
/// Throws UsageError.
BuildOptions build_options(boost::program_options::variables_map const& values);
/// The shipped tile matrix sets, and those of the store that is built into.
TileMatrixSetLibrary library_of_store(boost::program_options::variables_map const& values);

/// Sources, products, levels and slabs.
std::vector<std::string> plan_lines(PreparedBuild const& prepared);

} // namespace ardoise
