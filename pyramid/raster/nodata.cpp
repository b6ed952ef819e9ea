// SPDX-License-Identifier: Apache-2.0
#include "pyramid/raster/nodata.hpp"

#include "pyramid/raster/dispatch.hpp"

#include <algorithm>
#include <utility>

namespace ardoise {

namespace {

template <typename Sample>
void fill_invalid(MaskedRaster& values, std::vector<double> const& nodata)
{
    auto const& shape = values.pixels.shape();
    std::vector<Sample> pixel;
    for (double const value : nodata)
        pixel.push_back(static_cast<Sample>(value));
    for (std::int32_t y = 0; y < shape.height; ++y) {
        auto const* valid = values.validity.row(y);
        auto* to = values.pixels.row<Sample>(y);
        for (std::int32_t x = 0; x < shape.width; ++x, to += shape.channels)
            if (valid[x] == 0)
                std::copy_n(pixel.begin(), shape.channels, to);
    }
}

} // namespace

Raster with_nodata(MaskedRaster values, std::vector<double> const& nodata)
{
    if (!values.view().all_valid())
        with_sample_type(values.pixels.shape().type,
                         [&](auto sample) { fill_invalid<decltype(sample)>(values, nodata); });
    return std::move(values.pixels);
}

} // namespace ardoise
