// SPDX-License-Identifier: Apache-2.0
// The style that a command line names, fit for a pyramid.
#pragma once

#include "styles/style.hpp"

#include <optional>
#include <string>

namespace ardoise {

/// `wanted`: a style that ships, NAME of `folder`/NAME.json, "classes" of a pyramid that has some, or the
/// path of a file NAME.json. At `water_level` where it is of water, settled for that pyramid. Throws Failure
/// where there is no such style, or where it does not fit.
Style choose_style(std::string const& wanted, std::filesystem::path const& folder,
                   std::optional<double> water_level, Pyramid const& pyramid);

} // namespace ardoise
