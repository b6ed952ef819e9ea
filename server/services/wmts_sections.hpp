// SPDX-License-Identifier: Apache-2.0
// Sections of WMTS capabilities (OGC 06-121r3 7.3.3, OGC 07-057r7 table 3).
#pragma once

#include "server/exchange/ogc_error.hpp"
#include "server/exchange/request.hpp"

namespace ardoise {

/// Those that a document has. What names no section, as the address of the document, is in the whole one
/// only.
struct WmtsSections {
    bool service_identification = true, service_provider = true, operations_metadata = true, contents = true;
    bool themes = false; // there are none: an empty element, for those who ask for it by name

    static WmtsSections none() { return {false, false, false, false, false}; }
    bool is_whole() const { return *this == WmtsSections{}; }
    friend bool operator==(WmtsSections const&, WmtsSections const&) = default;
};

/// What SECTIONS lists; all where it is absent. Empty it is MissingParameterValue, and a name that is none of
/// a section InvalidParameterValue.
Result<WmtsSections> parse_sections(Query const& query);

/// As text, for keys.
std::string key_of(WmtsSections const& sections);

} // namespace ardoise
