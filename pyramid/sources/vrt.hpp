// SPDX-License-Identifier: Apache-2.0
// GDAL's virtual rasters: which files they name, and whether they are plain mosaics of plain files.
#pragma once

#include <filesystem>
#include <vector>

namespace ardoise {

/// Throws Failure, naming VRT and path, unless the VRT is an ordinary mosaic: bands that are cut out of
/// images, each a plain file in the VRT's own folder or below it (links followed), none of which points
/// elsewhere itself. No pixel functions, no warping, no options of drivers, no addresses. Whoever trusts the
/// VRT says --allow-vrt.
void check_vrt(std::filesystem::path const& vrt);

/// The paths of what the VRT names, in its order, those that are no files included. Throws Failure when the
/// VRT is no XML.
std::vector<std::filesystem::path> files_of_vrt(std::filesystem::path const& vrt);

} // namespace ardoise
