// SPDX-License-Identifier: Apache-2.0
// TIME and ELEVATION of requests: which member of a series is drawn. Of a layer that is none, itself.
#pragma once

#include "server/catalog/series.hpp"
#include "server/exchange/response.hpp"
#include "server/render/map.hpp"
#include "server/services/tiles.hpp"

namespace ardoise {

/// TIME and ELEVATION, or DIM_TIME and DIM_ELEVATION.
DimensionTexts dimensions_of(Query const& query);

/// An address without the values of dimensions, and these.
struct PlainAddress {
    std::string path;
    DimensionTexts dimensions;
};

/// Takes them out of "{layer}/{style}/{Time}/{Elevation}/{set}/...", in the order in which the layer has
/// them. Where a set stands in their place the defaults are meant. `layer`: null where there is none of that
/// name.
PlainAddress cut_dimensions(std::string_view path, Layer const* layer);

/// The tile of the layer that is drawn, for one that is valid of the series: outside of the member's limits
/// it is empty. A service that knows of no dimensions asks for the default: `{}`. Mistakes are those of WMS:
/// InvalidDimensionValue (OGC 06-042 annex C.3), with "time" or "elevation" for locator. Of a style
/// that is a product, its layer; the set is one that all of them have.
Result<TileRequest> tile_of_member(TileRequest tile, DimensionTexts const& wanted);

/// Values that were chosen at the request's word, as they are published; defaults are left out.
DimensionTexts asked_values(Series const& series, Choice const& choice);

/// Values of the warnings that WMS gives where a map shows what was not asked for (OGC 06-042 annex C.3.2).
using DimensionWarnings = std::vector<std::string>;

/// The same for the layers of a map, in their places, and of styles that are products theirs.
Result<DimensionWarnings> choose_members(std::vector<StyledLayer>& layers, DimensionTexts const& wanted);

/// The reply with a header Warning for each.
Reply with_warnings(Reply reply, DimensionWarnings const& warnings);

/// The mistake as WMTS tells it: InvalidParameterValue, with the dimension's identifier for locator.
OgcError as_wmts(OgcError error);

/// "Time", "Elevation": as WMTS and the templates of its addresses name it.
std::string_view identifier_of(Dimension const& dimension);

} // namespace ardoise
