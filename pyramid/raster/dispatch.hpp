// SPDX-License-Identifier: Apache-2.0
// From a shape known when running to loops compiled for it.
#pragma once

#include "pyramid/raster/raster.hpp"

#include <algorithm>
#include <limits>
#include <type_traits>
#include <utility>

namespace ardoise {

/// Calls `f` with a zero of the type that the samples have.
template <typename F>
void with_sample_type(SampleType type, F&& f)
{
    switch (type) {
    case SampleType::uint8:
        return f(std::uint8_t{});
    case SampleType::uint16:
        return f(std::uint16_t{});
    case SampleType::float32:
        return f(float{});
    }
}

/// Calls `f` with the number of channels, 1 to 4, as a compile-time constant.
template <typename F>
void with_channels(std::int32_t channels, F&& f)
{
    switch (channels) {
    case 1:
        return f(std::integral_constant<int, 1>{});
    case 2:
        return f(std::integral_constant<int, 2>{});
    case 3:
        return f(std::integral_constant<int, 3>{});
    default:
        return f(std::integral_constant<int, 4>{});
    }
}

/// What sums of samples are kept in: enough for a constant to come out of any kernel as it went in.
template <typename Sample>
using Sum = std::conditional_t<std::is_same_v<Sample, std::uint8_t>, float, double>;

/// Rounded to nearest and kept within the range of an integer type.
template <typename Sample, typename Number>
Sample to_sample(Number value)
{
    if constexpr (std::is_floating_point_v<Sample>)
        return static_cast<Sample>(value);
    else
        return static_cast<Sample>(std::clamp(value, Number{0}, Number{std::numeric_limits<Sample>::max()}) +
                                   Number{0.5});
}

} // namespace ardoise
