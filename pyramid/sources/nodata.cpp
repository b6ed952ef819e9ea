// SPDX-License-Identifier: Apache-2.0
#include "pyramid/sources/nodata.hpp"

#include "pyramid/raster/dispatch.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstring>
#include <limits>

namespace ardoise {

namespace {

template <typename Sample>
bool is(Sample sample, Sample nodata)
{
    if constexpr (std::is_floating_point_v<Sample>)
        return (sample == nodata) | (std::isnan(sample) & std::isnan(nodata));
    else
        return sample == nodata;
}

/// Most rows hold no nodata at all, and one look at all samples alike is the fastest way to know.
template <typename Sample>
bool holds(Sample const* samples, std::int32_t count, Sample nodata)
{
    unsigned char found = 0;
    for (std::int32_t i = 0; i < count; ++i)
        found |= static_cast<unsigned char>(is(samples[i], nodata));
    return found != 0;
}

/// How many pixels of the row are data.
template <typename Sample, int channels>
std::int32_t mark_row(Sample const* samples, std::array<Sample, 4> const& nodata, std::uint8_t* valid,
                      std::int32_t width)
{
    if (!holds(samples, width * channels, nodata[0])) {
        std::memset(valid, 255, static_cast<std::size_t>(width));
        return width;
    }
    std::int32_t nothing = 0;
    for (std::int32_t x = 0; x < width; ++x, samples += channels) {
        bool all = true;
        for (int c = 0; c < channels; ++c)
            all &= is(samples[c], nodata[static_cast<std::size_t>(c)]);
        valid[x] = all ? 0 : 255;
        nothing += all;
    }
    return width - nothing;
}

/// Doubles beyond a float's range become infinite, as they do where GDAL reads them.
template <typename Sample>
Sample as_sample(double value)
{
    if constexpr (std::is_floating_point_v<Sample>)
        if (std::abs(value) > std::numeric_limits<float>::max() && std::isfinite(value))
            return std::copysign(std::numeric_limits<float>::infinity(), value > 0 ? 1.0F : -1.0F);
    return static_cast<Sample>(value);
}

} // namespace

Nodata::Nodata(std::span<double const> values, SampleType type)
{
    assert(values.size() <= values_.size());
    if (!std::all_of(values.begin(), values.end(), [&](double value) { return can_hold(type, value); }))
        return;
    std::copy(values.begin(), values.end(), values_.begin());
    count_ = values.size();
}

Validity Nodata::mark(MaskedRaster& raster, PixelBox part) const
{
    std::int64_t data = 0;
    auto const& shape = raster.pixels.shape();
    with_sample_type(shape.type, [&](auto sample) {
        using Sample = decltype(sample);
        std::array<Sample, 4> nodata{};
        std::transform(values_.begin(), values_.end(), nodata.begin(), as_sample<Sample>);
        with_channels(shape.channels, [&](auto channels) {
            for (std::int32_t y = part.y; y < part.y + part.height; ++y)
                data +=
                    mark_row<Sample, channels()>(raster.pixels.template row<Sample>(y) + part.x * channels(),
                                                 nodata, raster.validity.row(y) + part.x, part.width);
        });
    });
    auto const all = std::int64_t{part.width} * part.height;
    return data == 0 ? Validity::none : data == all ? Validity::full : Validity::partial;
}

} // namespace ardoise
