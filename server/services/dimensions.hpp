// SPDX-License-Identifier: Apache-2.0
// TIME, ELEVATION and WATER_LEVEL of requests: which member of a series is drawn, of a layer that is none
// itself; and at which level, in a style of water.
#pragma once

#include "server/catalog/series.hpp"
#include "server/exchange/response.hpp"
#include "server/render/map.hpp"
#include "server/services/tiles.hpp"

#include <optional>

namespace ardoise {

/// TIME, ELEVATION and WATER_LEVEL, or these with DIM_ before them.
DimensionTexts dimensions_of(Query const& query);

/// An address without the values of dimensions, and these.
struct PlainAddress {
    std::string path;
    DimensionTexts dimensions;
};

/// Takes them out of "{layer}/{style}/{Time}/{Elevation}/{WATER_LEVEL}/{set}/...", in the order in which it
/// has them. Where a set stands in their place the defaults are meant. `layer`: null where there is none of
/// that name.
PlainAddress cut_dimensions(std::string_view path, Layer const* layer);

/// The tile of the layer that is drawn, for one that is valid of the series: outside of the member's limits
/// it is empty. A service that knows of no dimensions asks for the default: `{}`. Mistakes are those of WMS:
/// InvalidDimensionValue (OGC 06-042 annex C.3), with "time", "elevation" or "water_level" for locator. Of a
/// style that is a product, its layer; InvalidParameterValue where that is not offered in the set.
Result<TileRequest> tile_of_member(TileRequest tile, DimensionTexts const& wanted);

/// Values that were chosen at the request's word, as they are published; defaults are left out.
DimensionTexts asked_values(Series const& series, Choice const& choice);

/// Adds the level at which the style was asked for, as it is published, if that is one of water; or says what
/// is wrong with it.
std::optional<OgcError> add_asked_level(DimensionTexts& values, LayerStyle const& style,
                                        DimensionTexts const& wanted);

/// Values of the warnings that WMS gives where a map shows what was not asked for (OGC 06-042 annex C.3.2).
using DimensionWarnings = std::vector<std::string>;

/// The same for the layers of a map, in their places, and of styles that are products theirs.
Result<DimensionWarnings> choose_members(std::vector<StyledLayer>& layers, DimensionTexts const& wanted);

/// The reply with a header Warning for each.
Reply with_warnings(Reply reply, DimensionWarnings const& warnings);

/// The mistake as WMTS tells it: InvalidParameterValue, with the dimension's identifier for locator.
OgcError as_wmts(OgcError error);

/// What the dimension of a style of water is called, in WMS, and in WMTS and the templates of its addresses.
inline constexpr char const *water_level_name = "water_level", *water_level_identifier = "WATER_LEVEL";

/// "Time", "Elevation": as WMTS and the templates of its addresses name it.
std::string_view identifier_of(Dimension const& dimension);

} // namespace ardoise
