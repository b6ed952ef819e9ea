// SPDX-License-Identifier: Apache-2.0
// Parameters of KVP requests, read once and checked in full.
#pragma once

#include "pyramid/grid/bounding_box.hpp"
#include "server/exchange/ogc_error.hpp"
#include "server/exchange/request.hpp"
#include "server/render/map.hpp"

#include <string_view>
#include <vector>

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
/// Four numbers with commas between them, in the order in which they stand.
Result<BoundingBox> box(Query const& query, std::string_view name);
/// Pieces between commas; a trailing comma makes an empty last piece, an empty text one empty piece.
std::vector<std::string_view> split(std::string_view text, char separator);
bool equal_ignoring_case(std::string_view a, std::string_view b);
/// Percent-encodes what may not stand in a segment of a path or a query value.
std::string url_encode(std::string_view text);

} // namespace ardoise
