// SPDX-License-Identifier: Apache-2.0
// The facts of a build as a page: one HTML file that needs no other, without scripts.
#pragma once

#include "pyramid/build/builder.hpp"
#include "pyramid/build/report/preview.hpp"

#include <string>

namespace ardoise {

/// `preview` is drawn under the map of limits and footprints, as WebP inside the page. Pure: same facts, same
/// text.
std::string report_page(BuildFacts const& facts, PreparedBuild const& prepared,
                        std::optional<Preview> const& preview);

} // namespace ardoise
