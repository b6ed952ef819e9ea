// SPDX-License-Identifier: Apache-2.0
#include "styles/relief_loops.hpp"

#include "pyramid/raster/two_versions.hpp"
#include "styles/ground.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace ardoise {

namespace {

constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float degrees = static_cast<float>(180 / std::numbers::pi);

ARDOISE_BODY float or_else(float value, float instead)
{
    return value == value ? value : instead; // NaN differs from itself
}

ARDOISE_BODY float known_or_nan(float height, float nodata)
{
    return height != nodata && std::abs(height) <= greatest_height ? height : nan;
}

ARDOISE_BODY bool all_known(std::span<float const> heights, float nodata)
{
    std::int32_t unknown = 0;
    for (float const height : heights)
        unknown |= known_or_nan(height, nodata) == height ? 0 : 1;
    return unknown == 0;
}

ARDOISE_BODY void known(float const* heights, std::uint8_t const* validity, float nodata,
                        std::span<float> out)
{
    auto* const to = out.data();
    auto const pixels = out.size();
    if (!validity) {
#pragma GCC ivdep
        for (std::size_t x = 0; x < pixels; ++x)
            to[x] = known_or_nan(heights[x], nodata);
        return;
    }
#pragma GCC ivdep
    for (std::size_t x = 0; x < pixels; ++x) {
        auto const height = known_or_nan(heights[x], nodata);
        to[x] = validity[x] != 0 ? height : nan;
    }
}

/// Differences of neighbours come first: they are exact, where sums of heights are not.
ARDOISE_BODY void horn(HeightRows const& rows, double width, double height, GradientRow const& out)
{
    auto const across = static_cast<float>(1 / (8 * width)), down = static_cast<float>(1 / (8 * height));
    auto const *const above = rows.above, *const here = rows.here, *const below = rows.below;
    auto *const east = out.east.data(), *const south = out.south.data();
    auto const apart = rows.apart;
    auto const pixels = static_cast<std::int32_t>(out.east.size());
#pragma GCC ivdep
    for (std::int32_t x = 0; x < pixels; ++x) {
        float const middle = here[x];
        float const nw = or_else(above[x - apart], middle), n = or_else(above[x], middle),
                    ne = or_else(above[x + apart], middle), w = or_else(here[x - apart], middle),
                    e = or_else(here[x + apart], middle), sw = or_else(below[x - apart], middle),
                    s = or_else(below[x], middle), se = or_else(below[x + apart], middle);
        east[x] = ((ne - nw) + 2 * (e - w) + (se - sw)) * across;
        south[x] = ((sw - nw) + 2 * (s - n) + (se - ne)) * down;
    }
}

ARDOISE_BODY void zevenbergen_thorne(HeightRows const& rows, double width, double height,
                                     GradientRow const& out)
{
    auto const across = static_cast<float>(1 / (2 * width)), down = static_cast<float>(1 / (2 * height));
    auto const *const above = rows.above, *const here = rows.here, *const below = rows.below;
    auto *const east = out.east.data(), *const south = out.south.data();
    auto const apart = rows.apart;
    auto const pixels = static_cast<std::int32_t>(out.east.size());
#pragma GCC ivdep
    for (std::int32_t x = 0; x < pixels; ++x) {
        float const middle = here[x];
        east[x] = (or_else(here[x + apart], middle) - or_else(here[x - apart], middle)) * across;
        south[x] = (or_else(below[x], middle) - or_else(above[x], middle)) * down;
    }
}

ARDOISE_BODY void gradients(GradientMethod method, HeightRows const& rows, double width, double height,
                            GradientRow const& out)
{
    if (method == GradientMethod::horn)
        horn(rows, width, height, out);
    else
        zevenbergen_thorne(rows, width, height, out);
}

ARDOISE_BODY float or_zero(float value)
{
    return value > 0 ? value : 0; // NaN is not
}

ARDOISE_BODY std::uint8_t grey_of(float light)
{
    return static_cast<std::uint8_t>(static_cast<std::int32_t>(1.5F + 254 * or_zero(light)));
}

ARDOISE_BODY void one_sun(SunVector const& sun, GradientRow const& in, std::span<std::uint8_t> out)
{
    auto const *const east = in.east.data(), *const south = in.south.data();
    auto* const greys = out.data();
    auto const [sun_east, sun_south, sun_up] = sun;
    auto const pixels = out.size();
#pragma GCC ivdep
    for (std::size_t x = 0; x < pixels; ++x) {
        float const e = east[x], s = south[x];
        greys[x] = grey_of((sun_up - sun_east * e - sun_south * s) / std::sqrt(1 + e * e + s * s));
    }
}

ARDOISE_BODY void four_suns(float up, GradientRow const& in, std::span<std::uint8_t> out)
{
    auto const *const east = in.east.data(), *const south = in.south.data();
    auto* const greys = out.data();
    float const level = std::sqrt(1 - up * up), slanting = level * static_cast<float>(std::sqrt(0.5));
    auto const pixels = out.size();
#pragma GCC ivdep
    for (std::size_t x = 0; x < pixels; ++x) {
        float const e = east[x], s = south[x], squared = e * e + s * s;
        float const from_west = or_zero(up + level * e), from_north = or_zero(up + level * s),
                    from_north_west = or_zero(up + slanting * (e + s)),
                    from_south_west = or_zero(up + slanting * (e - s));
        // Squares of the cosine between where ground faces and where the sun stands: their sum is 2.
        float const slant = 0.5F * squared;
        float const sum = e * e * from_west + s * s * from_north + (slant + e * s) * from_north_west +
                          (slant - e * s) * from_south_west;
        float const mean = squared > 0 ? 0.5F * sum / squared : up;
        greys[x] = grey_of(mean / std::sqrt(1 + squared));
    }
}

/// In degrees, of 0 to 1: a polynomial in the square of it, fitted by least squares at Chebyshev's nodes; off
/// by 0.00001 degrees at the most.
ARDOISE_BODY float arc_tangent(float ratio)
{
    float const z = ratio * ratio;
    float sum = -0.00466877315F;
    sum = sum * z + 0.0241661891F;
    sum = sum * z - 0.0593671016F;
    sum = sum * z + 0.0990609676F;
    sum = sum * z - 0.140165851F;
    sum = sum * z + 0.199692354F;
    sum = sum * z - 0.333319604F;
    sum = sum * z + 0.999999881F;
    return sum * ratio * degrees;
}

ARDOISE_BODY void slope(SlopeUnit unit, float highest, GradientRow const& in, std::span<float> out)
{
    auto const *const east = in.east.data(), *const south = in.south.data();
    auto* const slopes = out.data();
    auto const pixels = out.size();
    bool const in_percent = unit == SlopeUnit::percent;
#pragma GCC ivdep
    for (std::size_t x = 0; x < pixels; ++x) {
        float const rise = std::sqrt(east[x] * east[x] + south[x] * south[x]);
        float const ratio = arc_tangent(rise > 1 ? 1 / rise : rise);
        float const angle = rise > 1 ? 90 - ratio : ratio;
        float const steepness = in_percent ? 100 * rise : angle;
        slopes[x] = steepness < highest ? steepness : highest;
    }
}

ARDOISE_BODY void aspect(float least, float flat, GradientRow const& in, std::span<float> out)
{
    auto const *const east = in.east.data(), *const south = in.south.data();
    auto* const aspects = out.data();
    auto const pixels = out.size();
#pragma GCC ivdep
    for (std::size_t x = 0; x < pixels; ++x) {
        float const e = east[x], s = south[x], across = std::abs(e), along = std::abs(s);
        float const longer = across > along ? across : along, shorter = across > along ? along : across;
        float const ratio = arc_tangent(longer > 0 ? shorter / longer : 0);
        float const from_axis = across > along ? 90 - ratio : ratio; // of north and south
        // It faces where it falls: to the north if heights rise to the south.
        float const from_north = s < 0 ? 180 - from_axis : from_axis;
        float const facing = e < 0 && from_north > 0 ? from_north : 360 - from_north;
        aspects[x] = std::sqrt(e * e + s * s) > least ? facing : flat;
    }
}

/// Whole numbers of what is less than 2^22, by the bits that a sum of that size has left.
ARDOISE_BODY float nearest_whole(float value)
{
    constexpr float large = 0x1.8p23F;
    return (value + large) - large;
}

struct Range {
    float low, high;
};

ARDOISE_BODY Range wider(Range range, float height)
{
    return {height < range.low ? height : range.low,
            height > range.high ? height : range.high}; // NaN: as it was
}

ARDOISE_BODY Range across(float const* row, std::int32_t x, std::int32_t apart, Range range)
{
    return wider(wider(wider(range, row[x - apart]), row[x]), row[x + apart]);
}

ARDOISE_BODY void cover(LineSet const& lines, HeightRows const& rows, GradientRow const& in,
                        std::span<std::uint8_t> out)
{
    constexpr float crowd = 4; // of their own width from one to the next: closer lines fade
    constexpr float flat = 1e-6F;
    auto const *const above = rows.above, *const here = rows.here, *const below = rows.below;
    auto const *const east = in.east.data(), *const south = in.south.data();
    auto* const covered = out.data();
    auto const [base, interval, width] = lines;
    auto const apart = rows.apart;
    float const per_metre = 1 / interval, reach = width / 2 + 0.5F, most = width < 1 ? width : 1;
    float const beyond = or_zero(reach - 1); // pixels that a line reaches further than neighbours are
    auto const pixels = static_cast<std::int32_t>(out.size());
#pragma GCC ivdep
    for (std::int32_t x = 0; x < pixels; ++x) {
        float const height = here[x], rise = std::sqrt(east[x] * east[x] + south[x] * south[x]);
        float const level = base + nearest_whole((height - base) * per_metre) * interval;
        auto const [low, high] =
            across(above, x, apart, across(here, x, apart, across(below, x, apart, {height, height})));
        float const share = or_zero(reach - std::abs(height - level) / rise), spacing = interval / rise;
        float const solid = share < most ? share : most;
        float const faded = spacing < crowd * width ? solid * spacing / (crowd * width) : solid;
        bool const is_crossed =
            (rise > flat) & (level >= low - beyond * rise) & (level <= high + beyond * rise);
        auto const cover =
            static_cast<std::uint8_t>(static_cast<std::int32_t>(0.5F + 255 * (is_crossed ? faded : 0)));
        covered[x] = cover > covered[x] ? cover : covered[x];
    }
}

ARDOISE_AVX2 bool all_known_avx2(std::span<float const> heights, float nodata)
{
    return all_known(heights, nodata);
}

ARDOISE_AVX2 void known_avx2(float const* heights, std::uint8_t const* validity, float nodata,
                             std::span<float> out)
{
    known(heights, validity, nodata, out);
}

ARDOISE_AVX2 void gradients_avx2(GradientMethod method, HeightRows const& rows, double width, double height,
                                 GradientRow const& out)
{
    gradients(method, rows, width, height, out);
}

ARDOISE_AVX2 void one_sun_avx2(SunVector const& sun, GradientRow const& in, std::span<std::uint8_t> out)
{
    one_sun(sun, in, out);
}

ARDOISE_AVX2 void four_suns_avx2(float up, GradientRow const& in, std::span<std::uint8_t> out)
{
    four_suns(up, in, out);
}

ARDOISE_AVX2 void slope_avx2(SlopeUnit unit, float highest, GradientRow const& in, std::span<float> out)
{
    slope(unit, highest, in, out);
}

ARDOISE_AVX2 void aspect_avx2(float least, float flat, GradientRow const& in, std::span<float> out)
{
    aspect(least, flat, in, out);
}

ARDOISE_AVX2 void cover_avx2(LineSet const& lines, HeightRows const& rows, GradientRow const& in,
                             std::span<std::uint8_t> out)
{
    cover(lines, rows, in, out);
}

} // namespace

