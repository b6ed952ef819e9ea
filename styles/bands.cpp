// SPDX-License-Identifier: Apache-2.0
#include "styles/bands.hpp"

#include "pyramid/raster/dispatch.hpp"

namespace ardoise {

namespace {

template <typename Sample>
void pick(BandOrder const& order, RasterView values, Raster& picture)
{
    auto const channels = values.shape.channels;
    for (std::int32_t y = 0; y < values.shape.height; ++y) {
        auto const* from = values.row<Sample>(y);
        auto* to = picture.row<Sample>(y);
        for (std::int32_t x = 0; x < values.shape.width; ++x, from += channels)
            for (auto const band : order.bands)
                *to++ = from[band - 1];
    }
}

template <typename Sample>
void differ(NormalisedDifference const& bands, RasterView values, Raster& index)
{
    auto const channels = values.shape.channels;
    for (std::int32_t y = 0; y < values.shape.height; ++y) {
        auto const* from = values.row<Sample>(y);
        auto* to = index.row<float>(y);
        for (std::int32_t x = 0; x < values.shape.width; ++x, from += channels) {
            auto const a = static_cast<float>(from[bands.a - 1]), b = static_cast<float>(from[bands.b - 1]);
            to[x] = a + b == 0 ? 0 : (a - b) / (a + b);
        }
    }
}

} // namespace

Raster picked(BandOrder const& order, RasterView values)
{
    auto shape = values.shape;
    shape.channels = static_cast<std::int32_t>(order.bands.size());
    auto picture = Raster::unwritten(shape);
    with_sample_type(shape.type, [&](auto sample) { pick<decltype(sample)>(order, values, picture); });
    return picture;
}

Raster normalised_difference(NormalisedDifference const& bands, RasterView values)
{
    auto index = Raster::unwritten({values.shape.width, values.shape.height, 1, SampleType::float32});
    with_sample_type(values.shape.type, [&](auto sample) { differ<decltype(sample)>(bands, values, index); });
    return index;
}

} // namespace ardoise
