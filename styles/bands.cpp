// SPDX-License-Identifier: Apache-2.0
#include "styles/bands.hpp"

#include "pyramid/raster/dispatch.hpp"

#include <type_traits>

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

template <int channels, typename Sample>
void differ(NormalisedDifference const& bands, RasterView values, Raster& index)
{
    for (std::int32_t y = 0; y < values.shape.height; ++y) {
        auto const* from = values.row<Sample>(y);
        auto* to = index.row<float>(y);
        for (std::int32_t x = 0; x < values.shape.width; ++x, from += channels) {
            auto const a = static_cast<float>(from[bands.a - 1]), b = static_cast<float>(from[bands.b - 1]);
            auto const quotient = (a - b) / (a + b);
            to[x] = a + b == 0 ? 0 : quotient; // chosen, not branched to: pixels follow no pattern
        }
    }
}

template <typename Sample>
void weigh(RasterView colours, Raster& luma)
{
    auto const channels = colours.shape.channels;
    for (std::int32_t y = 0; y < colours.shape.height; ++y) {
        auto const* from = colours.row<Sample>(y);
        auto* to = luma.row<Sample>(y);
        for (std::int32_t x = 0; x < colours.shape.width; ++x, from += channels) {
            if constexpr (std::is_integral_v<Sample>)
                to[x] =
                    static_cast<Sample>((299U * from[0] + 587U * from[1] + 114U * from[2] + 500U) / 1000U);
            else
                to[x] = static_cast<Sample>(0.299 * from[0] + 0.587 * from[1] + 0.114 * from[2]);
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
    with_sample_type(values.shape.type, [&](auto sample) {
        with_channels(values.shape.channels,
                      [&](auto channels) { differ<channels(), decltype(sample)>(bands, values, index); });
    });
    return index;
}

Raster grey(Grey const&, RasterView values)
{
    if (values.shape.channels < 3)
        return picked({{1}}, values);
    auto luma = Raster::unwritten({values.shape.width, values.shape.height, 1, values.shape.type});
    with_sample_type(values.shape.type, [&](auto sample) { weigh<decltype(sample)>(values, luma); });
    return luma;
}

} // namespace ardoise
