// SPDX-License-Identifier: Apache-2.0
#include "styles/colorize.hpp"

#include <algorithm>
#include <cstdlib>

namespace ardoise {

namespace {

bool is_source(Colorize const& colorize, std::uint8_t const* pixel)
{
    for (std::size_t i = 0; i < colorize.source.size(); ++i)
        if (std::abs(pixel[i] - colorize.source[i]) > colorize.tolerance)
            return false;
    return true;
}

} // namespace

Raster colorized(Colorize const& colorize, RasterView picture)
{
    auto const from_channels = picture.shape.channels;
    auto const to_channels = static_cast<std::int32_t>(colorize.destination.size());
    auto made =
        Raster::unwritten({picture.shape.width, picture.shape.height, to_channels, SampleType::uint8});
    for (std::int32_t y = 0; y < picture.shape.height; ++y) {
        auto const* from = picture.row(y);
        auto* to = made.row(y);
        for (std::int32_t x = 0; x < picture.shape.width; ++x, from += from_channels, to += to_channels) {
            if (is_source(colorize, from)) {
                std::copy(colorize.destination.begin(), colorize.destination.end(), to);
                continue;
            }
            std::copy_n(from, std::min(from_channels, to_channels), to);
            if (from_channels < to_channels)
                to[from_channels] = 255;
        }
    }
    return made;
}

} // namespace ardoise
