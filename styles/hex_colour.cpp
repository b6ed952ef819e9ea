// SPDX-License-Identifier: Apache-2.0
#include "styles/hex_colour.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <string_view>

namespace ardoise {

PaletteColour read_hex_colour(JsonReader const& json)
{
    std::string_view const text = json.string();
    std::array<std::uint8_t, 4> channels{0, 0, 0, 255};
    bool is_colour = (text.size() == 7 || text.size() == 9) && text.front() == '#';
    for (std::size_t i = 0; is_colour && 1 + 2 * i < text.size(); ++i) {
        auto const* first = text.data() + 1 + 2 * i;
        auto const [end, error] = std::from_chars(first, first + 2, channels[i], 16);
        is_colour = error == std::errc{} && end == first + 2;
    }
    if (!is_colour)
        json.refuse(fmt::format("expected a colour like #00c5ff, or #00c5ff80 with alpha, not \"{}\"", text));
    return {0, channels[0], channels[1], channels[2], channels[3]};
}

} // namespace ardoise
