// SPDX-License-Identifier: Apache-2.0
#include "tests/pyramid/raster/paint.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace ardoise::test {

namespace {

void put(Raster& raster, std::int32_t x, std::int32_t y, std::int32_t channel, double value)
{
    auto const at = x * raster.shape().channels + channel;
    switch (raster.shape().type) {
    case SampleType::uint8:
        raster.row(y)[at] = static_cast<std::uint8_t>(value);
        break;
    case SampleType::uint16:
        raster.row<std::uint16_t>(y)[at] = static_cast<std::uint16_t>(value);
        break;
    case SampleType::float32:
        raster.row<float>(y)[at] = static_cast<float>(value);
        break;
    }
}

double poison(SampleType type)
{
    switch (type) {
    case SampleType::uint8:
        return 255;
    case SampleType::uint16:
        return 65535;
    case SampleType::float32:
        break;
    }
    return std::numeric_limits<double>::quiet_NaN();
}

} // namespace

std::array<RasterShape, 12> all_shapes(std::int32_t width, std::int32_t height)
{
    std::array<RasterShape, 12> shapes;
    for (std::size_t i = 0; i < shapes.size(); ++i)
        shapes[i] = {width, height, static_cast<std::int32_t>(i % 4) + 1, static_cast<SampleType>(i / 4)};
    return shapes;
}

std::string name_of(RasterShape const& shape)
{
    constexpr std::array types{"uint8", "uint16", "float32"};
    return std::to_string(shape.width) + " x " + std::to_string(shape.height) + ", " +
           std::to_string(shape.channels) + " channels of " + types[static_cast<std::size_t>(shape.type)];
}

std::string name_of(Resampling resampling)
{
    constexpr std::array names{"near", "bilinear", "cubic", "lanczos"};
    return names[static_cast<std::size_t>(resampling)];
}

Raster paint(RasterShape shape, std::function<double(std::int32_t, std::int32_t, std::int32_t)> const& value)
{
    Raster raster{shape};
    for (std::int32_t y = 0; y < shape.height; ++y)
        for (std::int32_t x = 0; x < shape.width; ++x)
            for (std::int32_t c = 0; c < shape.channels; ++c)
                put(raster, x, y, c, value(x, y, c));
    return raster;
}

Raster plain(RasterShape shape, double value)
{
    return paint(shape, [&](auto, auto, auto) { return value; });
}

Raster noise(RasterShape shape, unsigned seed)
{
    std::mt19937 random{seed};
    return paint(shape, [&](auto, auto, auto) {
        auto const bits = static_cast<int>(random() % 65536);
        switch (shape.type) {
        case SampleType::uint8:
            return bits % 256 * 1.0;
        case SampleType::uint16:
            return bits * 1.0;
        case SampleType::float32:
            break;
        }
        return bits / 32.768 - 1000;
    });
}

Raster in_colours(std::size_t count, RasterShape shape)
{
    std::mt19937 random{1};
    std::vector<std::size_t> numbers;
    auto const pixels = static_cast<std::size_t>(shape.width) * static_cast<std::size_t>(shape.height);
    while (numbers.size() < pixels)
        numbers.push_back(numbers.size() < count ? numbers.size() : random() % count);
    return paint(shape, [&](auto x, auto y, auto c) {
        auto const number = numbers[static_cast<std::size_t>(y * shape.width + x)];
        bool const is_alpha = c > 0 && c == shape.channels - 1 && shape.channels % 2 == 0;
        if (is_alpha)
            return number == 256 ? 254.0 : number % 2 == 0 ? 255.0 : static_cast<double>(number);
        std::array const colour{number % 256, number / 256 * 50 + number % 3, 200 - number % 100};
        return static_cast<double>(colour[static_cast<std::size_t>(c)]);
    });
}

Raster hills(RasterShape shape)
{
    return paint(shape, [](auto x, auto y, auto c) {
        return std::floor(128 + 60 * std::sin(x / 17.0 + c) + 50 * std::cos(y / 23.0 + x / 41.0));
    });
}

MaskedRaster with_holes(Raster pixels, unsigned seed)
{
    MaskedRaster result{pixels.shape()};
    result.pixels = std::move(pixels);
    std::mt19937 random{seed};
    auto const& shape = result.pixels.shape();
    for (std::int32_t y = 0; y < shape.height; ++y)
        for (std::int32_t x = 0; x < shape.width; ++x) {
            auto const bits = random();
            auto const validity = bits % 3 == 0 ? 0 : bits % 3 == 1 ? 255 : bits / 3 % 256;
            result.validity.row(y)[x] = static_cast<std::uint8_t>(validity);
            for (std::int32_t c = 0; validity == 0 && c < shape.channels; ++c)
                put(result.pixels, x, y, c, poison(shape.type));
        }
    return result;
}

MaskedRaster all_valid(Raster pixels)
{
    MaskedRaster result{pixels.shape()};
    result.pixels = std::move(pixels);
    std::ranges::fill(result.validity.bytes(), std::byte{255});
    return result;
}

bool same_pixels(RasterView a, RasterView b)
{
    if (!(a.shape == b.shape))
        return false;
    for (std::int32_t y = 0; y < a.shape.height; ++y)
        if (!std::equal(a.row<std::byte>(y), a.row<std::byte>(y) + a.shape.bytes_per_row(),
                        b.row<std::byte>(y)))
            return false;
    return true;
}

double sample(RasterView view, std::int32_t x, std::int32_t y, std::int32_t channel)
{
    auto const at = x * view.shape.channels + channel;
    switch (view.shape.type) {
    case SampleType::uint8:
        return view.row(y)[at];
    case SampleType::uint16:
        return view.row<std::uint16_t>(y)[at];
    case SampleType::float32:
        break;
    }
    return double{view.row<float>(y)[at]};
}

double mean(RasterView view)
{
    double sum = 0;
    for (std::int32_t y = 0; y < view.shape.height; ++y)
        for (std::int32_t x = 0; x < view.shape.width; ++x)
            for (std::int32_t c = 0; c < view.shape.channels; ++c)
                sum += sample(view, x, y, c);
    return sum / (double{1} * view.shape.width * view.shape.height * view.shape.channels);
}

double psnr(RasterView a, RasterView b)
{
    auto const difference =
        paint({a.shape.width, a.shape.height, a.shape.channels, SampleType::float32},
              [&](auto x, auto y, auto c) { return std::pow(sample(a, x, y, c) - sample(b, x, y, c), 2); });
    return 10 * std::log10(255 * 255 / mean(difference.view()));
}

} // namespace ardoise::test
