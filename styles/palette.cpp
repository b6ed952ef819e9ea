// SPDX-License-Identifier: Apache-2.0
#include "styles/palette.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

namespace ardoise {

namespace {

using Rgba = std::array<std::uint8_t, 4>;
/// All channels of a pixel at a time.
using Floats = float __attribute__((vector_size(16)));
using Integers = std::int32_t __attribute__((vector_size(16)));
using Shades = std::uint8_t __attribute__((vector_size(4)));

/// What lies between an entry and the next one.
struct Step {
    double value = 0, per_unit = 0;
    Floats base{}, rise{}; // half a shade is in the base: what is cut off is rounded then
    Rgba colour{};         // of the entry
};

Rgba colour_of(PaletteColour const& entry)
{
    return {entry.red, entry.green, entry.blue, entry.alpha};
}

/// `above`: null after the last entry.
Step step_from(Palette const& palette, PaletteColour const& below, PaletteColour const* above)
{
    Step step;
    step.value = below.value;
    step.colour = colour_of(below);
    step.base = Floats{below.red + 0.5F, below.green + 0.5F, below.blue + 0.5F, below.alpha + 0.5F};
    if (!above)
        return step;
    step.per_unit = 1 / (above->value - below.value);
    auto const rise = [](bool blends, std::uint8_t from, std::uint8_t to) {
        return blends ? static_cast<float>(to - from) : 0.0F;
    };
    step.rise = Floats{rise(palette.rgb_continuous, below.red, above->red),
                       rise(palette.rgb_continuous, below.green, above->green),
                       rise(palette.rgb_continuous, below.blue, above->blue),
                       rise(palette.alpha_continuous, below.alpha, above->alpha)};
    return step;
}

inline Rgba colour_on(Step const& step, double value)
{
    auto const share = static_cast<float>((value - step.value) * step.per_unit);
    auto const mixed = __builtin_convertvector(step.base + step.rise * share, Integers);
    return std::bit_cast<Rgba>(__builtin_convertvector(mixed, Shades));
}

/// Finds colours as colour_at() does, but begins to look near the entry instead of halving the palette.
class ColourFinder {
public:
    explicit ColourFinder(Palette const& palette)
        : is_exact_{palette.is_exact}, is_blend_{palette.rgb_continuous || palette.alpha_continuous},
          first_{palette.colours.front().value}, last_{palette.colours.back().value},
          below_{colour_of(palette.colours.front())}, above_{colour_of(palette.colours.back())}
    {
        auto const& colours = palette.colours;
        for (std::size_t i = 0; i < colours.size(); ++i)
            steps_.push_back(
                step_from(palette, colours[i], i + 1 < colours.size() ? &colours[i + 1] : nullptr));
        auto const per_unit = static_cast<double>(start_.size() - 1) / (last_ - first_);
        if (!std::isfinite(per_unit) || !std::isfinite(last_ - first_))
            return; // every search begins at the first entry
        bins_per_unit_ = per_unit;
        std::uint32_t entry = 0;
        for (std::size_t bin = 1; bin < start_.size(); ++bin) {
            // From one bin before: a value that rounding puts into this one is not passed over.
            double const from = first_ + static_cast<double>(bin - 1) / per_unit;
            while (entry + 2 < steps_.size() && steps_[entry + 1].value <= from)
                ++entry;
            start_[bin] = entry;
        }
    }

    Rgba at(double value) const
    {
        if (!(value >= first_ && value < last_))
            return at_end(value);
        auto const* step =
            steps_.data() + start_[static_cast<std::size_t>((value - first_) * bins_per_unit_)];
        while (step[1].value <= value) // the last one is above it
            ++step;
        if (is_exact_ && value != step->value)
            return {};
        return is_blend_ ? colour_on(*step, value) : step->colour;
    }

private:
    Rgba at_end(double value) const
    {
        if (is_exact_ && value != last_)
            return {};
        return value < first_ ? below_ : above_;
    }

    bool is_exact_, is_blend_;
    double first_, last_, bins_per_unit_ = 0;
    Rgba below_, above_;
    std::vector<Step> steps_;
    std::array<std::uint32_t, 4097> start_{};
};

/// Values in, colours out; `colour` maps one sample.
template <int channels, typename Sample, typename Colour>
Raster map_samples(RasterView values, Colour const& colour)
{
    auto const shape = values.shape;
    auto picture = Raster::unwritten({shape.width, shape.height, channels, SampleType::uint8});
    for (std::int32_t y = 0; y < shape.height; ++y) {
        auto const* from = values.row<Sample>(y);
        auto* to = picture.row(y);
        for (std::int32_t x = 0; x < shape.width; ++x, to += channels) {
            Rgba const found = colour(from[x]);
            std::memcpy(to, found.data(), channels);
        }
    }
    return picture;
}

template <int channels>
Raster coloured_in(RasterView values, Palette const& palette)
{
    ColourFinder const finder{palette};
    auto const find = [&](auto value) { return finder.at(value); };
    if (values.shape.type == SampleType::uint16)
        return map_samples<channels, std::uint16_t>(values, find);
    if (values.shape.type == SampleType::float32)
        return map_samples<channels, float>(values, find);
    std::array<Rgba, 256> table;
    for (std::size_t value = 0; value < table.size(); ++value)
        table[value] = finder.at(static_cast<double>(value));
    return map_samples<channels, std::uint8_t>(values, [&](std::uint8_t value) { return table[value]; });
}

bool is_opaque(Palette const& palette)
{
    return palette.no_alpha ||
           (!palette.is_exact && std::all_of(palette.colours.begin(), palette.colours.end(),
                                             [](auto const& colour) { return colour.alpha == 255; }));
}

} // namespace

PaletteColour colour_at(Palette const& palette, double value)
{
    auto const above =
        std::upper_bound(palette.colours.begin(), palette.colours.end(), value,
                         [](double v, PaletteColour const& colour) { return v < colour.value; });
    bool const is_below = above == palette.colours.begin();
    auto const& entry = is_below ? *above : *(above - 1);
    if (palette.is_exact && value != entry.value)
        return {value, 0, 0, 0, 0};
    if (is_below || above == palette.colours.end())
        return entry;
    auto const [red, green, blue, alpha] = colour_on(step_from(palette, entry, &*above), value);
    return {entry.value, red, green, blue, alpha};
}

Raster coloured(RasterView values, Palette const& palette)
{
    return is_opaque(palette) ? coloured_in<3>(values, palette) : coloured_in<4>(values, palette);
}

} // namespace ardoise
