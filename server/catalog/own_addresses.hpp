// SPDX-License-Identifier: Apache-2.0
// The addresses that are the service's own. Those of layers and groups begin with their names ("/ortho/wms"),
// so no layer and no group has a name by which one of these begins.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ardoise {

/// Of all protocols, of the service's health, and of files: the web pages are made of them, and some are
/// documents ("/layers.json").
enum class OwnAddress { wmts, wms, xyz, tms, ogcapi, health, file };

/// What an address is whose first piece this is: "wmts" of "/wmts/1.0.0/WMTSCapabilities.xml", nothing at all
/// of "/". Any name that ends as a file of the pages does ("portal.js") is one: which there are is the
/// portal's affair. Nothing: it may be a layer's or a group's.
std::optional<OwnAddress> find_own_address(std::string_view first_piece);

/// Why nothing may be called so, as the end of a sentence with the remedy; nothing where it may.
std::optional<std::string> conflict_with_own_address(std::string_view name);

} // namespace ardoise
