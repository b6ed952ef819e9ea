// SPDX-License-Identifier: Apache-2.0
// The level of a river as a file says it that somebody else writes.
#pragma once

#include "styles/water.hpp"

#include <filesystem>

namespace ardoise {

/// The last line of the file: a height in metres above the gauge's zero, alone (it was taken when the file
/// was written), or behind a time of ISO 8601 and a blank, `;` or `,`. Throws Failure when it says anything
/// else, and when that time lies more than a day ahead.
LevelReading read_level(std::filesystem::path const& file, WaterScale const& scale);

} // namespace ardoise
