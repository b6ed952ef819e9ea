// SPDX-License-Identifier: Apache-2.0
// Any text as a file of a style: refused with a Failure, or one that draws whatever it fits.
#include "pyramid/base/failure.hpp"
#include "styles/style.hpp"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>

namespace {

using namespace ardoise;

constexpr std::int32_t side = 6;

/// Values that lie far apart, and some that are none.
template <typename Sample>
MaskedRaster values_of(std::int32_t channels, SampleType type)
{
    MaskedRaster values{{side, side, channels, type}};
    for (std::int32_t y = 0; y < side; ++y)
        for (std::int32_t x = 0; x < side * channels; ++x) {
            auto const number = y * side * channels + x;
            values.pixels.row<Sample>(y)[x] = static_cast<Sample>(number * number % 251);
            if constexpr (std::is_floating_point_v<Sample>) {
                constexpr Sample odd[] = {std::numeric_limits<Sample>::quiet_NaN(),
                                          std::numeric_limits<Sample>::infinity(),
                                          -99999,
                                          1e38F,
                                          -1e38F,
                                          99999};
                if (number % 7 == 3)
                    values.pixels.row<Sample>(y)[x] = odd[number / 7 % std::size(odd)];
            }
        }
    for (std::int32_t y = 0; y < side; ++y)
        for (std::int32_t x = 0; x < side; ++x)
            values.validity.row(y)[x] = static_cast<std::uint8_t>((x + y) % 5 == 0 ? 0 : 255);
    return values;
}

MaskedRaster values_of(std::int32_t channels, SampleType type)
{
    if (type == SampleType::uint8)
        return values_of<std::uint8_t>(channels, type);
    if (type == SampleType::uint16)
        return values_of<std::uint16_t>(channels, type);
    return values_of<float>(channels, type);
}

/// A picture of what there is without the margin.
void check(MaskedRaster const& picture, std::int32_t margin)
{
    auto const& shape = picture.pixels.shape();
    bool const is_picture = shape.type == SampleType::uint8 && shape.channels >= 1 && shape.channels <= 4;
    if (!is_picture || shape.width != side - 2 * margin || shape.height != side - 2 * margin)
        std::abort();
}

void draw(Style style, std::int32_t channels, SampleType type)
{
    if (misfit(style, channels, type))
        return;
    if (wants_sample(style))
        settle(style, values_of(channels, type));
    for (auto const margin : {0, reach(style), 2 * reach(style)}) {
        Ground const ground{.margin = margin,
                            .rows = std::vector<PixelSize>(static_cast<std::size_t>(side), {0.05, 1e-9})};
        check(apply(style, values_of(channels, type), ground), margin);
        if (lights_pictures(style))
            check(drape(style, values_of(channels, type).view(), ground,
                        MaskedRaster{{side - 2 * margin, side - 2 * margin, 3, SampleType::uint8}}),
                  margin);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
try {
    std::string const text{reinterpret_cast<char const*>(data), size};
    auto const style = parse_style(HandwrittenJson{text, "style.json"});
    if (style.water)
        static_cast<void>(levels_of(*style.water));
    for (auto const type : {SampleType::uint8, SampleType::uint16, SampleType::float32})
        for (std::int32_t channels = 1; channels <= 4; ++channels)
            draw(style, channels, type);
    return 0;
} catch (Failure const&) {
    return 0;
}
