// SPDX-License-Identifier: Apache-2.0
// A town of small dalles, built once and brought up to date.
#pragma once

#include "pyramid/build/update.hpp"
#include "tests/pyramid/build/small_builds.hpp"

namespace ardoise::test {

/// Small dalles far from one another, so that each has patches of its own: patches are 204.8 m wide.
void write_dalle_at(TemporaryFolder const& folder, int col, int row, double brightness = 0);
/// Twelve of them.
void write_town(TemporaryFolder const& folder);

PreparedUpdate prepared_update(TemporaryFolder const& folder, UpdateOptions options = {});
UpdateReport run_update(TemporaryFolder const& folder, UpdateOptions options = {});

/// What a build of the sources as they are now would give.
std::map<std::string, std::string> built_anew(BuildOptions options);

} // namespace ardoise::test
