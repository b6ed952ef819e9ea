// SPDX-License-Identifier: Apache-2.0
#include "pyramid/raster/limits.hpp"

#include "pyramid/base/failure.hpp"

namespace ardoise {

void check_size(std::string_view format, std::int64_t width, std::int64_t height)
{
    if (width < 1 || height < 1 || width > longest_side || height > longest_side ||
        width * height > most_pixels)
        fail("{}: {} x {} pixels: expected 1 to {} a side and at most {} in all", format, width, height,
             longest_side, most_pixels);
}

void check_encodable(std::string_view format, RasterShape shape, bool channels_fit, bool type_fits)
{
    check_size(format, shape.width, shape.height);
    if (!channels_fit)
        fail("{}: cannot hold {} channels", format, shape.channels);
    if (!type_fits)
        fail("{}: cannot hold samples of {} bits", format, 8 * bytes_per_sample(shape.type));
}

} // namespace ardoise
