// SPDX-License-Identifier: Apache-2.0
// What of the sources a pyramid cannot show, because its finest level is coarser than they are.
#pragma once

#include "pyramid/build/plan.hpp"

#include <optional>
#include <string>

namespace ardoise {

/// Both sizes are those of a pixel, in units of the set's CRS.
struct LostDetail {
    TileMatrix finest;                 // level of the plan
    double source = 0;                 // of the finest source
    std::optional<TileMatrix> keeping; // coarsest of the set that keeps all of it; nothing where none does
};

/// Nothing where the finest level is as fine as the finest source, or coarser by no more than 5 %: round
/// sizes of another CRS seldom agree.
std::optional<LostDetail> lost_detail(BuildPlan const& plan);

/// "level 19 has pixels of 0.4 m, coarser than the finest source's of 0.3 m (both in EPSG:2154): detail is
/// lost, and `--bottom 20` (0.2 m) keeps all of it". Empty where nothing is lost.
std::string lost_detail_text(BuildPlan const& plan);

/// "0.4 m", "8.3e-06°": a pixel in units of the CRS.
std::string pixel_text(double size, Crs const& crs);

} // namespace ardoise
