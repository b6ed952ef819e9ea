// SPDX-License-Identifier: Apache-2.0
#include "styles/tone.hpp"

#include "pyramid/raster/dispatch.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace ardoise {

namespace {

std::int32_t colours_of(RasterShape const& shape)
{
    return shape.channels - (shape.channels % 2 == 0 ? 1 : 0);
}

ShadeRange whole_range(SampleType type)
{
    return {0, type == SampleType::uint16 ? 65535.0 : 255.0};
}

/// From values of one colour to shades.
class Curve {
public:
    Curve(Tone const& tone, std::size_t colour, SampleType type) : exponent_{1 / tone.gamma}
    {
        auto const& ranges = tone.stretch;
        auto const range = ranges.empty() ? whole_range(type) : ranges[std::min(colour, ranges.size() - 1)];
        low_ = range.low;
        per_unit_ = 1 / (range.high - range.low);
    }

    std::uint8_t shade(double value) const
    {
        double const share = (value - low_) * per_unit_;
        if (!(share > 0)) // not a number: 0
            return 0;
        double const bent = exponent_ == 1 ? std::min(share, 1.0) : std::pow(std::min(share, 1.0), exponent_);
        return static_cast<std::uint8_t>(255 * bent + 0.5);
    }

private:
    double low_ = 0, per_unit_ = 1, exponent_;
};

/// One channel; `shade` maps one sample.
template <typename Sample, typename Shade>
void map_channel(RasterView values, Raster& picture, std::int32_t channel, Shade const& shade)
{
    auto const channels = values.shape.channels;
    for (std::int32_t y = 0; y < values.shape.height; ++y) {
        auto const* from = values.row<Sample>(y) + channel;
        auto* to = picture.row(y) + channel;
        for (std::int32_t x = 0; x < values.shape.width; ++x, from += channels, to += channels)
            *to = shade(*from);
    }
}

std::vector<std::uint8_t> table_of(Curve const& curve, std::size_t values)
{
    std::vector<std::uint8_t> table;
    table.reserve(values);
    for (std::size_t value = 0; value < values; ++value)
        table.push_back(curve.shade(static_cast<double>(value)));
    return table;
}

void tone_channel(Curve const& curve, RasterView values, Raster& picture, std::int32_t channel)
{
    if (values.shape.type == SampleType::float32)
        return map_channel<float>(values, picture, channel, [&](float value) { return curve.shade(value); });
    if (values.shape.type == SampleType::uint8) {
        auto const table = table_of(curve, 256);
        return map_channel<std::uint8_t>(values, picture, channel,
                                         [&](std::uint8_t value) { return table[value]; });
    }
    auto const table = table_of(curve, 65536);
    map_channel<std::uint16_t>(values, picture, channel, [&](std::uint16_t value) { return table[value]; });
}

template <typename Sample>
std::vector<double> data_of(MaskedView values, std::int32_t channel)
{
    auto const& shape = values.pixels.shape;
    std::vector<double> data;
    for (std::int32_t y = 0; y < shape.height; ++y)
        for (std::int32_t x = 0; x < shape.width; ++x) {
            auto const value =
                static_cast<double>(values.pixels.row<Sample>(y)[x * shape.channels + channel]);
            bool const is_data = values.all_valid() || values.validity.row(y)[x] != 0;
            if (is_data && std::isfinite(value))
                data.push_back(value);
        }
    return data;
}

/// `data` is not empty.
double percentile(std::vector<double>& data, double percent)
{
    auto const place = std::lround(percent / 100 * static_cast<double>(data.size() - 1));
    std::nth_element(data.begin(), data.begin() + place, data.end());
    return data[static_cast<std::size_t>(place)];
}

/// Where both percentiles are one value, as that of the paper of a scanned map, all values count.
ShadeRange range_of(std::vector<double>& data, Percentiles const& shares, SampleType type)
{
    for (auto const& [low, high] : {shares, Percentiles{0, 100}})
        if (!data.empty())
            if (ShadeRange const range{percentile(data, low), percentile(data, high)}; range.low < range.high)
                return range;
    return whole_range(type);
}

/// Looks at a picture pixel by pixel.
class Picture {
public:
    Picture(MaskedView pixels, std::int32_t margin)
        : pixels_{pixels}, margin_{margin}, step_{std::max(1, margin)}, channels_{
                                                                            pixels.pixels.shape.channels}
    {
    }