bool are_known(Processor processor, std::span<float const> heights, float nodata)
{
    return processor == Processor::avx2 ? all_known_avx2(heights, nodata) : all_known(heights, nodata);
}

void take_known(Processor processor, float const* heights, std::uint8_t const* validity, float nodata,
                std::span<float> out)
{
    processor == Processor::avx2 ? known_avx2(heights, validity, nodata, out)
                                 : known(heights, validity, nodata, out);
}

void take_gradients(Processor processor, GradientMethod method, HeightRows const& rows, double width,
                    double height, GradientRow const& out)
{
    processor == Processor::avx2 ? gradients_avx2(method, rows, width, height, out)
                                 : gradients(method, rows, width, height, out);
}

void light(Processor processor, SunVector const& sun, GradientRow const& in, std::span<std::uint8_t> greys)
{
    processor == Processor::avx2 ? one_sun_avx2(sun, in, greys) : one_sun(sun, in, greys);
}

void light_from_four_sides(Processor processor, float up, GradientRow const& in,
                           std::span<std::uint8_t> greys)
{
    processor == Processor::avx2 ? four_suns_avx2(up, in, greys) : four_suns(up, in, greys);
}

void take_slope(Processor processor, SlopeUnit unit, float highest, GradientRow const& in,
                std::span<float> slopes)
{
    processor == Processor::avx2 ? slope_avx2(unit, highest, in, slopes) : slope(unit, highest, in, slopes);
}

void take_aspect(Processor processor, float least, float flat, GradientRow const& in,
                 std::span<float> aspects)
{
    processor == Processor::avx2 ? aspect_avx2(least, flat, in, aspects) : aspect(least, flat, in, aspects);
}

void cover_lines(Processor processor, LineSet const& lines, HeightRows const& rows, GradientRow const& in,
                 std::span<std::uint8_t> covered)
{
    processor == Processor::avx2 ? cover_avx2(lines, rows, in, covered) : cover(lines, rows, in, covered);
}

} // namespace ardoise
