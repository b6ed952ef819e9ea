// SPDX-License-Identifier: Apache-2.0
#include "styles/overlay.hpp"

#include <utility>

namespace ardoise {

Overlay::Overlay(std::optional<Shade> const& shade, std::optional<Contours> const& contours,
                 MaskedView heights, Ground const& ground)
    : shade_{shade}, contours_{contours}
{
    if (shade_)
        light_ = hillshade(shade_->hillshade, heights, ground);
    if (contours_)
        lines_ = contour_cover(*contours_, heights, ground);
}

Raster Overlay::over(Raster picture) const
{
    if (shade_)
        shade(*shade_, light_.view(), picture);
    return contours_ ? with_lines(*contours_, lines_.view(), std::move(picture)) : std::move(picture);
}

} // namespace ardoise
