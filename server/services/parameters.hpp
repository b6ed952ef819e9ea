// SPDX-License-Identifier: Apache-2.0
// Parameters of KVP requests, read once and checked in full.
#pragma once

#include "pyramid/grid/bounding_box.hpp"
#include "server/exchange/ogc_error.hpp"
#include "server/exchange/request.hpp"
#include "server/render/map.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace ardoise {

/// A parameter that must be there and not empty: else MissingParameterValue.
Result<std::string_view> required(Query const& query, std::string_view name);
/// A number within [lowest, highest]: else InvalidParameterValue.
Result<std::int64_t> integer(Query const& query, std::string_view name, std::int64_t lowest,
                             std::int64_t highest);
/// "TRUE" or "FALSE" in any case; absent or empty is false.
Result<bool> flag(Query const& query, std::string_view name);
/// "0xRRGGBB" or "#RRGGBB"; absent is white.
Result<Colour> colour(Query const& query, std::string_view name);
/// What shows of a picture where there is nothing: TRANSPARENT and BGCOLOR, as above.
struct Backdrop {
    bool transparent = false;
    Colour colour;
};
Result<Backdrop> backdrop(Query const& query);
/// Four numbers with commas between them, in the order in which they stand.
Result<BoundingBox> box(Query const& query, std::string_view name);
/// Pieces between separators: a trailing one makes an empty last piece, an empty text is one empty piece.
std::size_t count_pieces(std::string_view text, char separator);
/// The first piece, which `rest` loses with the separator behind it.
std::string_view cut_piece(std::string_view& rest, char separator);
/// All of them where there are so many; nothing when there are more or fewer.
template <std::size_t Count>
std::optional<std::array<std::string_view, Count>> split_exactly(std::string_view text, char separator)
{
    std::array<std::string_view, Count> pieces;
    for (std::size_t i = 0; i < Count; ++i) {
        bool const is_last = i + 1 == Count;
        auto const end = text.find(separator);
        if (is_last != (end == std::string_view::npos))
            return std::nullopt;
        pieces[i] = text.substr(0, end);
        text.remove_prefix(is_last ? text.size() : end + 1);
    }
    return pieces;
}
/// Percent-encodes what may not stand in a segment of a path or a query value.
std::string url_encode(std::string_view text);

} // namespace ardoise
