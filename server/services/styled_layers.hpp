// SPDX-License-Identifier: Apache-2.0
// Names in requests, and the layers and styles that they stand for.
#pragma once

#include "server/exchange/ogc_error.hpp"
#include "server/render/map.hpp"
#include "server/services/site.hpp"

#include <optional>

namespace ardoise {

/// Adds what one name of WMS stands for: a layer in a style of its own, or
/// all layers of a group in their default styles. Or says what is wrong: LayerNotDefined, StyleNotDefined. A
/// service of one layer (`only`) knows no other.
std::optional<OgcError> add_named(std::vector<StyledLayer>& map, std::string_view name,
                                  std::string_view style, Site const& site,
                                  std::shared_ptr<Layer const> const& only);

} // namespace ardoise
