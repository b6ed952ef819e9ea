// SPDX-License-Identifier: Apache-2.0
// The page of a layer, and the documents that stand beside it.
#pragma once

#include "server/services/site.hpp"

#include <optional>
#include <string_view>

namespace ardoise {

/// `rest` is what follows "/{layer}": nothing (the page), "/" (the way there), "/layers.json" (the list of
/// this layer alone), "/layer.qlr" (by which QGIS opens it). Nothing where there is none of these.
std::optional<Reply> layer_page(Request const& request, std::string_view rest, Site const& site,
                                std::shared_ptr<Layer const> const& layer);

} // namespace ardoise
