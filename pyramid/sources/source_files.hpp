// SPDX-License-Identifier: Apache-2.0
// From arguments of the command line to files.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace ardoise {

/// Every raster named by `arguments`: files, folders (walked through), shell patterns with * and ?. Absolute,
/// sorted by path, each once. A VRT is taken when it is named, not when a folder holds it: it shows its
/// neighbours. Throws Failure naming an argument that leads to nothing, or to no local file (/vsicurl/...,
/// https://...).
std::vector<std::filesystem::path> find_source_files(std::span<std::string const> arguments);

/// Whether there is anything that `argument` names: a file, a folder, or files that a pattern fits.
bool leads_to_something(std::string const& argument);

} // namespace ardoise
