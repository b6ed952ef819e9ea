// SPDX-License-Identifier: Apache-2.0
#include "pyramid/raster/alpha.hpp"

#include <algorithm>

namespace ardoise {

void weigh_by_alpha(MaskedRaster& picture)
{
    auto const shape = picture.pixels.shape();
    if (picture.validity.empty())
        picture.validity = full_validity(shape);
    for (std::int32_t y = 0; y < shape.height; ++y) {
        auto const* alpha = picture.pixels.row(y) + shape.channels - 1;
        auto* valid = picture.validity.row(y);
        for (std::int32_t x = 0; x < shape.width; ++x, alpha += shape.channels)
            valid[x] = std::min(valid[x], *alpha);
    }
}

} // namespace ardoise
