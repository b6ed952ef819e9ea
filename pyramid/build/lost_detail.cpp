// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/lost_detail.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ardoise {

namespace {

constexpr double alike = 1.05;

std::string remedy(LostDetail const& lost, TileMatrixSet const& set)
{
    if (!lost.keeping)
        return fmt::format("the set {} has no level that keeps all of it", set.id);
    return fmt::format("`--bottom {}` ({}) keeps all of it", lost.keeping->id,
                       pixel_text(lost.keeping->cell_size, set.crs));
}

} // namespace

std::optional<LostDetail> lost_detail(BuildPlan const& plan)
{
    auto const& finest = plan.matrix(plan.finest().base_level);
    if (!std::isfinite(plan.finest_source) || finest.cell_size <= alike * plan.finest_source)
        return std::nullopt;
    LostDetail lost{.finest = finest, .source = plan.finest_source, .keeping = std::nullopt};
    auto const& matrices = plan.set->matrices;
    auto const keeping = std::find_if(matrices.begin(), matrices.end(), [&](TileMatrix const& matrix) {
        bool const may_be_built =
            matrix.tile_width == finest.tile_width && matrix.tile_height == finest.tile_height;
        return may_be_built && matrix.cell_size <= alike * lost.source;
    });
    if (keeping != matrices.end())
        lost.keeping = *keeping;
    return lost;
}

std::string lost_detail_text(BuildPlan const& plan)
{
    auto const lost = lost_detail(plan);
    if (!lost)
        return "";
    auto const& crs = plan.set->crs;
    return fmt::format("level {} has pixels of {}, coarser than the finest source's of {} (both in {}): "
                       "detail is lost, and {}",
                       lost->finest.id, pixel_text(lost->finest.cell_size, crs),
                       pixel_text(lost->source, crs), crs.code(), remedy(*lost, *plan.set));
}

std::string pixel_text(double size, Crs const& crs)
{
    return crs.geographic() ? fmt::format("{:.4g}°", size)
                            : fmt::format("{:.4g} m", size * crs.metres_per_unit());
}

} // namespace ardoise
