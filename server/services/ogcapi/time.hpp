// SPDX-License-Identifier: Apache-2.0
// Time in OGC API: the parameter datetime, time(...) in subset, and the temporal extent of series; and
// water_level.
#pragma once

#include "server/catalog/layer.hpp"
#include "server/services/ogcapi/parameters.hpp"

namespace ardoise::ogcapi {

/// An instant or an interval, with ".." at an open end, in ISO 8601 with less or more of its pieces; or
/// empty.
struct StatedTime {
    std::string text;
};

/// The time that a request names, by datetime or subset=time(...) (OGC 20-058, /req/datetime and
/// /req/general-subsetting); empty where it names none.
Result<StatedTime> stated_time(Query const& query);

/// Whether a piece of subset ("time(...)") is of time: then the ground has no part in it.
bool is_of_time(std::string_view subset_piece);

/// Whether the layer has something in that time. One without time has it at any.
bool intersects(Layer const& layer, std::string_view time);

/// The level of water that a request names; empty where it names none.
std::string stated_water_level(Query const& query);

/// A mistake that choosing a member of a series makes of a time, as one of datetime; and that choosing a
/// level of water makes, as one of water_level.
OgcError invalid_dimension(OgcError const& error);

/// Adds "temporal" to a collection's extent where it has a time.
void add_temporal_extent(Json& extent, Layer const& layer);

} // namespace ardoise::ogcapi
