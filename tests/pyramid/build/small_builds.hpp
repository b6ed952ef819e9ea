// SPDX-License-Identifier: Apache-2.0
// Builds of a few small dalles, and what came out of them.
#pragma once

#include "pyramid/build/builder.hpp"
#include "pyramid/store/pyramid.hpp"
#include "tests/support/dalle.hpp"
#include "tests/support/temporary_folder.hpp"

#include <map>

namespace ardoise::test {

/// A corner of the 2154_5cm grid that is also a corner of tiles: columns and rows of tiles are 12.8 m wide.
inline constexpr double left = 12.8 * 33600, top = 12000000 - 12.8 * 413000;

/// From `folder`/dalles to `folder`/store, one product P, slabs of 2x2 tiles, levels from 18 down.
BuildOptions options_for(TemporaryFolder const& folder, char const* format = "png");
BuildReport run(BuildOptions options);
Pyramid read(TemporaryFolder const& folder, std::string const& name = "P");

/// Pixels and mask of a whole level, tile by tile.
MaskedRaster level_pixels(Pyramid const& pyramid, Level const& level);

std::map<std::string, std::string> files_of(std::filesystem::path const& folder);
/// The slabs of a revision, and their checksums: what must be the same however it was built.
std::map<std::string, std::string> slabs_of(std::filesystem::path const& folder);

/// A mosaic of dalles, a little off the tiles' corners.
void write_dalles(TemporaryFolder const& folder, int columns, int rows, Dalle dalle = {});

} // namespace ardoise::test
