// SPDX-License-Identifier: Apache-2.0
#include "pyramid/raster/few_colours.hpp"

#include "pyramid/raster/dispatch.hpp"

#include <algorithm>
#include <bit>

namespace ardoise {

namespace {

template <int Channels>
Rgba colour_at(std::uint8_t const* samples)
{
    if constexpr (Channels < 3)
        return {samples[0], samples[0], samples[0], Channels == 2 ? samples[1] : std::uint8_t{255}};
    else
        return {samples[0], samples[1], samples[2], Channels == 4 ? samples[3] : std::uint8_t{255}};
}

/// Calls `begin_run(x, colour)` where a row's colour becomes another one: neighbours are often alike.
/// Ends when it says false, and says so.
template <int Channels, typename BeginRun>
bool each_run(std::uint8_t const* row, std::int32_t width, BeginRun begin_run)
{
    std::uint32_t last = 0;
    for (std::int32_t x = 0; x < width; ++x, row += Channels) {
        auto const colour = std::bit_cast<std::uint32_t>(colour_at<Channels>(row));
        if (x > 0 && colour == last)
            continue;
        last = colour;
        if (!begin_run(x, colour))
            return false;
    }
    return true;
}

} // namespace

std::optional<FewColours> FewColours::of(RasterView pixels, std::size_t limit)
{
    if (pixels.shape.type != SampleType::uint8)
        return std::nullopt;
    std::optional found{FewColours{std::min(limit, most)}};
    with_channels(pixels.shape.channels, [&](auto channels) {
        if (!found->take_all<channels>(pixels))
            found.reset();
    });
    if (found)
        found->put_translucent_first();
    return found;
}

bool FewColours::are_greys() const
{
    return translucent_ == 0 && std::all_of(colours_.begin(), colours_.end(), [](Rgba const& colour) {
               return colour[0] == colour[1] && colour[1] == colour[2];
           });
}

void FewColours::number_row(RasterView pixels, std::int32_t y, std::uint8_t* numbers) const
{
    with_channels(pixels.shape.channels, [&](auto channels) {
        auto const width = pixels.shape.width;
        std::int32_t done = 0;
        std::uint8_t number = 0;
        each_run<channels>(pixels.row(y), width, [&](std::int32_t x, std::uint32_t colour) {
            std::fill(numbers + done, numbers + x, number);
            done = x;
            number = static_cast<std::uint8_t>(slots_[place_of(colour)].number);
            return true;
        });
        std::fill(numbers + done, numbers + width, number);
    });
}

std::size_t FewColours::place_of(std::uint32_t colour) const
{
    auto place = std::size_t{colour * 0x9E3779B1U >> 22} % slots_.size(); // Knuth's multiplicative hashing
    while (slots_[place].number != none && slots_[place].colour != colour)
        place = (place + 1) % slots_.size();
    return place;
}

bool FewColours::take(std::uint32_t colour)
{
    auto& slot = slots_[place_of(colour)];
    if (slot.number != none)
        return true;
    if (colours_.size() == limit_)
        return false;
    slot = {colour, static_cast<std::int16_t>(colours_.size())};
    colours_.push_back(std::bit_cast<Rgba>(colour));
    return true;
}

template <int Channels>
bool FewColours::take_all(RasterView pixels)
{
    for (std::int32_t y = 0; y < pixels.shape.height; ++y)
        if (!each_run<Channels>(pixels.row(y), pixels.shape.width,
                                [&](std::int32_t, std::uint32_t colour) { return take(colour); }))
            return false;
    return true;
}

void FewColours::put_translucent_first()
{
    auto const opaque = std::stable_partition(colours_.begin(), colours_.end(),
                                              [](Rgba const& colour) { return colour[3] != 255; });
    translucent_ = static_cast<std::size_t>(opaque - colours_.begin());
    for (std::size_t number = 0; number < colours_.size(); ++number)
        slots_[place_of(std::bit_cast<std::uint32_t>(colours_[number]))].number =
            static_cast<std::int16_t>(number);
}

} // namespace ardoise
