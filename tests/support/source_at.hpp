// SPDX-License-Identifier: Apache-2.0
// Sources that are nowhere but in a test: for what asks where they lie, and reads none.
#pragma once

#include "pyramid/sources/source.hpp"

namespace ardoise::test {

/// A square of `side` pixels, each `pixel` wide, whose upper left corner is (left, top).
inline Source source_at(double left, double top, double pixel = 0.05, std::int64_t side = 100,
                        char const* crs = "EPSG:2154")
{
    Source source{.file = "dalle.tif", .crs = Crs::from_definition(crs)};
    source.left = left;
    source.top = top;
    source.pixel_width = source.pixel_height = pixel;
    source.width = source.height = side;
    source.bands = 3;
    return source;
}

} // namespace ardoise::test