    /// In pixels of what is left without the margin.
    bool is_data(std::int32_t x, std::int32_t y) const
    {
        return pixels_.all_valid() || pixels_.validity.row(y + margin_)[x + margin_] != 0;
    }
    std::uint8_t const* at(std::int32_t x, std::int32_t y) const
    {
        return pixels_.pixels.row(y + margin_) + (x + margin_) * channels_;
    }

    /// The nine around a pixel, row by row.
    std::array<std::uint8_t const*, 9> around(std::int32_t x, std::int32_t y) const
    {
        std::array<std::uint8_t const*, 9> found;
        auto* to = found.data();
        for (int down = -1; down <= 1; ++down)
            for (int right = -1; right <= 1; ++right)
                *to++ = neighbour(x, y, right * step_, down * step_);
        return found;
    }

private:
    std::uint8_t const* neighbour(std::int32_t x, std::int32_t y, std::int32_t right, std::int32_t down) const
    {
        auto const& shape = pixels_.pixels.shape;
        auto const there_x = x + right, there_y = y + down;
        bool const is_inside = there_x + margin_ >= 0 && there_y + margin_ >= 0 &&
                               there_x + margin_ < shape.width && there_y + margin_ < shape.height;
        return is_inside && is_data(there_x, there_y) ? at(there_x, there_y) : at(x, y);
    }

    MaskedView pixels_;
    std::int32_t margin_, step_, channels_;
};

std::uint8_t crisp(std::array<std::uint8_t const*, 9> const& near, std::size_t channel, double amount)
{
    auto const value = [&](std::size_t i) { return static_cast<int>(near[i][channel]); };
    int const corners = value(0) + value(2) + value(6) + value(8),
              sides = value(1) + value(3) + value(5) + value(7);
    double const mean = (corners + 2 * sides + 4 * value(4)) / 16.0;
    return static_cast<std::uint8_t>(std::clamp(value(4) + amount * (value(4) - mean), 0.0, 255.0) + 0.5);
}

} // namespace

std::vector<ShadeRange> ranges_of(MaskedView values, Percentiles const& shares)
{
    std::vector<ShadeRange> ranges;
    for (std::int32_t channel = 0; channel < colours_of(values.pixels.shape); ++channel) {
        std::vector<double> data;
        with_sample_type(values.pixels.shape.type,
                         [&](auto sample) { data = data_of<decltype(sample)>(values, channel); });
        ranges.push_back(range_of(data, shares, values.pixels.shape.type));
    }
    return ranges;
}

Raster toned(Tone const& tone, RasterView values)
{
    auto const& shape = values.shape;
    auto picture = Raster::unwritten({shape.width, shape.height, shape.channels, SampleType::uint8});
    auto const colours = colours_of(shape);
    for (std::int32_t channel = 0; channel < shape.channels; ++channel)
        tone_channel({channel < colours ? tone : Tone{}, static_cast<std::size_t>(channel), shape.type},
                     values, picture, channel);
    return picture;
}

MaskedRaster sharpened(double amount, MaskedView picture, std::int32_t margin)
{
    auto const& shape = picture.pixels.shape;
    MaskedRaster made{
        {shape.width - 2 * margin, shape.height - 2 * margin, shape.channels, SampleType::uint8}};
    auto const colours = static_cast<std::size_t>(colours_of(shape)),
               channels = static_cast<std::size_t>(shape.channels);
    Picture const pixels{picture, margin};
    for (std::int32_t y = 0; y < made.pixels.shape().height; ++y) {
        auto* to = made.pixels.row(y);
        auto* valid = made.validity.row(y);
        for (std::int32_t x = 0; x < made.pixels.shape().width; ++x, to += channels)
            if (pixels.is_data(x, y)) {
                auto const near = pixels.around(x, y);
                for (std::size_t channel = 0; channel < channels; ++channel)
                    to[channel] = channel < colours ? crisp(near, channel, amount) : near[4][channel];
                valid[x] =
                    picture.all_valid() ? std::uint8_t{255} : picture.validity.row(y + margin)[x + margin];
            }
    }
    return made;
}

} // namespace ardoise
