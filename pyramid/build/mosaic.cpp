// SPDX-License-Identifier: Apache-2.0
#include "pyramid/build/mosaic.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace ardoise {

namespace {

constexpr double same_pixel = 1e-3;

bool near_integer(double value)
{
    return std::abs(value - std::round(value)) < same_pixel;
}

template <typename Sample>
void lay_row_over(Sample const* top, std::uint8_t const* top_valid, Sample* bottom,
                  std::uint8_t* bottom_valid, std::int32_t width, std::int32_t channels)
{
    for (std::int32_t x = 0; x < width; ++x, top += channels, bottom += channels) {
        if (top_valid[x] == 0)
            continue;
        double const cover = top_valid[x] / 255.0, below = (1 - cover) * bottom_valid[x] / 255.0;
        for (std::int32_t c = 0; c < channels; ++c) {
            // What weighs nothing is not looked at: it may be NaN.
            double const mixed = below > 0 ? (top[c] * cover + bottom[c] * below) / (cover + below) : top[c];
            bottom[c] = std::is_integral_v<Sample> ? static_cast<Sample>(std::lround(mixed))
                                                   : static_cast<Sample>(mixed);
        }
        bottom_valid[x] = static_cast<std::uint8_t>(std::lround(255 * (cover + below)));
    }
}

template <typename Sample>
void lay_over_as(MaskedRaster const& top, MaskedRaster& bottom, PixelBox part, std::int32_t x, std::int32_t y)
{
    auto const channels = top.pixels.shape().channels;
    auto const row_bytes = static_cast<std::size_t>(part.width) * top.pixels.shape().bytes_per_pixel();
    for (std::int32_t row = part.y; row < part.y + part.height; ++row) {
        auto const* from = top.pixels.row<Sample>(row) + part.x * channels;
        auto const* from_valid = top.validity.row(row) + part.x;
        auto* to = bottom.pixels.row<Sample>(y + row) + (x + part.x) * channels;
        auto* to_valid = bottom.validity.row(y + row) + x + part.x;
        if (std::all_of(from_valid, from_valid + part.width,
                        [](std::uint8_t valid) { return valid == 255; })) {
            std::memcpy(to, from, row_bytes);
            std::memset(to_valid, 255, static_cast<std::size_t>(part.width));
        } else {
            lay_row_over(from, from_valid, to, to_valid, part.width, channels);
        }
    }
}

} // namespace

void lay_over(MaskedRaster const& top, MaskedRaster& bottom, std::int32_t x, std::int32_t y)
{
    auto const shape = top.pixels.shape(), below = bottom.pixels.shape();
    std::int32_t const first_x = std::max(0, -x), first_y = std::max(0, -y);
    PixelBox const part{first_x, first_y, std::min(shape.width, below.width - x) - first_x,
                        std::min(shape.height, below.height - y) - first_y};
    if (part.width <= 0 || part.height <= 0)
        return;
    switch (shape.type) {
    case SampleType::uint8:
        return lay_over_as<std::uint8_t>(top, bottom, part, x, y);
    case SampleType::uint16:
        return lay_over_as<std::uint16_t>(top, bottom, part, x, y);
    case SampleType::float32:
        return lay_over_as<float>(top, bottom, part, x, y);
    }
}

Mosaic::Mosaic(Source first) : sources_{std::move(first)}, places_{{0, 0}} {}

bool Mosaic::accepts(Source const& source) const
{
    auto const& first = sources_.front();
    // Pixel sizes that differ so little that the far end of the source is still on the grid.
    double const reach = static_cast<double>(std::max(source.width, source.height));
    return std::abs(source.pixel_width / first.pixel_width - 1) * reach < same_pixel &&
           std::abs(source.pixel_height / first.pixel_height - 1) * reach < same_pixel &&
           near_integer((source.left - first.left) / first.pixel_width) &&
           near_integer((first.top - source.top) / first.pixel_height) && same_place(source.crs, first.crs);
}

void Mosaic::add(Source source)
{
    auto const& first = sources_.front();
    places_.push_back({std::llround((source.left - first.left) / first.pixel_width),
                       std::llround((first.top - source.top) / first.pixel_height)});
    sources_.push_back(std::move(source));
}

MaskedRaster Mosaic::read(SourceReader& reader, std::int64_t x, std::int64_t y, std::int64_t width,
                          std::int64_t height, std::span<int const> bands, int decimation) const
{
    auto const shrunk = [&](std::int64_t length) {
        return static_cast<std::int32_t>((length + decimation - 1) / decimation);
    };
    MaskedRaster whole{
        {shrunk(width), shrunk(height), static_cast<std::int32_t>(bands.size()), sources_.front().type}};
    for (std::size_t i = 0; i < sources_.size(); ++i) {
        auto const& source = sources_[i];
        // In the source's own pixels, blocks of a decimated window kept whole.
        std::int64_t const from_x = x - places_[i].x, from_y = y - places_[i].y;
        std::int64_t const first_x = std::max<std::int64_t>(from_x, 0),
                           first_y = std::max<std::int64_t>(from_y, 0);
        std::int64_t const last_x = std::min(from_x + width, source.width),
                           last_y = std::min(from_y + height, source.height);
        if (first_x >= last_x || first_y >= last_y)
            continue;
        PixelBox const part{static_cast<std::int32_t>(first_x), static_cast<std::int32_t>(first_y),
                            static_cast<std::int32_t>(last_x - first_x),
                            static_cast<std::int32_t>(last_y - first_y)};
        auto pixels = reader.read(source, part, bands, decimation);
        bool const is_all = sources_.size() == 1 && pixels.pixels.shape() == whole.pixels.shape();
        if (is_all)
            return pixels;
        lay_over(pixels, whole, static_cast<std::int32_t>((first_x - from_x) / decimation),
                 static_cast<std::int32_t>((first_y - from_y) / decimation));
    }
    return whole;
}

std::vector<Mosaic> group_by_grid(std::vector<Source> sources)
{
    std::vector<Mosaic> mosaics;
    for (auto& source : sources) {
        auto const same_grid = std::find_if(mosaics.begin(), mosaics.end(),
                                            [&](Mosaic const& mosaic) { return mosaic.accepts(source); });
        if (same_grid == mosaics.end())
            mosaics.emplace_back(std::move(source));
        else
            same_grid->add(std::move(source));
    }
    return mosaics;
}

} // namespace ardoise
