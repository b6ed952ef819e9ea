// SPDX-License-Identifier: Apache-2.0
// The WMTS capabilities document (OGC 07-057r7 7.1): literal prefixes, one space in corners, limits for every
// matrix.
#pragma once

#include "server/services/chosen_format.hpp"
#include "server/services/site.hpp"
#include "server/services/wmts_sections.hpp"

namespace ardoise {

/// Of these layers, by the service below `base_path` ("" or "/ortho"); their tiles in the format that was
/// chosen, where they have it.
std::string wmts_capabilities(Catalog const& catalog, LayerList const& layers, std::string_view base_path,
                              WmtsSections const& sections = {},
                              std::optional<PublishedFormat> const& format = std::nullopt);

} // namespace ardoise
