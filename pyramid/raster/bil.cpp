// SPDX-License-Identifier: Apache-2.0
#include "pyramid/raster/bil.hpp"

#include "pyramid/raster/dispatch.hpp"

namespace ardoise::bil {

namespace {

template <typename Sample>
void write_row(Sample const* row, RasterShape const& shape, std::byte*& to)
{
    for (std::int32_t channel = 0; channel < shape.channels; ++channel)
        for (std::int32_t x = 0; x < shape.width; ++x) {
            std::memcpy(to, row + std::int64_t{x} * shape.channels + channel, sizeof(Sample));
            to += sizeof(Sample);
        }
}

} // namespace

Bytes encode(RasterView values)
{
    Bytes bytes(values.shape.bytes());
    auto* to = bytes.data();
    with_sample_type(values.shape.type, [&](auto sample) {
        for (std::int32_t y = 0; y < values.shape.height; ++y)
            write_row(values.row<decltype(sample)>(y), values.shape, to);
    });
    return bytes;
}

} // namespace ardoise::bil
