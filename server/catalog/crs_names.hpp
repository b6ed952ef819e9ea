// SPDX-License-Identifier: Apache-2.0
// The names of coordinate reference systems. Those that clients ask by stay text: for looking up only.
#pragma once

#include "pyramid/grid/crs.hpp"

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace ardoise {

/// "EPSG:2154" of "urn:ogc:def:crs:EPSG::2154" and "urn:ogc:def:crs:EPSG:9.0:2154" (OGC 07-092r3),
/// "http://www.opengis.net/def/crs/EPSG/0/2154" (OGC 09-048r5) and GML 2's
/// "http://www.opengis.net/gml/srs/epsg.xml#2154"; any other name as it is.
std::string code_in(std::string_view name);

/// Another code of a system, and the code that it usually has. Both have the same datum, the same projection
/// and the same order of axes: so a box in the one is a box in the other.
using OtherCode = std::pair<std::string_view, std::string_view>;
std::span<OtherCode const> other_codes();

/// The code that a system usually has: "EPSG:2154" of "IGNF:LAMB93", in any case; the code itself where it is
/// none of other_codes().
std::string_view usual_code(std::string_view code);

/// What tells a system from all others: its code, or its definition where it has none.
std::string const& identity_of(Crs const& crs);

} // namespace ardoise
