// SPDX-License-Identifier: Apache-2.0
// A group's own services, WMS and WMTS: those of a site that holds its layers and no others.
#pragma once

#include "server/services/site.hpp"

#include <string>
#include <string_view>

namespace ardoise {

/// Where the services of a group begin: "https://ortho.example.fr/Orthophotos/2022".
std::string group_address(Catalog const& catalog, std::string_view path);

/// Whether they are there: a layer of the same name has the address.
bool has_services(Catalog const& catalog, std::string_view path);

/// The site of a group; null until it is made.
std::shared_ptr<Site const> find_group_site(Site const& whole, LayerGroup const& group);

/// Makes it with its capabilities, which takes as long as the group is large, and keeps it as long as `whole`
/// lasts. Who comes second to making it gets the first one.
std::shared_ptr<Site const> make_group_site(Site const& whole, LayerGroup const& group);

} // namespace ardoise
