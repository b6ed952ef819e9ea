// SPDX-License-Identifier: Apache-2.0
// The parameters of OGC API, each described once for the table of resources; and how the plain ones are read.
#pragma once

#include "server/exchange/ogc_error.hpp"
#include "server/services/ogcapi/resources.hpp"

#include <optional>
#include <vector>

namespace ardoise::ogcapi {

namespace parameter {

extern Parameter const document_format, picture_format, vector_format;
extern Parameter const bbox, datetime, water_level, limit, offset;
extern Parameter const bbox_crs, crs, subset, subset_crs, center, center_crs;
extern Parameter const width, height, scale_denominator, mm_per_pixel;
extern Parameter const background, transparent, collections;

} // namespace parameter

/// Collections of one answer at the most.
inline constexpr std::int64_t most_collections = 10'000;

OgcError invalid(Parameter const& parameter, std::string_view what);
/// What is not there at all: answered 404.
OgcError not_found(std::string text);

/// The text of a parameter; nothing where it is absent or empty.
std::optional<std::string_view> find(Query const& query, Parameter const& parameter);
/// Numbers with commas between them, as many as `counts` allows.
Result<std::vector<double>> numbers(std::string_view text, Parameter const& parameter,
                                    std::initializer_list<std::size_t> counts);
/// Above 0; nothing where it is absent.
Result<std::optional<double>> positive(Query const& query, Parameter const& parameter);
/// A box in the order of a system's axes, or one of six numbers whose heights are passed over: x,y here.
Result<BoundingBox> stated_box(std::string_view text, Parameter const& parameter, Crs const& crs);
/// A published system by URI, URN, code or safe CURIE ("[EPSG:2154]"); `otherwise` where none is named.
Result<Crs> stated_crs(Query const& query, Parameter const& parameter, Catalog const& catalog,
                       Crs const& otherwise);
/// "http://www.opengis.net/def/crs/EPSG/0/2154"
std::string uri_of(Crs const& crs);

} // namespace ardoise::ogcapi
