// SPDX-License-Identifier: Apache-2.0
// The map of a build's report: where its sources and its levels lie.
#pragma once

#include "pyramid/build/builder.hpp"
#include "pyramid/build/report/preview.hpp"

#include <string>

namespace ardoise {

/// An SVG element, north up: the preview, the footprints of the sources in the set's CRS (beyond 2000 of
/// them a grid of the cells that they touch), the limits of the levels that are not much larger. Lines are
/// named by the classes "source" and "limits".
std::string report_map(Pyramid const& pyramid, PreparedBuild const& prepared,
                       std::optional<Preview> const& preview);

} // namespace ardoise
