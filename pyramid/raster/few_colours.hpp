// SPDX-License-Identifier: Apache-2.0
// The colours of a picture, where they are few: maps of classes, legends, flat styles, what is empty.
#pragma once

#include "pyramid/raster/raster.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace ardoise {

/// Red, green, blue and alpha.
using Rgba = std::array<std::uint8_t, 4>;

/// All colours of one picture, each with a number. Those that are not opaque come first, and else the order
/// is that of their first pixels.
class FewColours {
public:
    static constexpr std::size_t most = 256;

    /// Nothing where `pixels` (1 to 4 channels) have more than `limit`, or samples other than uint8. A
    /// photograph is left within its first rows.
    static std::optional<FewColours> of(RasterView pixels, std::size_t limit = most);

    std::span<Rgba const> colours() const { return colours_; }
    /// How many are not opaque.
    std::size_t translucent() const { return translucent_; }
    /// Whether all are opaque greys.
    bool are_greys() const;
    /// The number of each pixel's colour, in a row of the picture that these are the colours of.
    void number_row(RasterView pixels, std::int32_t y, std::uint8_t* numbers) const;

private:
    static constexpr std::int16_t none = -1;
    struct Slot {
        std::uint32_t colour = 0;
        std::int16_t number = none;
    };

    explicit FewColours(std::size_t limit) : limit_{limit} {}
    /// Of the slot that holds a colour, or of the free one where it belongs.
    std::size_t place_of(std::uint32_t colour) const;
    /// False where there would be more than the limit.
    bool take(std::uint32_t colour);
    template <int Channels>
    bool take_all(RasterView pixels);
    void put_translucent_first();

    std::size_t limit_;
    std::array<Slot, 4 * most> slots_; // a hash table with open addressing
    std::vector<Rgba> colours_;
    std::size_t translucent_ = 0;
};

} // namespace ardoise
